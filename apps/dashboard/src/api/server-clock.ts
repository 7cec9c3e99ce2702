import { skewOf } from '../logic/skew';

let skewMs = 0;

/** Takes what an answer says of the time. All times on the page are the server's: those of a browser whose clock is off would lie. */
export function noteServerTime(date: string | null): void {
  skewMs = skewOf(date, Date.now()) ?? skewMs;
}

/** The server's clock now, ms since 1970, within about a second. */
export function serverNow(): number {
  return Date.now() + skewMs;
}
