import {
  DEFAULT_BASE_MS,
  DEFAULT_CAP_MS,
  DEFAULT_FACTOR,
  mergedRetry,
  type Definition,
  type RetryPolicy,
  type StateDefinition,
} from '@stile/machine';
import { delaySeconds } from './seconds';

/** A field of `Retry`. */
export interface AslRetrier {
  readonly ErrorEquals: readonly string[];
  readonly MaxAttempts: number;
  readonly IntervalSeconds?: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: 'FULL' | 'NONE';
}

/** ASL's own error names; all others that begin like them are refused. */
const RESERVED = /^States\./;
/** Lambda answers with the name of the error's class: this one never earns another attempt. */
const NEVER: AslRetrier = { ErrorEquals: ['UnrecoverableError'], MaxAttempts: 0 };

/** The retry policy that holds for a state. `States.ALL` stands alone and last, as ASL wants it. */
export function retriers(definition: Definition, state: StateDefinition): readonly AslRetrier[] {
  const policy = mergedRetry(definition, state);
  const { maxRetries = definition.maxRetries } = policy;
  const codes = retryableCodes(policy);
  if (codes?.length === 0 || maxRetries === 0) return []; // no retrier: no retry
  return [NEVER, { ErrorEquals: codes ?? ['States.ALL'], MaxAttempts: maxRetries, ...backoff(policy) }];
}

/** Codes that ASL takes as error names; nothing for all of them. */
export function retryableCodes({ retryable }: RetryPolicy): readonly string[] | undefined {
  return retryable?.filter((code) => !RESERVED.test(code));
}

function backoff({
  baseMs = DEFAULT_BASE_MS,
  capMs = DEFAULT_CAP_MS,
  factor = DEFAULT_FACTOR,
  jitter = 'full',
}: RetryPolicy): Omit<AslRetrier, 'ErrorEquals' | 'MaxAttempts'> {
  const interval = delaySeconds(Math.min(baseMs, capMs));
  const cap = delaySeconds(capMs);
  const JitterStrategy = jitter === 'full' ? 'FULL' : 'NONE';
  // A cap that is no larger than the first interval leaves no room to grow.
  if (cap <= interval) return { IntervalSeconds: interval, BackoffRate: 1, JitterStrategy };
  return { IntervalSeconds: interval, BackoffRate: factor, MaxDelaySeconds: cap, JitterStrategy };
}
