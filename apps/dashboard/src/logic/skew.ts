/** Date headers know seconds only, and answers take a while: less than this is no difference. */
const NOISE_MS = 2000;

/**
 * By how much the server's clock is ahead of the browser's, ms.
 *
 * @param date a Date header
 * @returns undefined when it cannot be told
 */
export function skewOf(date: string | null, nowMs: number): number | undefined {
  const told = date === null ? NaN : Date.parse(date);
  if (Number.isNaN(told)) return undefined;
  const skew = told + 500 - nowMs; // on average half a second was cut off
  return Math.abs(skew) < NOISE_MS ? 0 : skew;
}
