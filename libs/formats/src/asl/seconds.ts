/** The largest number of seconds that `TimeoutSeconds` and `Seconds` take. */
export const MAX_SECONDS = 99_999_999;
/** That of `MaxDelaySeconds`, exclusive. */
const MAX_DELAY_SECONDS = 31_622_400;

/** ASL counts in whole seconds: rounded up, so that nothing comes early. */
export function seconds(ms: number): number {
  return Math.min(MAX_SECONDS, Math.max(1, Math.ceil(ms / 1000)));
}

/** Whether {@link seconds} says what was meant. */
export function isWhole(ms: number): boolean {
  return seconds(ms) * 1000 === ms;
}

export function delaySeconds(ms: number): number {
  return Math.min(MAX_DELAY_SECONDS - 1, seconds(ms));
}
