import { atLeast, between, exactly, type Command } from './command';
import type { Database } from './database';
import { amount } from './numbers';
import type { Reply } from './reply';
import { scanOf } from './scan';

export const sets: Record<string, Command> = {
  SADD: atLeast(2, (db, key, ...members) => {
    const set = db.open(key, 'set');
    const before = set.size;
    for (const member of members) set.add(member);
    return set.size - before;
  }),
  SREM: atLeast(2, (db, key, ...members) => {
    const set = db.find(key, 'set');
    const gone = members.filter((member) => set?.delete(member)).length;
    db.tidy(key);
    return gone;
  }),
  SMEMBERS: exactly(1, (db, key) => [...(db.find(key, 'set') ?? [])]),
  SISMEMBER: exactly(2, (db, key, member) => (db.find(key, 'set')?.has(member) ? 1 : 0)),
  SMISMEMBER: atLeast(2, (db, key, ...members) => {
    const set = db.find(key, 'set');
    return members.map((member) => (set?.has(member) ? 1 : 0));
  }),
  SCARD: exactly(1, (db, key) => db.find(key, 'set')?.size ?? 0),
  SPOP: between(1, 2, (db, key, count) => pop(db, key, count)),
  SRANDMEMBER: exactly(1, (db, key) => pick(db, [...(db.find(key, 'set') ?? [])]) ?? null),
  SSCAN: scanOf('set', (set, matches) => [...set].filter(matches)),
};

function pop(db: Database, key: string, count: string | undefined): Reply {
  const many = count === undefined ? 1 : amount(count);
  const set = db.find(key, 'set');
  const taken: string[] = [];
  while (set && set.size > 0 && taken.length < many) {
    const member = pick(db, [...set]) as string;
    set.delete(member);
    taken.push(member);
  }
  db.tidy(key);
  return count === undefined ? (taken[0] ?? null) : taken;
}

function pick(db: Database, members: readonly string[]): string | undefined {
  return members[Math.floor(db.random() * members.length)];
}
