import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Text that one search goes through at most, bytes: it costs a second or so, and older machines are not found. */
export const SCAN_BYTES = 256 * 1024 * 1024;

const FILE = /^\d{4}-\d{2}-\d{2}\.[0-9a-f]{8}\.jsonl$/;

/** Shows every line of a folder's files, the newest files first, each file from its beginning. A folder that is not there has none. */
export async function scanLines(folder: string, see: (line: string) => void, limit = SCAN_BYTES): Promise<void> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  let left = limit;
  for (const name of names
    .filter((each) => FILE.test(each))
    .sort()
    .reverse()) {
    const path = join(folder, name);
    const { size } = await stat(path);
    // Of a file that is too large its end is looked at, which is the newer part: the line that is cut in two is no JSON.
    const start = Math.max(0, size - left);
    await eachLine(path, start, see);
    left -= size;
    if (left <= 0) return;
  }
}

/** readline does not tell of errors of what it reads: a file that was moved away meanwhile would end the process. */
async function eachLine(path: string, start: number, see: (line: string) => void): Promise<void> {
  const input = createReadStream(path, { start });
  const lines = createInterface({ input, crlfDelay: Infinity });
  let failure: Error | undefined;
  input.once('error', (error) => {
    failure = error;
    lines.close();
  });
  for await (const line of lines) see(line);
  if (failure) throw failure;
}
