import type { Violation } from '../checker';

/** How one pass of a fault is to be made. */
export interface Pass {
  readonly seed: number;
  /** Numbers 0 … 1 made from the seed: all that is chosen by chance is chosen by them. */
  readonly random: () => number;
  /** `quick`: a part of it, for the suite. */
  readonly size: 'quick' | 'full';
  /** Folder for what this pass leaves: logs, data, what the workers said. */
  readonly folder: string;
  readonly say: (line: string) => void;
}

/** What came of one pass. */
export interface Outcome {
  /** Faults injected, by kind. */
  readonly injected: Readonly<Record<string, number>>;
  readonly violations: readonly Violation[];
  /** Targets that were missed, a sentence each, with the figure. */
  readonly missed: readonly string[];
  /** Targets of time that were missed: not judged in a quick run, which shares the machine with other tests. @default none */
  readonly late?: readonly string[];
  /** Measured, by name; with units in the name, e.g. `resume p99 ms`. Passes' figures are joined by the worst, see report. */
  readonly figures: Readonly<Record<string, number>>;
}

/** A row of the fault matrix. */
export interface Fault {
  /** Given to `--fault`: lower case and `-`. */
  readonly name: string;
  readonly title: string;
  /** What must hold. */
  readonly target: string;
  /** Passes of a full run, each with a seed of its own; of a quick one there is one. @default 1 */
  readonly passes?: number;
  /** Rough time of a quick pass, s: the suite chooses by it. */
  readonly quickSeconds: number;
  run(pass: Pass): Promise<Outcome>;
}
