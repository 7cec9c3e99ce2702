import type { HistoryItem } from '../core/model';
import type { Claim } from '../core/ports';

/** What became of an attempt. */
export type Fate =
  | 'committed'
  /** It failed, and is followed by another. */
  | 'retry'
  /** It failed, and the machine with it. */
  | 'failed'
  | 'cancelled'
  | 'quarantined'
  /** By its fence: another worker has gone on. */
  | 'refused'
  /** Refused as the store has failed over or was restarted since the claim. */
  | 'moved'
  /** Handed back without a word on the step. */
  | 'released'
  /** Its lease was lost. */
  | 'lost'
  /** The store did not answer. */
  | 'unknown';

/**
 * Where attempts become spans. The engine knows no tracing library: an adapter does, and where there is none nothing is made of an attempt.
 * A `traceparent` is that of W3C Trace Context, `00-<trace>-<span>-<flags>`.
 */
export interface Tracer {
  /** `traceparent` of the span in which this is called; none where there is none. */
  active(): string | undefined;
  /** `traceparent` of a run as a whole, to which all spans of its attempts belong; none where its id names no trace. */
  ofRun(runId: string): string | undefined;
  begin(claim: Claim, worker: string): StepSpan;
}

/** The span of one attempt, from its claim, or the commit before it, to the store's answer. */
export interface StepSpan {
  readonly traceparent: string;
  /** Spans that are begun in it become its children. */
  within<T>(run: () => T): T;
  /** Once. @param item what history keeps of it; nothing where it keeps nothing */
  end(fate: Fate, item?: HistoryItem): void;
}
