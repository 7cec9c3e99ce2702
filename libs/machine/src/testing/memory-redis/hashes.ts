import { atLeast, exactly, type Command } from './command';
import type { Database } from './database';
import { readBigInteger } from './numbers';
import { notAnInteger, OK, RedisError, type Reply } from './reply';
import { scanOf } from './scan';
import { incremented } from './strings';

export const hashes: Record<string, Command> = {
  HSET: atLeast(3, (db, key, ...pairs) => write(db, 'hset', key, pairs)),
  HMSET: atLeast(3, (db, key, ...pairs) => {
    write(db, 'hmset', key, pairs);
    return OK;
  }),
  HSETNX: exactly(3, (db, key, field, value) =>
    db.find(key, 'hash')?.has(field) ? 0 : write(db, 'hsetnx', key, [field, value]),
  ),
  HGET: exactly(2, (db, key, field) => db.find(key, 'hash')?.get(field) ?? null),
  HMGET: atLeast(2, (db, key, ...fields) => {
    const hash = db.find(key, 'hash');
    return fields.map((field) => hash?.get(field) ?? null);
  }),
  HGETALL: exactly(1, (db, key) => [...(db.find(key, 'hash') ?? [])].flat()),
  HKEYS: exactly(1, (db, key) => [...(db.find(key, 'hash')?.keys() ?? [])]),
  HVALS: exactly(1, (db, key) => [...(db.find(key, 'hash')?.values() ?? [])]),
  HEXISTS: exactly(2, (db, key, field) => (db.find(key, 'hash')?.has(field) ? 1 : 0)),
  HLEN: exactly(1, (db, key) => db.find(key, 'hash')?.size ?? 0),
  HSTRLEN: exactly(2, (db, key, field) => db.find(key, 'hash')?.get(field)?.length ?? 0),
  HDEL: atLeast(2, (db, key, ...fields) => {
    const hash = db.find(key, 'hash');
    const gone = fields.filter((field) => hash?.delete(field)).length;
    db.tidy(key);
    return gone;
  }),
  HINCRBY: exactly(3, (db, key, field, by) => {
    const amount = readBigInteger(by);
    if (amount === undefined) throw notAnInteger();
    const text = incremented(
      db.find(key, 'hash')?.get(field) ?? '0',
      amount,
      () => new RedisError('ERR hash value is not an integer'),
    );
    db.open(key, 'hash').set(field, text);
    return Number(text);
  }),
  HSCAN: scanOf('hash', (hash, matches) => [...hash].filter(([field]) => matches(field)).flat()),
};

function write(db: Database, name: string, key: string, pairs: readonly string[]): Reply {
  if (pairs.length % 2 === 1) throw new RedisError(`ERR wrong number of arguments for '${name}' command`);
  const hash = db.open(key, 'hash');
  const before = hash.size;
  for (let i = 0; i < pairs.length; i += 2) hash.set(pairs[i] as string, pairs[i + 1] as string);
  return hash.size - before;
}
