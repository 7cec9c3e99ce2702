import { atLeast, between, exactly, type Command } from './command';
import type { Database } from './database';
import { span } from './lists';
import { amount, float, integer, scoreText } from './numbers';
import type { Reply } from './reply';
import { scanOf } from './scan';
import type { Scored, SortedSet } from './sorted-set';
import { lexBounds, pairs, range, scoreBounds, within } from './sorted-set-range';
import { add, increase } from './sorted-set-add';

export const sortedSets: Record<string, Command> = {
  ZADD: atLeast(3, (db, key, ...words) => add(db, key, words)),
  ZINCRBY: exactly(3, (db, key, by, member) => scoreText(increase(db, key, member, float(by)))),
  ZREM: atLeast(2, (db, key, ...members) => {
    const set = db.find(key, 'zset');
    return dropped(db, key, members.filter((member) => set?.delete(member)).length);
  }),
  ZSCORE: exactly(2, (db, key, member) => scoreOf(db.find(key, 'zset'), member)),
  ZMSCORE: atLeast(2, (db, key, ...members) => {
    const set = db.find(key, 'zset');
    return members.map((member) => scoreOf(set, member));
  }),
  ZCARD: exactly(1, (db, key) => db.find(key, 'zset')?.size ?? 0),
  ZRANK: exactly(2, (db, key, member) => db.find(key, 'zset')?.rank(member) ?? null),
  ZREVRANK: exactly(2, (db, key, member) => {
    const set = db.find(key, 'zset');
    const rank = set?.rank(member);
    return set === undefined || rank === undefined ? null : set.size - 1 - rank;
  }),
  ZCOUNT: exactly(3, (db, key, min, max) => {
    const bounds = scoreBounds(min, max);
    return within(db.find(key, 'zset'), bounds).length;
  }),
  ZLEXCOUNT: exactly(3, (db, key, min, max) => {
    const bounds = lexBounds(min, max);
    return within(db.find(key, 'zset'), bounds).length;
  }),
  ZRANGE: atLeast(3, (db, key, ...words) => range(db, key, words)),
  ZREVRANGE: between(3, 4, (db, key, ...words) => range(db, key, words, 'REV')),
  ZRANGEBYSCORE: atLeast(3, (db, key, ...words) => range(db, key, words, 'BYSCORE')),
  ZREVRANGEBYSCORE: atLeast(3, (db, key, ...words) => range(db, key, words, 'BYSCORE', 'REV')),
  ZRANGEBYLEX: atLeast(3, (db, key, ...words) => range(db, key, words, 'BYLEX')),
  ZREVRANGEBYLEX: atLeast(3, (db, key, ...words) => range(db, key, words, 'BYLEX', 'REV')),
  ZREMRANGEBYRANK: exactly(3, (db, key, start, stop) => {
    const [from, to] = [integer(start), integer(stop)];
    const set = db.find(key, 'zset');
    return removeAll(db, key, set?.entries.slice(...span(from, to, set.size)) ?? []);
  }),
  ZREMRANGEBYSCORE: exactly(3, (db, key, min, max) => {
    const bounds = scoreBounds(min, max);
    return removeAll(db, key, within(db.find(key, 'zset'), bounds));
  }),
  ZREMRANGEBYLEX: exactly(3, (db, key, min, max) => {
    const bounds = lexBounds(min, max);
    return removeAll(db, key, within(db.find(key, 'zset'), bounds));
  }),
  ZPOPMIN: between(1, 2, (db, key, count) => pop(db, key, count, (entries, many) => entries.slice(0, many))),
  ZPOPMAX: between(1, 2, (db, key, count) =>
    pop(db, key, count, (entries, many) => entries.slice(Math.max(0, entries.length - many)).reverse()),
  ),
  ZSCAN: scanOf('zset', (set, matches) => pairs(set.entries.filter(({ member }) => matches(member)))),
};

function scoreOf(set: SortedSet | undefined, member: string): Reply {
  const score = set?.score(member);
  return score === undefined ? null : scoreText(score);
}

function removeAll(db: Database, key: string, entries: readonly Scored[]): number {
  const set = db.find(key, 'zset');
  for (const { member } of entries) set?.delete(member);
  return dropped(db, key, entries.length);
}

function dropped(db: Database, key: string, count: number): number {
  db.tidy(key);
  return count;
}

type Taken = (entries: readonly Scored[], many: number) => readonly Scored[];

function pop(db: Database, key: string, count: string | undefined, take: Taken): Reply {
  const many = count === undefined ? 1 : amount(count);
  const taken = take(db.find(key, 'zset')?.entries ?? [], many);
  removeAll(db, key, taken);
  return pairs(taken);
}
