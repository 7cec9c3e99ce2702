import { atLeast, between, exactly, type Command } from './command';
import type { Database } from './database';
import { amount, integer } from './numbers';
import { OK, RedisError, syntaxError, type Reply } from './reply';

export const lists: Record<string, Command> = {
  RPUSH: atLeast(2, (db, key, ...items) => push(db.open(key, 'list'), 'RIGHT', items)),
  LPUSH: atLeast(2, (db, key, ...items) => push(db.open(key, 'list'), 'LEFT', items)),
  RPUSHX: atLeast(2, (db, key, ...items) => (db.find(key, 'list') ? push(db.open(key, 'list'), 'RIGHT', items) : 0)),
  LPUSHX: atLeast(2, (db, key, ...items) => (db.find(key, 'list') ? push(db.open(key, 'list'), 'LEFT', items) : 0)),
  LPOP: between(1, 2, (db, key, count) => pop(db, key, 'LEFT', count)),
  RPOP: between(1, 2, (db, key, count) => pop(db, key, 'RIGHT', count)),
  LLEN: exactly(1, (db, key) => db.find(key, 'list')?.length ?? 0),
  LRANGE: exactly(3, (db, key, start, stop) => {
    const [from, to] = [integer(start), integer(stop)];
    const list = db.find(key, 'list') ?? [];
    return list.slice(...span(from, to, list.length));
  }),
  LTRIM: exactly(3, (db, key, start, stop) => {
    const [from, to] = [integer(start), integer(stop)];
    const list = db.find(key, 'list');
    if (list) {
      const [first, end] = span(from, to, list.length);
      list.splice(end);
      list.splice(0, first);
      db.tidy(key);
    }
    return OK;
  }),
  LINDEX: exactly(2, (db, key, index) => db.find(key, 'list')?.at(integer(index)) ?? null),
  LSET: exactly(3, (db, key, index, item) => {
    const list = db.find(key, 'list');
    if (!list) throw new RedisError('ERR no such key');
    const at = integer(index);
    const place = at < 0 ? list.length + at : at;
    if (place < 0 || place >= list.length) throw new RedisError('ERR index out of range');
    list[place] = item;
    return OK;
  }),
  LREM: exactly(3, (db, key, count, item) => remove(db, key, integer(count), item)),
  LMOVE: exactly(4, (db, from, to, fromEnd, toEnd) => move(db, from, to, end(fromEnd), end(toEnd))),
  RPOPLPUSH: exactly(2, (db, from, to) => move(db, from, to, 'RIGHT', 'LEFT')),
};

type End = 'LEFT' | 'RIGHT';

function end(word: string): End {
  const name = word.toUpperCase();
  if (name !== 'LEFT' && name !== 'RIGHT') throw syntaxError();
  return name;
}

function push(list: string[], where: End, items: readonly string[]): number {
  for (const item of items) {
    if (where === 'RIGHT') list.push(item);
    else list.unshift(item);
  }
  return list.length;
}

function pop(db: Database, key: string, where: End, count: string | undefined): Reply {
  const many = count === undefined ? undefined : amount(count);
  const list = db.find(key, 'list');
  if (!list) return null;
  const taken: string[] = [];
  while (list.length > 0 && taken.length < (many ?? 1)) taken.push((where === 'LEFT' ? list.shift() : list.pop()) as string);
  db.tidy(key);
  return many === undefined ? (taken[0] ?? null) : taken;
}

/** @param count > 0: the first so many; < 0: the last so many; 0: all */
function remove(db: Database, key: string, count: number, item: string): number {
  const list = db.find(key, 'list');
  if (!list) return 0;
  const limit = count === 0 ? Infinity : Math.abs(count);
  let removed = 0;
  for (let i = 0; i < list.length && removed < limit; i++) {
    const at = count < 0 ? list.length - 1 - i : i;
    if (list[at] !== item) continue;
    list.splice(at, 1);
    removed++;
    i--;
  }
  db.tidy(key);
  return removed;
}

function move(db: Database, from: string, to: string, fromEnd: End, toEnd: End): Reply {
  if (!db.find(from, 'list')) return null;
  db.find(to, 'list'); // of another kind: refused before anything is taken
  const item = pop(db, from, fromEnd, undefined);
  if (typeof item === 'string') push(db.open(to, 'list'), toEnd, [item]);
  return item;
}

/** Redis's inclusive range, negative counted from the end, as the arguments of `slice`. */
export function span(start: number, stop: number, length: number): [first: number, end: number] {
  const first = Math.max(0, start < 0 ? length + start : start);
  const last = Math.min(length - 1, stop < 0 ? length + stop : stop);
  return first > last ? [0, 0] : [first, last + 1];
}
