/**
 * What a process asks of its stores and its queue, by the name under which it can be disturbed.
 *
 * `claim` `commit` `fail` `release` `note` `renew`: what a worker asks of the record · `acquire` `advance` `releaseLease`: of a separate
 * lease store · `enqueue`: jobs to the queue · `start` `deliver` `steer`: machines begun, events handed to them, operators' acts ·
 * `readOutbox` `settle` `nextChildren` `started` `result`: what a commit has left to be delivered · `sweep` `wake`: the watchdog.
 */
export const OPERATIONS = [
  'claim',
  'commit',
  'fail',
  'release',
  'note',
  'renew',
  'acquire',
  'advance',
  'releaseLease',
  'enqueue',
  'start',
  'deliver',
  'steer',
  'readOutbox',
  'settle',
  'nextChildren',
  'started',
  'result',
  'sweep',
  'wake',
] as const;
export type Operation = (typeof OPERATIONS)[number];

export type Moment = 'before' | 'after';

/** Told of every operation that is about to take place, and of every one that has. May throw, wait, or end the process. */
export interface FaultInjector {
  /** Thrown `before`: the operation does not take place. Thrown `after`: it has, and its answer is lost. */
  reach(moment: Moment, operation: Operation): void | Promise<void>;
}
