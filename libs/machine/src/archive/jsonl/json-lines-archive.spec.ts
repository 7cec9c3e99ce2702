import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ArchiveEntry } from '../../core/archive';
import { JsonLinesArchive } from './json-lines-archive';
import { scanLines } from './scan-lines';

let folder: string;
let archive: JsonLinesArchive;

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'stile-archive-')), 'deep');
  archive = new JsonLinesArchive(pathToFileURL(folder).href);
});
afterEach(async () => {
  await archive.close();
  rmSync(join(folder, '..'), { recursive: true, force: true });
});

const DAY = Date.parse('2026-03-01T12:00:00Z');

function entry(id: string, fields: Record<string, string> = {}, archivedAt = DAY): ArchiveEntry {
  const record = {
    machine: 'order',
    version: '1',
    run: `run-${id}`,
    status: 'completed',
    state: 'done',
    created: '1000',
    ...fields,
  };
  return { correlationId: id, record, history: ['{"steps":0}'], children: {}, archivedAt };
}

const ids = (found: readonly { correlationId: string }[]): string[] => found.map(({ correlationId }) => correlationId);

describe('an archive of JSON-lines files', () => {
  it('gives back what was written, texts as they were', async () => {
    const odd = entry('a', { context: '"sealed:\u0000\ud83d\ude00 {not json}"' });
    await archive.write([odd, entry('b')]);
    expect(await archive.read('a')).toEqual(odd);
    expect(await archive.read('nobody')).toBeUndefined();
  });

  it('keeps the later one of two lines of a run, and gives the run that was started last', async () => {
    await archive.write([entry('a', { state: 'old' }, DAY)]);
    await archive.write([entry('a', { state: 'new' }, DAY + 1)]);
    expect((await archive.read('a'))?.record.state).toBe('new');
    await archive.write([entry('a', { state: 'first run', run: 'before', created: '999' }, DAY + 2)]);
    expect((await archive.read('a'))?.record.state).toBe('new');
    const listed = await archive.list({ filter: {}, order: 'time', limit: 10 });
    expect(listed.map(({ record }) => record.state)).toEqual(['new', 'first run']);
  });

  it('writes a file a day, for nobody else to read, and another one than other processes', async () => {
    const other = new JsonLinesArchive(pathToFileURL(folder).href);
    await archive.write([entry('a')]);
    await archive.write([entry('b')]);
    await archive.write([entry('c', {}, DAY + 86_400_000)]);
    await other.write([entry('d')]);
    await other.close();
    const files = readdirSync(folder).sort();
    expect(files.map((name) => name.slice(0, 10))).toEqual(['2026-03-01', '2026-03-01', '2026-03-02']);
    expect(statSync(join(folder, files[0] as string)).mode & 0o777).toBe(0o600);
    expect(await archive.read('d')).toBeDefined();
  });

  it('passes over a line that was torn by a crash', async () => {
    await archive.write([entry('a')]);
    const [file] = readdirSync(folder);
    appendFileSync(join(folder, file as string), '{"correlationId":"b","archi');
    expect(await archive.read('b')).toBeUndefined();
    expect(ids(await archive.list({ filter: {}, order: 'time', limit: 10 }))).toEqual(['a']);
  });

  it('lists page by page, in both orders, by filter', async () => {
    const many = Array.from({ length: 30 }, (_, i) =>
      entry(`m-${String(i).padStart(2, '0')}`, { created: String(1000 + (i % 7)), status: i % 3 === 0 ? 'failed' : 'completed' }),
    );
    await archive.write(many);
    for (const order of ['time', 'id'] as const) {
      const seen: string[] = [];
      let after: { correlationId: string; created: number } | undefined;
      for (;;) {
        const page = await archive.list({ filter: { statuses: ['completed'] }, order, limit: 3, ...(after && { after }) });
        seen.push(...ids(page));
        const last = page.at(-1);
        if (page.length < 3 || !last) break;
        after = { correlationId: last.correlationId, created: Number(last.record.created) };
      }
      const wanted = many.filter(({ record }) => record.status === 'completed');
      const byTime = [...wanted].sort(
        (a, b) => Number(b.record.created) - Number(a.record.created) || (a.correlationId < b.correlationId ? 1 : -1),
      );
      expect(seen).toEqual(ids(order === 'time' ? byTime : wanted));
    }
  });

  it('looks through so much text at most, and at the newest files first', async () => {
    mkdirSync(folder, { recursive: true });
    const line = (name: string): string => `${name.padEnd(99, '.')}\n`;
    writeFileSync(join(folder, '2026-01-01.00000000.jsonl'), line('old 1') + line('old 2'));
    writeFileSync(join(folder, '2026-01-02.00000000.jsonl'), line('new 1'));
    const seen: string[] = [];
    await scanLines(folder, (text) => seen.push(text.split('.')[0] as string), 200);
    expect(seen).toEqual(['new 1', 'old 2']);
  });

  it('takes nothing into a file whose entry may not be on the disk', async () => {
    await archive.check();
    const open = jest.spyOn(fs, 'open');
    const first = open.getMockImplementation() ?? jest.requireActual<typeof fs>('node:fs/promises').open;
    open.mockImplementationOnce(first).mockRejectedValueOnce(new Error('EMFILE'));
    await expect(archive.write([entry('a')])).rejects.toThrow('EMFILE');
    open.mockClear();
    await archive.write([entry('a')]);
    expect(open.mock.calls.map(([path]) => path)).toContain(folder);
    open.mockRestore();
    expect(await archive.read('a')).toBeDefined();
  });

  it('tells of a folder that cannot be written in', async () => {
    const file = join(folder, '..', 'file');
    writeFileSync(file, '');
    await expect(new JsonLinesArchive(pathToFileURL(file).href).check()).rejects.toThrow(/STILE_ARCHIVE_URL.*name a folder/);
  });
});
