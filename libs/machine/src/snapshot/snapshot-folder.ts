import { randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { once } from 'node:events';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createGunzip, createGzip, type Gzip } from 'node:zlib';
import { StoreUnfitError } from '../core/errors';
import { FORMAT, type EndLine, type Head, type SnapshotLine } from './snapshot-line';

const NAME = /^snapshot-\d{8}T\d{9}Z\.[0-9a-f]{8}\.jsonl\.gz$/;
const PART = /^snapshot-.*\.part$/;
/** One that nobody goes on writing, ms. */
const ABANDONED_MS = 24 * 3600 * 1000;

/** @throws TypeError when it cannot be used */
export function snapshotFolder(url: string): string {
  if (!/^file:\/\/\//i.test(url))
    throw new TypeError(`snapshots go into a folder: give file:///folder, not ${url.replace(/\/\/.*@/, '//***@')}`);
  return fileURLToPath(url);
}

/** Whole snapshots, the oldest first. */
export async function snapshotsIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names.filter((name) => NAME.test(name)).sort();
}

/** Deletes all but the newest, and what writers that died have left. */
export async function pruneSnapshots(folder: string, keep: number, now: number): Promise<void> {
  const whole = await snapshotsIn(folder);
  for (const name of whole.slice(0, Math.max(0, whole.length - keep))) await rm(join(folder, name), { force: true });
  for (const name of (await readdir(folder)).filter((each) => PART.test(each))) {
    const { mtimeMs } = await stat(join(folder, name));
    if (now - mtimeMs > ABANDONED_MS) await rm(join(folder, name), { force: true });
  }
}

/** A snapshot that is being written. It has its name only when it is whole and on the disk: a crash leaves a file that nobody takes for one. */
export class SnapshotFile {
  private constructor(
    readonly name: string,
    private readonly folder: string,
    private readonly gzip: Gzip,
    private readonly done: Promise<void>,
  ) {}

  /** @param at server ms */
  static async create(folder: string, at: number): Promise<SnapshotFile> {
    await mkdir(folder, { recursive: true });
    const time = new Date(at).toISOString().replace(/[-:.]/g, '');
    const name = `snapshot-${time}.${randomBytes(4).toString('hex')}.jsonl.gz`;
    const gzip = createGzip({ level: 1 }); // a worker has other things to do
    // What it holds is all that users have given: nobody else may read it.
    const done = pipeline(gzip, createWriteStream(join(folder, `${name}.part`), { flags: 'wx', mode: 0o600 }));
    done.catch(() => undefined); // told by whoever writes or finishes
    return new SnapshotFile(name, folder, gzip, done);
  }

  async write(line: SnapshotLine): Promise<void> {
    if (this.gzip.write(`${JSON.stringify(line)}\n`)) return;
    await Promise.race([once(this.gzip, 'drain'), this.done]);
  }

  async finish(): Promise<void> {
    this.gzip.end();
    await this.done;
    const part = join(this.folder, `${this.name}.part`);
    await synced(part);
    await rename(part, join(this.folder, this.name));
    await synced(this.folder);
  }

  async abandon(): Promise<void> {
    this.gzip.destroy();
    await this.done.catch(() => undefined);
    await rm(join(this.folder, `${this.name}.part`), { force: true });
  }
}

async function synced(path: string): Promise<void> {
  const handle = await open(path, 'r');
  await handle.sync().finally(() => handle.close());
}

/** Its lines in order, head and end included. @throws Error where the file is torn */
export async function* readSnapshot(path: string): AsyncGenerator<SnapshotLine> {
  const gunzip = createGunzip();
  const input = createReadStream(path);
  input.once('error', (error) => gunzip.destroy(error));
  input.pipe(gunzip).setEncoding('utf8');
  let begun: string[] = []; // of a line that goes on: put together once, as it may be of many pieces
  for await (const chunk of gunzip as AsyncIterable<string>) {
    const [first = '', ...others] = chunk.split('\n');
    begun.push(first);
    for (const next of others) {
      yield JSON.parse(begun.join('')) as SnapshotLine;
      begun = [next];
    }
  }
}

/**
 * Reads all of it.
 *
 * @throws StoreUnfitError where it is not whole, or of another version
 */
export async function checkSnapshot(path: string): Promise<{ readonly head: Head; readonly machines: number }> {
  let head: Head | undefined;
  let end: EndLine | undefined;
  let machines = 0;
  try {
    for await (const line of readSnapshot(path)) {
      end = undefined;
      if ('snapshot' in line) head = line;
      else if ('machine' in line) machines++;
      else if ('end' in line) end = line;
    }
  } catch (error) {
    throw new StoreUnfitError(`the snapshot ${path} cannot be read: ${(error as Error).message}; give another one`);
  }
  if (!head || !end || end.machines !== machines)
    throw new StoreUnfitError(`the snapshot ${path} is not whole; give another one`);
  if (head.snapshot !== FORMAT) {
    throw new StoreUnfitError(
      `the snapshot ${path} has format ${head.snapshot}, this version reads ${FORMAT}; use the version that wrote it`,
    );
  }
  return { head, machines };
}
