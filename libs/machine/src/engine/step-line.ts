import type { HistoryItem } from '../core/model';
import type { Claim } from '../core/ports';
import { redactText } from '../core/redact';
import type { LogOptions } from './options';
import type { Fate } from './tracing';

/** What a log says of one attempt. Times in ms. */
export interface StepLine {
  readonly correlationId: string;
  readonly runId: string;
  readonly machine: string;
  readonly version: number;
  readonly steps: number;
  readonly retries: number;
  readonly fence: number;
  readonly from: string;
  readonly event: string;
  /** Empty where the attempt has entered no state. */
  readonly to: string;
  readonly outcome: Fate;
  readonly durationMs: number;
  readonly worker: string;
  /** Code of the error that ended it. */
  readonly error?: string;
  /** The following only where user data may be logged. */
  readonly errorMessage?: string;
  /** JSON texts: what the step began with, and what came with its event. */
  readonly context?: string;
  readonly data?: string;
}

/**
 * User data is what users' code has put in: context, the data of events, and what errors say, as messages quote what they are about. Names
 * and codes come from definitions and code; a correlation id is how a machine is found, and is shown always.
 */
export function stepLine(
  claim: Claim,
  worker: string,
  fate: Fate,
  item: HistoryItem | undefined,
  { data: withData, redact }: Pick<LogOptions, 'data' | 'redact'>,
): StepLine {
  const { correlationId, runId, machine, version, steps, retries, fence, state, event, context, data } = claim;
  const { to = '', durationMs = 0, error } = item ?? {};
  const shown = (json: string): string => (redact ? redactText(json, redact) : json);
  return {
    ...{ correlationId, runId, machine, version, steps, retries, fence, from: state, event, to },
    ...{ outcome: fate, durationMs, worker },
    ...(error ? { error: error.code } : {}),
    ...(withData && error ? { errorMessage: error.message } : {}),
    ...(withData ? { context: shown(context), ...(data === undefined ? {} : { data: shown(data) }) } : {}),
  };
}
