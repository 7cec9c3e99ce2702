import { InvalidFilterError } from '../../core/listing';

/** Where an entry stands in a list. */
export interface Entry {
  readonly id: string;
  /** Start of the machine, ms; 0 in a list by id. */
  readonly score: number;
}

/** In which order a list is: newest first, those of one moment by falling id; or by rising id. */
export type Order = 'time' | 'id';

/** Negative where `a` comes first. Ids are ASCII: their order by bytes, which is that of Redis, is that of JavaScript. */
export function compare(order: Order, a: Entry, b: Entry): number {
  if (order === 'id') return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
  if (a.score !== b.score) return b.score - a.score;
  return a.id > b.id ? -1 : a.id < b.id ? 1 : 0;
}

const WAY_OUT = 'give `next` of a page as it came, or leave it out for the first page';
const TEXT = /^(?:t(?<score>\d{1,16})|i)\.(?<id>[A-Za-z0-9_.-]{1,128})$/;

/**
 * The place of the last entry that was looked at: what comes after it is the next page. It names a place in the order, not a page: with
 * another filter of the same order it goes on from there.
 */
export function writeCursor(order: Order, { id, score }: Entry): string {
  return Buffer.from(order === 'time' ? `t${score}.${id}` : `i.${id}`).toString('base64url');
}

/** @throws InvalidFilterError */
export function readCursor(order: Order, cursor: string): Entry {
  const text = /^[A-Za-z0-9_-]{1,400}$/.test(cursor) ? Buffer.from(cursor, 'base64url').toString('latin1') : '';
  const { id, score } = TEXT.exec(text)?.groups ?? {};
  const clipped = JSON.stringify(cursor.length > 100 ? `${cursor.slice(0, 100)}…` : cursor);
  if (id === undefined) throw new InvalidFilterError('cursor', `is ${clipped}, which is none; ${WAY_OUT}`);
  if ((score === undefined ? 'id' : 'time') !== order) {
    const [own, other] = order === 'id' ? ['with', 'without'] : ['without', 'with'];
    throw new InvalidFilterError('cursor', `is of a list ${other} idPrefix, this one is ${own}; ${WAY_OUT}`);
  }
  return { id, score: Number(score ?? 0) };
}
