import { atLeast, between, exactly, type Command } from './command';
import type { Database } from './database';
import { globMatcher } from './glob';
import { integer } from './numbers';
import { OK, RedisError, Status, type Reply } from './reply';
import { readScan, scanReply } from './scan';

export const keys: Record<string, Command> = {
  DEL: atLeast(1, (db, ...names) => names.filter((name) => db.delete(name)).length),
  UNLINK: atLeast(1, (db, ...names) => names.filter((name) => db.delete(name)).length),
  EXISTS: atLeast(1, (db, ...names) => names.filter((name) => db.kindOf(name) !== undefined).length),
  TYPE: exactly(1, (db, key) => new Status(db.kindOf(key) ?? 'none')),
  EXPIRE: expiring(1000, false),
  PEXPIRE: expiring(1, false),
  EXPIREAT: expiring(1000, true),
  PEXPIREAT: expiring(1, true),
  PERSIST: exactly(1, (db, key) => (typeof db.expiryOf(key) === 'number' && db.expireAt(key, undefined) ? 1 : 0)),
  TTL: exactly(1, (db, key) => left(db, key, (ms) => Math.floor((ms + 500) / 1000))),
  PTTL: exactly(1, (db, key) => left(db, key, (ms) => ms)),
  RENAME: exactly(2, (db, from, to) => {
    if (!db.rename(from, to)) throw new RedisError('ERR no such key');
    return OK;
  }),
  KEYS: exactly(1, (db, pattern) => db.keys().filter(globMatcher(pattern))),
  SCAN: atLeast(1, (db, cursor, ...words) => {
    const { matches, type } = readScan(cursor, words, true);
    return scanReply(db.keys().filter((key) => matches(key) && (type === undefined || db.kindOf(key) === type)));
  }),
};

type Condition = (at: number, before: number) => boolean;

/** By the condition's name: whether the new end may take the place of the old one; a key that does not expire ends last. */
const CONDITIONS: Record<string, Condition> = {
  NX: (_at, before) => before === Infinity,
  XX: (_at, before) => before !== Infinity,
  GT: (at, before) => at > before,
  LT: (at, before) => at < before,
};

function expiring(unitMs: number, absolute: boolean): Command {
  return between(2, 3, (db, key, amount, word) => {
    const condition = word === undefined ? () => true : CONDITIONS[word.toUpperCase()];
    if (!condition) throw new RedisError(`ERR Unsupported option ${word}`);
    return expire(db, key, integer(amount) * unitMs + (absolute ? 0 : db.now()), condition);
  });
}

function expire(db: Database, key: string, at: number, condition: Condition): Reply {
  const before = db.expiryOf(key);
  if (before === undefined || !condition(at, before ?? Infinity)) return 0;
  if (at <= db.now()) db.delete(key);
  else db.expireAt(key, at);
  return 1;
}

function left(db: Database, key: string, unit: (ms: number) => number): number {
  const at = db.expiryOf(key);
  if (at === undefined) return -2;
  return at === null ? -1 : unit(Math.ceil(at - db.now()));
}
