import type { Database } from './database';
import { float, scoreText } from './numbers';
import { RedisError, syntaxError, type Reply } from './reply';
import type { SortedSet } from './sorted-set';

const FLAGS = new Set(['NX', 'XX', 'GT', 'LT', 'CH', 'INCR']);

/** ZADD: flags, then score, member, … */
export function add(db: Database, key: string, words: readonly string[]): Reply {
  const flags = new Set<string>();
  let at = 0;
  for (; FLAGS.has((words[at] ?? '').toUpperCase()); at++) flags.add((words[at] as string).toUpperCase());
  const rest = words.slice(at);
  if (rest.length === 0 || rest.length % 2 === 1) throw syntaxError();
  check(flags, rest.length / 2);
  const scores = rest.filter((_, i) => i % 2 === 0).map((text) => float(text));
  const members = rest.filter((_, i) => i % 2 === 1);
  const set = db.open(key, 'zset');
  let [added, changed] = [0, 0];
  let last: number | null = null;
  members.forEach((member, i) => {
    const before = set.score(member);
    last = next(set, flags, member, scores[i] as number);
    if (last === null) return;
    if (before === undefined) added++;
    else if (before !== last) changed++;
    if (before !== last) set.set(member, last);
  });
  db.tidy(key);
  if (flags.has('INCR')) return last === null ? null : scoreText(last);
  return flags.has('CH') ? added + changed : added;
}

export function increase(db: Database, key: string, member: string, by: number): number {
  const score = sum(db.find(key, 'zset')?.score(member) ?? 0, by);
  db.open(key, 'zset').set(member, score);
  return score;
}

function check(flags: ReadonlySet<string>, pairs: number): void {
  const [nx, xx, gt, lt] = ['NX', 'XX', 'GT', 'LT'].map((flag) => flags.has(flag));
  if (nx && xx) throw new RedisError('ERR XX and NX options at the same time are not compatible');
  if ((gt && nx) || (lt && nx) || (gt && lt)) {
    throw new RedisError('ERR GT, LT, and/or NX options at the same time are not compatible');
  }
  if (flags.has('INCR') && pairs > 1) throw new RedisError('ERR INCR option supports a single increment-element pair');
}

/** The member's score after this, or null when a flag forbids it. */
function next(set: SortedSet, flags: ReadonlySet<string>, member: string, given: number): number | null {
  const before = set.score(member);
  if (before === undefined) return flags.has('XX') ? null : given;
  if (flags.has('NX')) return null;
  const score = flags.has('INCR') ? sum(before, given) : given;
  if ((flags.has('GT') && score <= before) || (flags.has('LT') && score >= before)) return flags.has('INCR') ? null : before;
  return score;
}

function sum(a: number, b: number): number {
  const result = a + b;
  if (Number.isNaN(result)) throw new RedisError('ERR resulting score is not a number (NaN)');
  return result;
}
