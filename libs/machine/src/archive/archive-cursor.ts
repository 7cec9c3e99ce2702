import type { ArchivePlace, ArchiveQuery } from '../core/archive';
import { InvalidFilterError } from '../core/listing';
import { quote } from '../core/names';

const TEXT = /^a(?<order>[ti])(?<created>\d{1,16})\.(?<id>[A-Za-z0-9_.-]{1,128})$/;

/** The place of a page's last entry. Other than in the store an id may come more than once, so it names the start in both orders. */
export function writeCursor(order: ArchiveQuery['order'], { correlationId, created }: ArchivePlace): string {
  return Buffer.from(`a${order === 'time' ? 't' : 'i'}${created}.${correlationId}`).toString('base64url');
}

/** @throws InvalidFilterError */
export function readCursor(order: ArchiveQuery['order'], cursor: string): ArchivePlace {
  const text = /^[A-Za-z0-9_-]{1,400}$/.test(cursor) ? Buffer.from(cursor, 'base64url').toString('latin1') : '';
  const { order: letter, created, id } = TEXT.exec(text)?.groups ?? {};
  if (id === undefined || letter !== order[0]) {
    const wayOut = 'give `next` of a page of the same list as it came, or leave it out for the first page';
    throw new InvalidFilterError('cursor', `is ${quote(cursor)}, which is none of this list of the archive; ${wayOut}`);
  }
  return { correlationId: id, created: Number(created) };
}

/** Negative where `a` comes first. Ids are ASCII. */
export function comparePlaces(order: ArchiveQuery['order'], a: ArchivePlace, b: ArchivePlace): number {
  const byId = a.correlationId < b.correlationId ? -1 : a.correlationId > b.correlationId ? 1 : 0;
  const byTime = b.created - a.created;
  return order === 'time' ? byTime || -byId : byId || byTime;
}
