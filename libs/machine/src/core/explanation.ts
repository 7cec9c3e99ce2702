/** Why a machine does not move, or that it does: each live machine has exactly one of them. */
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
  'noConcurrency',
  'leaseHeld',
  'quarantined',
  'completed',
  'failed',
  'cancelled',
] as const;
export type Reason = (typeof REASONS)[number];

export interface Explanation {
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
