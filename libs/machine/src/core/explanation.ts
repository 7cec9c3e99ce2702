/** Why a machine does not move, or that it does: each machine has exactly one of them at a time. */
export const REASONS = [
  'running',
  'queued',
  'waiting',
  'timer',
  'delayed',
  'retrying',
  'paused',
  'held',
  'children',
  'noWorker',
  'noDefinition',
  'leaseHeld',
  'limited',
  'quarantined',
  'completed',
  'failed',
  'cancelled',
] as const;
export type Reason = (typeof REASONS)[number];

/** What the sentence is made of, as far as the reason has it. */
export interface ExplanationFacts {
  /** Who runs it, or was running it. */
  readonly worker?: string;
  readonly fence?: number;
  /** That its state takes from outside. */
  readonly events?: readonly string[];
  /** Events that are kept in its inbox for a later state. */
  readonly inbox?: number;
  /** Event of the timer that is due first. */
  readonly timer?: string;
  /** Number of the retry to come, from 1, and how many there may be. */
  readonly retry?: number;
  readonly maxRetries?: number;
  readonly error?: { readonly code: string; readonly message: string };
  /** Who stopped it, and why. */
  readonly by?: string;
  readonly why?: string;
  readonly hold?: string;
  /** Where its job is to be. */
  readonly queue?: string;
  /** Jobs that wait in that queue, this one included. */
  readonly jobs?: number;
  /** As `name@version`. */
  readonly definition?: string;
  /** Of the group of children that it waits for. */
  readonly group?: string;
  readonly children?: number;
  readonly childrenEnded?: number;
  /** Limits that it waits for: `tenant:acme`, `definition:order`, `all`. */
  readonly limit?: string;
  /** Slots in use, of how many; `slots` is left out where only a rate limits. */
  readonly slotsInUse?: number;
  readonly slots?: number;
  /** Machines before it in line. */
  readonly before?: number;
}

export interface Explanation extends ExplanationFacts {
  readonly reason: Reason;
  /** A sentence for people, e.g. `retry 3 of 5 in 12 s after "the bank is down"`. */
  readonly text: string;
  /** Since when it is so, ISO 8601, server time; null where it is not known. */
  readonly since: string | null;
  /** When that ends by itself, ISO 8601; null where it does not. */
  readonly until: string | null;
}

/** Says why a machine does not move. Injectable. */
export abstract class Explanations {
  /** Nothing when there is no such machine. @throws StoreUnavailableError */
  abstract explain(correlationId: string): Promise<Explanation | undefined>;
}
