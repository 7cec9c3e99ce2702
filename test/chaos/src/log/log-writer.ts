import { appendFileSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { EntryBody, Stamp } from './entry';

export const LOG_ENDING = '.ndjson';

export interface LogWriterOptions {
  /** @default that of this process */
  readonly pid?: number;
  /** Wall time, ms. Given, since a worker's clock may be faked. @default Date.now */
  readonly now?: () => number;
}

/**
 * Appends to a file of its own, `<folder>/<name>.<pid>.ndjson`. Each entry is handed to the kernel before `append` returns, so a
 * SIGKILL of this process loses none of them; it can tear the one that is being written, which nobody has been told of. (A crash of
 * the whole computer may lose more: nothing is fsynced.)
 */
export class LogWriter {
  readonly source: string;
  private readonly file: number;
  private readonly now: () => number;
  private seq = 0;

  /**
   * @param name what the process is, e.g. `worker`; A-Z a-z 0-9 _ -
   * @throws RangeError for another name
   */
  constructor(folder: string, name: string, { pid = process.pid, now = Date.now }: LogWriterOptions = {}) {
    if (!/^[\w-]+$/.test(name)) throw new RangeError(`log writer: the name is ${JSON.stringify(name)}; use A-Z a-z 0-9 _ -`);
    mkdirSync(folder, { recursive: true });
    ({ source: this.source, file: this.file } = claim(folder, `${name}.${pid}`));
    this.now = now;
  }

  append(entry: EntryBody): void {
    const stamp: Stamp = { at: this.now(), source: this.source, seq: this.seq++ };
    appendFileSync(this.file, `${JSON.stringify({ ...entry, ...stamp })}\n`);
  }

  close(): void {
    closeSync(this.file);
  }
}

/** The system hands out a pid again: what an earlier process wrote, and perhaps tore, is never appended to. */
function claim(folder: string, name: string): { source: string; file: number } {
  for (let again = 0; ; again++) {
    const source = again === 0 ? name : `${name}-${again}`;
    try {
      return { source, file: openSync(join(folder, source + LOG_ENDING), 'ax') };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}
