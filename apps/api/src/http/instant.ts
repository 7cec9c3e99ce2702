import { fault } from './fault';
import { Checked } from './field-check';

const WANTED = 'a time of ISO 8601 with its offset, such as 2026-12-24T18:00:00+01:00 or 2026-12-24T17:00:00Z';
const INSTANT = /^(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;

/** A time that means the same everywhere. @param more what else may be wrong with it */
export function IsInstant(more: (dto: object) => string | undefined = () => undefined): PropertyDecorator {
  return Checked((value, dto) => (typeof value === 'string' && isInstant(value) ? more(dto) : fault(value, WANTED)));
}

/** `Date` alone takes the 30th of February for the 2nd of March. */
function isInstant(text: string): boolean {
  const [, year, month, day] = INSTANT.exec(text) ?? [];
  if (year === undefined || Number.isNaN(Date.parse(text))) return false;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return date.getUTCMonth() + 1 === Number(month) && date.getUTCDate() === Number(day);
}
