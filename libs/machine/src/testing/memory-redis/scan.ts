import { atLeast, type Command } from './command';
import type { Database } from './database';
import { globMatcher } from './glob';
import { integer } from './numbers';
import { RedisError, syntaxError, type Reply } from './reply';

export interface Scan {
  readonly matches: (text: string) => boolean;
  readonly type?: string;
}

/** Cursor and options of the SCAN family. Everything is given in one batch, as Redis does with small collections: COUNT is a hint. */
export function readScan(cursor: string, words: readonly string[], withType = false): Scan {
  checkCursor(cursor);
  let matches: Scan['matches'] = () => true;
  let type: string | undefined;
  for (let i = 0; i < words.length; i += 2) {
    const [option, value] = [words[i]?.toUpperCase(), words[i + 1]];
    if (value === undefined) throw syntaxError();
    if (option === 'MATCH') matches = globMatcher(value);
    else if (option === 'TYPE' && withType) type = value.toLowerCase();
    else if (option !== 'COUNT' || integer(value) < 1) throw syntaxError();
  }
  return { matches, type };
}

function checkCursor(cursor: string): void {
  if (!/^\d+$/.test(cursor)) throw new RedisError('ERR invalid cursor');
}

/**
 * HSCAN, SSCAN, ZSCAN. Options are read only where there is something to look through, as Redis has it.
 *
 * @param list elements whose names match, as the reply shows them
 */
export function scanOf<K extends 'hash' | 'set' | 'zset'>(
  kind: K,
  list: (value: NonNullable<ReturnType<typeof find<K>>>, matches: Scan['matches']) => readonly Reply[],
): Command {
  return atLeast(2, (db, key, cursor, ...words) => {
    checkCursor(cursor);
    const value = find(db, key, kind);
    return scanReply(value ? list(value, readScan(cursor, words).matches) : []);
  });
}

function find<K extends 'hash' | 'set' | 'zset'>(db: Database, key: string, kind: K) {
  return db.find(key, kind);
}

export function scanReply(items: readonly Reply[]): Reply {
  return ['0', items];
}
