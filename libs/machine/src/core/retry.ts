import type { RetryPolicy } from './definition';

export const DEFAULT_BASE_MS = 1000;
export const DEFAULT_CAP_MS = 60_000;

/**
 * Full jitter: `random(0, min(cap, base · 2^retries))`, in whole ms.
 *
 * Source: M. Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog, 2015.
 *
 * @param retries failed attempts before this one, ≥ 0
 * @param random gives a number from 0 (inclusive) to 1 (exclusive)
 */
export function fullJitterDelay(policy: RetryPolicy, retries: number, random: () => number): number {
  const { baseMs = DEFAULT_BASE_MS, capMs = DEFAULT_CAP_MS } = policy;
  return Math.floor(random() * Math.min(capMs, baseMs * 2 ** Math.min(retries, 1000)));
}
