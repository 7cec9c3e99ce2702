import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { Entry } from './entry';
import { LOG_ENDING } from './log-writer';

const CHUNK = 1 << 20;
const NEWLINE = 10;

/** Lines torn by a kill: at most one per file, its last. */
export interface Torn {
  torn: number;
}

/** All entries, file by file, each file in the order in which it was written. @throws Error for a file that is damaged */
export function readLog(folder: string): Entry[] {
  return [...scanLog(folder)];
}

/**
 * The same without holding them all.
 *
 * @param keep looks at a line before it is parsed
 * @param found is told how many last lines were torn
 */
export function* scanLog(
  folder: string,
  keep: (line: string) => boolean = () => true,
  found: Torn = { torn: 0 },
): Generator<Entry> {
  for (const name of logFiles(folder)) {
    let number = 0;
    for (const { text, whole } of linesOf(join(folder, name))) {
      const seq = number++;
      // A torn line is looked for among all: only the last one of a file lacks its end.
      if (whole && !keep(text)) continue;
      const entry = parse(text);
      if (!entry && !whole) found.torn++;
      else if (entry?.seq !== seq) throw new Error(damage(name, seq, entry));
      else if (whole || keep(text)) yield entry;
    }
  }
}

export function logFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(LOG_ENDING))
    .sort();
}

function damage(name: string, seq: number, entry: Entry | undefined): string {
  const what = entry ? `has seq ${entry.seq}, not ${seq}` : 'is no entry';
  return `${name}: line ${seq + 1} ${what}; only the last line of a log can be torn: the file has been changed or lost lines`;
}

function parse(text: string): Entry | undefined {
  try {
    const entry = JSON.parse(text) as Entry | null;
    return typeof entry === 'object' && entry !== null ? entry : undefined;
  } catch {
    return undefined;
  }
}

function* linesOf(path: string): Generator<{ text: string; whole: boolean }> {
  const file = openSync(path, 'r');
  try {
    const chunk = Buffer.allocUnsafe(CHUNK);
    let rest = Buffer.alloc(0);
    for (let size = readSync(file, chunk); size > 0; size = readSync(file, chunk)) {
      const bytes = rest.length === 0 ? chunk.subarray(0, size) : Buffer.concat([rest, chunk.subarray(0, size)]);
      let from = 0;
      for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, from)) {
        yield { text: bytes.toString('utf8', from, end), whole: true };
        from = end + 1;
      }
      rest = Buffer.from(bytes.subarray(from));
    }
    if (rest.length > 0) yield { text: rest.toString('utf8'), whole: false };
  } finally {
    closeSync(file);
  }
}
