const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
] as const;

/** A time span, short enough for a table: `950ms`, `12s`, `5m`, `3h`, `2d`. */
export function span(ms: number): string {
  const [unit, size] = UNITS.find(([, least]) => ms >= least) ?? ['ms', 1];
  return `${Math.floor(ms / size)}${unit}`;
}

/** How long ago a time was. One of a server whose clock is ahead counts as now. */
export function age(iso: string, nowMs = Date.now()): string {
  return span(Math.max(0, nowMs - Date.parse(iso)));
}
