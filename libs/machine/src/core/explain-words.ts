import type { HistoryItem } from './model';
import type { Act } from './steering';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A time span for people, in its two largest units at most: `0.3 s`, `12 s`, `3 min 20 s`, `2 h 5 min`, `3 d`. */
export function span(ms: number): string {
  if (ms < SECOND) return `${(Math.max(0, ms) / SECOND).toFixed(1)} s`;
  const whole = Math.round(ms / SECOND) * SECOND;
  if (whole < MINUTE) return `${whole / SECOND} s`;
  if (whole < HOUR) return units(whole, MINUTE, 'min', SECOND, 's');
  if (whole < DAY) return units(whole, HOUR, 'h', MINUTE, 'min');
  return units(whole, DAY, 'd', HOUR, 'h');
}

function units(ms: number, large: number, largeName: string, small: number, smallName: string): string {
  const rest = Math.floor((ms % large) / small);
  return `${Math.floor(ms / large)} ${largeName}${rest === 0 ? '' : ` ${rest} ${smallName}`}`;
}

/** Server ms as ISO 8601. */
export function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** As `iso`, without the fraction: nobody counts ms at three in the morning. */
export function clock(at: number | string): string {
  return iso(typeof at === 'number' ? at : Date.parse(at)).replace(/\.\d+Z$/, 'Z');
}

/** `due at 2026-01-31T12:00:00Z, in 12 s`, or how long ago. */
export function dueAt(at: number, now: number): string {
  return at >= now ? `due at ${clock(at)}, in ${span(at - now)}` : `due since ${clock(at)}`;
}

/** ` by ada`, or nothing. */
export function byWhom({ by }: Act): string {
  return by === undefined || by === '' ? '' : ` by ${by}`;
}

/** `: wrong amount`, or nothing. */
export function because({ why }: Act): string {
  return why === undefined || why === '' ? '' : `: ${why}`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** When it was over, ISO 8601. */
export function endOf({ startedAt, durationMs }: Pick<HistoryItem, 'startedAt' | 'durationMs'>): string {
  return iso(Math.round(Date.parse(startedAt) + durationMs));
}
