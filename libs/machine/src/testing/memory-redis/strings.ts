import { atLeast, exactly, type Command } from './command';
import type { Database } from './database';
import { INT64_MAX, INT64_MIN, integer, readBigInteger } from './numbers';
import { notAnInteger, OK, RedisError, syntaxError, wrongType, type Reply } from './reply';

export const strings: Record<string, Command> = {
  GET: exactly(1, (db, key) => db.find(key, 'string')?.text ?? null),
  SET: atLeast(2, (db, key, text, ...words) => set(db, 'set', key, text, words)),
  SETNX: exactly(2, (db, key, text) => (set(db, 'setnx', key, text, ['NX']) === null ? 0 : 1)),
  SETEX: exactly(3, (db, key, seconds, text) => set(db, 'setex', key, text, ['EX', seconds])),
  PSETEX: exactly(3, (db, key, ms, text) => set(db, 'psetex', key, text, ['PX', ms])),
  GETDEL: exactly(1, (db, key) => {
    const text = db.find(key, 'string')?.text ?? null;
    db.delete(key);
    return text;
  }),
  MGET: atLeast(1, (db, ...keys) =>
    keys.map((key) => (db.kindOf(key) === 'string' ? (db.find(key, 'string')?.text ?? null) : null)),
  ),
  APPEND: exactly(2, (db, key, text) => (db.open(key, 'string').text += text).length),
  STRLEN: exactly(1, (db, key) => db.find(key, 'string')?.text.length ?? 0),
  INCR: exactly(1, (db, key) => increment(db, key, 1n)),
  DECR: exactly(1, (db, key) => increment(db, key, -1n)),
  INCRBY: exactly(2, (db, key, by) => increment(db, key, bigInteger(by))),
  DECRBY: exactly(2, (db, key, by) => increment(db, key, -bigInteger(by))),
};

const EXPIRY_UNITS: Record<string, { readonly ms: number; readonly absolute: boolean }> = {
  EX: { ms: 1000, absolute: false },
  PX: { ms: 1, absolute: false },
  EXAT: { ms: 1000, absolute: true },
  PXAT: { ms: 1, absolute: true },
};

interface SetOptions {
  condition?: 'NX' | 'XX';
  get: boolean;
  keepTtl: boolean;
  expiresAt?: number;
}

function set(db: Database, name: string, key: string, text: string, words: readonly string[]): Reply {
  const { condition, get, keepTtl, expiresAt } = readSetOptions(db, name, words);
  const kind = db.kindOf(key);
  if (get && kind !== undefined && kind !== 'string') throw wrongType();
  const before = get ? (db.find(key, 'string')?.text ?? null) : null;
  if ((condition === 'NX' && kind !== undefined) || (condition === 'XX' && kind === undefined)) return before;
  const kept = keepTtl ? (db.expiryOf(key) ?? undefined) : undefined;
  db.delete(key);
  db.open(key, 'string').text = text;
  db.expireAt(key, expiresAt ?? kept);
  return get ? before : OK;
}

function readSetOptions(db: Database, name: string, words: readonly string[]): SetOptions {
  const options: SetOptions = { get: false, keepTtl: false };
  for (let i = 0; i < words.length; i++) {
    const word = (words[i] as string).toUpperCase();
    const unit = EXPIRY_UNITS[word];
    if (word === 'NX' || word === 'XX') {
      if (options.condition && options.condition !== word) throw syntaxError();
      options.condition = word;
    } else if (word === 'GET') options.get = true;
    else if (word === 'KEEPTTL' && options.expiresAt === undefined) options.keepTtl = true;
    else if (unit && i + 1 < words.length && options.expiresAt === undefined && !options.keepTtl) {
      const amount = integer(words[++i] as string);
      if (amount <= 0) throw new RedisError(`ERR invalid expire time in '${name}' command`);
      options.expiresAt = amount * unit.ms + (unit.absolute ? 0 : db.now());
    } else throw syntaxError();
  }
  return options;
}

function bigInteger(text: string): bigint {
  const value = readBigInteger(text);
  if (value === undefined) throw notAnInteger();
  return value;
}

function increment(db: Database, key: string, by: bigint): number {
  const found = db.find(key, 'string');
  const text = incremented(found?.text ?? '0', by, notAnInteger);
  db.open(key, 'string').text = text;
  return Number(text);
}

/** @param refuse makes the error for what is no integer */
export function incremented(text: string, by: bigint, refuse: () => RedisError): string {
  const value = readBigInteger(text);
  if (value === undefined) throw refuse();
  const sum = value + by;
  if (sum > INT64_MAX || sum < INT64_MIN) throw new RedisError('ERR increment or decrement would overflow');
  return sum.toString();
}
