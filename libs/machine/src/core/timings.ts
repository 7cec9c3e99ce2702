/** What is timed. All but `step` and `dwell` are of a machine as a whole, `redis` of the worker. */
export const TIMINGS = [
  /** The actions of a step that was committed; the state is the one they led to. */
  'step',
  /** How long a machine was in the state that a commit has left: from the attempt that entered it to the one that left it. */
  'dwell',
  /** From a job's due time until a worker took it for the first time. */
  'queue',
  /** From a job's due time until its first action began: the queue, other workers that had the machine, the claim. */
  'start',
  /** The claim, from the first time that it was asked for: with other workers that had the machine in between. */
  'lease',
  /** From the word on a step until the store has answered. */
  'commit',
  /** One command there and back. */
  'redis',
] as const;
export type Timing = (typeof TIMINGS)[number];

/** Takes times where they are measured. Must cost next to nothing: a step may be done in twenty microseconds. */
export interface Timings {
  /** Labels come from definitions that the worker has, so their number is bounded. */
  of(machine: string, version: number): MachineTimings;
}

export interface MachineTimings {
  /** @param state for `step` and `dwell` */
  note(timing: Exclude<Timing, 'redis'>, ms: number, state?: string): void;
}

const nothing: MachineTimings = { note: () => undefined };
/** Where nobody wants to know. */
export const noTimings: Timings = { of: () => nothing };

/** The times of all workers since the store was first used, by octave (see `octaveBound`). */
export interface TimingTotal {
  readonly timing: Exclude<Timing, 'dwell'>;
  /** Empty for `redis`. */
  readonly machine: string;
  /** Empty for all but `step`. */
  readonly state: string;
  readonly octaves: ReadonlyMap<number, number>;
  readonly sumMs: number;
}

/** How a state did lately. */
export interface StateFigures {
  readonly state: string;
  /** Committed steps that led to it, per minute. */
  readonly perMinute: number;
  /** Time of their actions, ms; null where there were none. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  /** How long machines that have left it had been in it, ms; null where none has left it. */
  readonly dwellP50Ms: number | null;
  readonly dwellP95Ms: number | null;
}

export interface DefinitionFigures {
  /** Only those in which something has happened; by name. */
  readonly states: readonly StateFigures[];
  /** The time that the figures are of, until now, ms. */
  readonly windowMs: number;
}

/** What workers have timed. Injectable. Both throw StoreUnavailableError. */
export abstract class Figures {
  /** Since the store was first used, all versions of a machine together. */
  abstract totals(): Promise<readonly TimingTotal[]>;
  /** The last minutes of one definition. */
  abstract of(machine: string, version: number): Promise<DefinitionFigures>;
}
