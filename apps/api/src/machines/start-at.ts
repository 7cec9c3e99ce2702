import { fault } from '../http/fault';
import { Checked } from '../http/field-check';

const WANTED = 'a time of ISO 8601 with its offset, such as 2026-12-24T18:00:00+01:00 or 2026-12-24T17:00:00Z';
const INSTANT = /^(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;

/** When a machine starts: a time that means the same everywhere, and the only thing said about it. */
export function IsStartAt(): PropertyDecorator {
  return Checked((value, dto) => {
    if (typeof value !== 'string' || !isInstant(value)) return fault(value, WANTED);
    const { delayMs } = dto as { delayMs?: unknown };
    return delayMs === undefined ? undefined : 'is given together with delayMs; give one of the two';
  });
}

/** `Date` alone takes the 30th of February for the 2nd of March. */
function isInstant(text: string): boolean {
  const [, year, month, day] = INSTANT.exec(text) ?? [];
  if (year === undefined || Number.isNaN(Date.parse(text))) return false;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return date.getUTCMonth() + 1 === Number(month) && date.getUTCDate() === Number(day);
}
