import type { Definition, RetryPolicy, State } from './definition';

export const DEFAULT_BASE_MS = 1000;
export const DEFAULT_CAP_MS = 60_000;
export const DEFAULT_FACTOR = 2;
export const JITTERS = ['full', 'none'] as const;

/**
 * What holds for a state, field by field: what it says itself, else what its definition says for all states. A field that neither says
 * is left out: `maxRetries` is then the machine's own.
 */
export function mergedRetry(definition: Pick<Definition, 'retry'>, state: Pick<State, 'retry'>): RetryPolicy {
  const said = ({ retry = {} }: { retry?: RetryPolicy }) => Object.entries(retry).filter(([, value]) => value !== undefined);
  return Object.fromEntries([...said(definition), ...said(state)]);
}

/** Whether an error with this code is worth another attempt. */
export function isRetryable({ retryable }: RetryPolicy, code: string): boolean {
  return retryable === undefined || retryable.includes(code);
}

/**
 * Full jitter: `random(0, min(cap, base · factor^retries))`, in whole ms; without jitter, all of it.
 *
 * Source: M. Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog, 2015.
 *
 * @param retries failed attempts before this one, ≥ 0
 * @param random gives a number from 0 (inclusive) to 1 (exclusive)
 */
export function fullJitterDelay(policy: RetryPolicy, retries: number, random: () => number): number {
  const { baseMs = DEFAULT_BASE_MS, capMs = DEFAULT_CAP_MS, factor = DEFAULT_FACTOR, jitter = 'full' } = policy;
  if (baseMs === 0) return 0; // 0 · ∞ is no number
  const backoff = Math.min(capMs, baseMs * factor ** retries);
  return Math.floor(jitter === 'none' ? backoff : random() * backoff);
}
