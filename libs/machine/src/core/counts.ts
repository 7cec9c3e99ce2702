/** What is counted, per machine name, state and event. */
export const COUNTS = [
  'started',
  'committed',
  'completed',
  /** An action threw, or returned what it may not. */
  'error',
  /** A failed attempt that is followed by another. */
  'retry',
  /** A machine failed for good. */
  'fatal',
  /** It failed because its step kept killing workers; `fatal` as well. */
  'crashed',
  /** A lease store could not answer. */
  'cache',
  /** A job that came twice, or late. */
  'duplicate',
  /** A job from the future: the store went back in time. */
  'future',
  /** A job of a machine that does not exist. */
  'unknown',
  /** A job of a definition that the worker does not have. */
  'dispatch',
  /** A commit or fail refused by its fence. */
  'stale',
  /** A job whose machine another worker holds. */
  'contended',
  /** A job whose machine waits for a slot of its tenant, its definition or all, or for its turn. */
  'limited',
  /** A job that the watchdog made anew. */
  'redriven',
  /** A machine whose record cannot be used. */
  'quarantined',
  'cancelled',
  /** An event that a machine took into its inbox. */
  'event',
  /** An event that a state's policy dropped. */
  'ignored',
  /** A timer that fired. */
  'timer',
  /** A message to a machine that is not there, has ended, or refused it. */
  'undelivered',
  /** A machine written into the archive. */
  'archived',
  /** A machine that the archive did not take when its time was over: it is kept, and tried again. */
  'unarchived',
  /** A snapshot that was written to its end. */
  'snapshot',
  /** A snapshot that could not be. */
  'unsaved',
] as const;
export type Count = (typeof COUNTS)[number];

/** Labels come from definitions and records, never from user input, so their number is bounded. */
export interface CountLabels {
  readonly machine: string;
  readonly state: string;
  readonly event: string;
}

export interface Counters {
  add(count: Count, labels: CountLabels): void;
}
