import type { Database } from './database';
import { span } from './lists';
import { float, integer, scoreText } from './numbers';
import { RedisError, syntaxError, type Reply } from './reply';
import type { Scored, SortedSet } from './sorted-set';

/** Whether an entry is inside two bounds. */
export type Bounds = (entry: Scored) => boolean;

/** `5`, `(5`, `-inf`, `+inf`. */
export function scoreBounds(min: string, max: string): Bounds {
  const [low, high] = [scoreBound(min), scoreBound(max)];
  return ({ score }) =>
    (low.open ? score > low.value : score >= low.value) && (high.open ? score < high.value : score <= high.value);
}

function scoreBound(text: string): { value: number; open: boolean } {
  const open = text.startsWith('(');
  return { value: float(open ? text.slice(1) : text, () => new RedisError('ERR min or max is not a float')), open };
}

/** `-`, `+`, `[member`, `(member`. */
export function lexBounds(min: string, max: string): Bounds {
  const [low, high] = [lexBound(min), lexBound(max)];
  return ({ member }) => low(member) >= 0 && high(member) <= 0;
}

/** Below, on or above the bound; a bound that is left out is a little above or below itself, as the side demands. */
function lexBound(text: string): (member: string) => number {
  if (text === '-') return () => 1;
  if (text === '+') return () => -1;
  const value = text.slice(1);
  if (text.startsWith('[')) return (member) => (member < value ? -1 : member > value ? 1 : 0);
  if (text.startsWith('(')) return (member) => (member < value ? -1 : member > value ? 1 : NaN);
  throw new RedisError('ERR min or max not valid string range item');
}

export function within(set: SortedSet | undefined, bounds: Bounds): readonly Scored[] {
  return (set?.entries ?? []).filter(bounds);
}

/** Member, score, member, score … */
export function pairs(entries: readonly Scored[]): Reply[] {
  return entries.flatMap(({ member, score }) => [member, scoreText(score)]);
}

type Mode = 'BYSCORE' | 'BYLEX' | 'REV';

/** The whole ZRANGE family: `<min> <max>` or `<start> <stop>`, then options. @param given by the command's own name */
export function range(db: Database, key: string, words: readonly string[], ...given: Mode[]): Reply {
  const [from = '', to = '', ...rest] = words;
  const { modes, limit, withScores } = readOptions(rest, new Set(given), given.length === 0);
  const reversed = modes.has('REV');
  const byRank = !modes.has('BYSCORE') && !modes.has('BYLEX');
  if (byRank && limit) {
    throw new RedisError('ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX');
  }
  const select = selector(modes, from, to);
  const set = db.find(key, 'zset');
  const found = set ? select(set) : [];
  const ordered = reversed && !byRank ? [...found].reverse() : found;
  const [offset, count] = limit ?? [0, -1];
  const kept = offset < 0 ? [] : ordered.slice(offset, count < 0 ? undefined : offset + count);
  return withScores ? pairs(kept) : kept.map(({ member }) => member);
}

/** Bounds are read before the key is looked at, and given highest first where the order is reversed. */
function selector(modes: ReadonlySet<Mode>, from: string, to: string): (set: SortedSet) => readonly Scored[] {
  const [min, max] = modes.has('REV') ? [to, from] : [from, to];
  if (modes.has('BYSCORE')) {
    const bounds = scoreBounds(min, max);
    return (set) => within(set, bounds);
  }
  if (modes.has('BYLEX')) {
    const bounds = lexBounds(min, max);
    return (set) => within(set, bounds);
  }
  const [start, stop] = [integer(from), integer(to)];
  return ({ entries }) => (modes.has('REV') ? [...entries].reverse() : entries).slice(...span(start, stop, entries.length));
}

interface RangeOptions {
  readonly modes: ReadonlySet<Mode>;
  readonly limit?: readonly [offset: number, count: number];
  readonly withScores: boolean;
}

function readOptions(words: readonly string[], modes: Set<Mode>, modesAllowed: boolean): RangeOptions {
  let limit: RangeOptions['limit'];
  let withScores = false;
  for (let i = 0; i < words.length; i++) {
    const word = (words[i] as string).toUpperCase();
    if (word === 'WITHSCORES') withScores = true;
    else if (word === 'LIMIT' && i + 2 < words.length) limit = [integer(words[++i] as string), integer(words[++i] as string)];
    else if (modesAllowed && (word === 'BYSCORE' || word === 'BYLEX' || word === 'REV')) modes.add(word);
    else throw syntaxError();
  }
  return { modes, limit, withScores };
}
