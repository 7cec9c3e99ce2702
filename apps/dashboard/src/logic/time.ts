const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A time span in at most two units: `0.42 ms`, `840 ms`, `1.25 s`, `12 s`, `3 min 5 s`, `2 h 14 min`, `3 d 4 h`. */
export function duration(ms: number): string {
  if (ms < 0) return `-${duration(-ms)}`;
  if (ms < 1) return ms === 0 ? '0 ms' : ms < 0.01 ? '<0.01 ms' : `${trim(ms.toFixed(2))} ms`;
  if (Math.round(ms) < SECOND) return `${Math.round(ms)} ms`;
  if (ms < 10 * SECOND) return `${trim((ms / SECOND).toFixed(2))} s`;
  if (Math.round(ms / SECOND) < 60) return `${Math.round(ms / SECOND)} s`;
  if (Math.round(ms / SECOND) * SECOND < HOUR) return pair(Math.round(ms / SECOND), 60, 'min', 's');
  if (Math.round(ms / MINUTE) * MINUTE < DAY) return pair(Math.round(ms / MINUTE), 60, 'h', 'min');
  return pair(Math.round(ms / HOUR), 24, 'd', 'h');
}

/** `3 min 5 s ago`, `in 12 s`; within a second it is `now`. */
export function relative(iso: string, nowMs: number): string {
  const ms = Date.parse(iso) - nowMs;
  if (Math.abs(ms) < SECOND) return 'now';
  return ms < 0 ? `${coarse(-ms)} ago` : `in ${coarse(ms)}`;
}

/** In one unit, for what changes while one looks at it; below it nobody can read it anyway. */
export function coarse(ms: number): string {
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`;
  if (ms < 10 * MINUTE) return `${Math.floor(ms / MINUTE)} min ${Math.floor((ms % MINUTE) / SECOND)} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  if (ms < DAY) return `${Math.floor(ms / HOUR)} h ${Math.floor((ms % HOUR) / MINUTE)} min`;
  return `${Math.floor(ms / DAY)} d ${Math.floor((ms % DAY) / HOUR)} h`;
}

/** Local time of day, with the date where it is not today's: `03:12:07.123`, `28 Nov 03:12:07`. */
export function clock(iso: string, nowMs: number): string {
  const time = new Date(iso);
  const day = `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
  const today = new Date(nowMs);
  if (time.toDateString() === today.toDateString()) return `${day}.${String(time.getMilliseconds()).padStart(3, '0')}`;
  const year = time.getFullYear() === today.getFullYear() ? '' : ` ${time.getFullYear()}`;
  return `${time.getDate()} ${MONTHS[time.getMonth()]}${year} ${day}`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (number: number): string => String(number).padStart(2, '0');
const trim = (text: string): string => text.replace(/\.?0+$/, '');

function pair(total: number, base: number, large: string, small: string): string {
  const rest = total % base;
  return `${Math.floor(total / base)} ${large}${rest === 0 ? '' : ` ${rest} ${small}`}`;
}

/** What `<input type="datetime-local">` shows for a time, and back; local, to the second. */
export function toLocalInput(iso: string | undefined): string {
  if (iso === undefined || Number.isNaN(Date.parse(iso))) return '';
  const time = new Date(iso);
  const date = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${date}T${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
}

export function fromLocalInput(text: string): string | undefined {
  const ms = text === '' ? NaN : new Date(text).getTime();
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}
