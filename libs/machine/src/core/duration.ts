const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Milliseconds of a duration: a number and one of `ms`, `s`, `m`, `h`, `d`, such as `500ms`, `1.5h` or `7d`.
 * Rounded to whole ms; nothing when the text is no duration.
 */
export function parseDuration(text: string): number | undefined {
  const [, amount, unit] = /^(\d{1,15}(?:\.\d{1,15})?) ?(ms|s|m|h|d)$/.exec(text.trim()) ?? [];
  if (amount === undefined || unit === undefined) return undefined;
  const ms = Math.round(Number(amount) * (UNITS[unit] ?? NaN));
  return Number.isSafeInteger(ms) ? ms : undefined;
}

/** In the largest unit that it is a whole number of: `90s`, `2h`. */
export function formatDuration(ms: number): string {
  const units = Object.entries(UNITS).reverse();
  const [unit, size] = units.find(([, each]) => ms !== 0 && ms % each === 0) ?? ['ms', 1];
  return `${ms / size}${unit}`;
}
