import { randomBytes } from 'node:crypto';
import { access, constants, mkdir, open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ArchiveEntry, ArchiveQuery, ArchiveSummary, MachineArchive } from '../../core/archive';
import { StoreUnfitError } from '../../core/errors';
import { matches } from '../../core/machine-filter';
import { readSummary, SUMMARY_FIELDS } from '../../redis/listing/summary';
import { comparePlaces } from '../archive-cursor';
import { beginOf, readLine, writeLine } from './line';
import { scanLines } from './scan-lines';

/**
 * A folder of JSON-lines files. Each process writes files of its own, one a day, so that none writes into another's line; a machine whose
 * write was repeated is there twice, and the later line counts. Reads go through the newest lines, one by one: see `scanLines`.
 */
export class JsonLinesArchive implements MachineArchive {
  readonly name: string;
  private readonly folder: string;
  private current?: { readonly day: string; readonly file: FileHandle };
  /** Reads wait for one another: each may cost seconds. */
  private reading: Promise<unknown> = Promise.resolve();

  /** @param url `file:///…` of a folder, which is made when it is missing */
  constructor(url: string) {
    this.folder = fileURLToPath(url);
    this.name = `the archive in ${this.folder} (STILE_ARCHIVE_URL)`;
  }

  async check(): Promise<void> {
    try {
      await mkdir(this.folder, { recursive: true });
      await access(this.folder, constants.R_OK | constants.W_OK | constants.X_OK);
    } catch (error) {
      throw new StoreUnfitError(
        `${this.name} cannot be used: ${(error as Error).message}; name a folder that this user may write in`,
      );
    }
  }

  /** A crash, or a full disk, in the middle of a line: it is no JSON, readers pass it over, and nobody writes behind it any more. */
  async write(entries: readonly ArchiveEntry[]): Promise<void> {
    const [first] = entries;
    if (!first) return;
    const file = await this.fileOf(new Date(first.archivedAt).toISOString().slice(0, 10));
    try {
      await file.appendFile(entries.map(writeLine).join(''));
      await file.datasync();
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async read(id: string): Promise<ArchiveEntry | undefined> {
    const begin = beginOf(id);
    let found: ArchiveEntry | undefined;
    await this.scan((line) => {
      const entry = line.startsWith(begin) ? readLine(line) : undefined;
      if (entry && (!found || isLater(entry, found))) found = entry;
    });
    return found;
  }

  async list({ filter, order, after, limit }: ArchiveQuery): Promise<readonly ArchiveSummary[]> {
    const found = new Map<string, Placed>();
    const compare = (a: Placed, b: Placed): number => comparePlaces(order, a, b);
    await this.scan((line) => {
      const entry = readLine(line);
      if (!entry) return;
      const listed = readSummary(entry.correlationId, valuesOf(entry));
      if (!listed || !matches(filter, listed.summary, listed.group)) return;
      const placed = { ...summaryOf(entry), created: Number(entry.record.created), archivedAt: entry.archivedAt };
      if (after && comparePlaces(order, after, placed) >= 0) return;
      const run = `${entry.correlationId} ${entry.record.run ?? ''}`;
      const before = found.get(run);
      if (before && before.archivedAt > placed.archivedAt) return;
      found.set(run, placed);
      if (found.size > 4 * limit) keepFirst(found, compare, limit);
    });
    return [...found.values()].sort(compare).slice(0, limit);
  }

  async close(): Promise<void> {
    const { current } = this;
    this.current = undefined;
    await current?.file.close();
  }

  /** The folder's own entry of a new file must survive a loss of power as well. */
  private async fileOf(day: string): Promise<FileHandle> {
    if (this.current?.day === day) return this.current.file;
    await this.close();
    await mkdir(this.folder, { recursive: true });
    const file = await open(join(this.folder, `${day}.${randomBytes(4).toString('hex')}.jsonl`), 'ax', 0o600);
    try {
      const folder = await open(this.folder, 'r');
      await folder.sync().finally(() => folder.close());
    } catch (error) {
      await file.close(); // what is written into a file whose entry is not on the disk may go with it
      throw error;
    }
    this.current = { day, file };
    return file;
  }

  private async scan(see: (line: string) => void): Promise<void> {
    const mine = this.reading.then(() => scanLines(this.folder, see));
    this.reading = mine.catch(() => undefined);
    await mine;
  }
}

type Placed = ArchiveSummary & { readonly created: number; readonly archivedAt: number };

/** Of the same run, or of a run that was started later. */
function isLater(entry: ArchiveEntry, than: ArchiveEntry): boolean {
  const started = Number(entry.record.created) - Number(than.record.created);
  return started > 0 || (started === 0 && entry.archivedAt >= than.archivedAt);
}

function valuesOf({ record }: ArchiveEntry): (string | null)[] {
  return SUMMARY_FIELDS.map((field) => record[field] ?? null);
}

/** Without context and history, which may be large. */
function summaryOf({ correlationId, record }: ArchiveEntry): ArchiveSummary {
  const fields = SUMMARY_FIELDS.flatMap((field) => (record[field] === undefined ? [] : [[field, record[field]] as const]));
  return { correlationId, record: Object.fromEntries(fields) };
}

function keepFirst(found: Map<string, Placed>, compare: (a: Placed, b: Placed) => number, limit: number): void {
  const first = [...found].sort(([, a], [, b]) => compare(a, b)).slice(0, limit);
  found.clear();
  for (const [run, placed] of first) found.set(run, placed);
}
