import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkSnapshot, pruneSnapshots, readSnapshot, SnapshotFile, snapshotFolder, snapshotsIn } from './snapshot-folder';
import { FORMAT, type SnapshotLine } from './snapshot-line';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'stile-snapshots-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const head = (at: number) => ({ snapshot: FORMAT, prefix: 'p', partitions: 1, at });
const long = { machine: 'long', at: 1, parts: { history: ['x'.repeat(300_000), 'ü\n"'] } };

async function write(at: number, lines: readonly SnapshotLine[]): Promise<string> {
  const file = await SnapshotFile.create(folder, at);
  for (const line of lines) await file.write(line);
  await file.finish();
  return join(folder, file.name);
}

describe('snapshots in a folder', () => {
  it('come back line by line, those longer than a piece of the file as well', async () => {
    const lines = [head(5), long, { end: true, machines: 1 } as const];
    const path = await write(5, lines);
    const read: SnapshotLine[] = [];
    for await (const line of readSnapshot(path)) read.push(line);
    expect(read).toEqual(lines);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await checkSnapshot(path)).toEqual({ head: head(5), machines: 1 });
  });

  it('are none before they are whole', async () => {
    const file = await SnapshotFile.create(folder, 1);
    await file.write(head(1));
    expect(await snapshotsIn(folder)).toEqual([]);
    await file.abandon();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('are refused where they are torn, have no end, too few machines, or another format', async () => {
    const whole = await write(1, [head(1), long, { end: true, machines: 1 }]);
    const torn = `${whole.slice(0, -20)}torn.jsonl.gz`;
    writeFileSync(torn, readFileSync(whole).subarray(0, -30));
    const endless = await write(2, [head(2), long]);
    const fewer = await write(3, [head(3), { end: true, machines: 1 }]);
    const foreign = await write(4, [
      { ...head(4), snapshot: 99 },
      { end: true, machines: 0 },
    ]);
    await expect(checkSnapshot(torn)).rejects.toThrow(/cannot be read|not whole/);
    await expect(checkSnapshot(endless)).rejects.toThrow('not whole');
    await expect(checkSnapshot(fewer)).rejects.toThrow('not whole');
    await expect(checkSnapshot(foreign)).rejects.toThrow('format 99');
  });

  it('are as many as are kept, the newest; what was abandoned a day ago goes too', async () => {
    for (const at of [1, 3, 2, 4]) await write(at, [head(at), { end: true, machines: 0 }]);
    const abandoned = join(folder, 'snapshot-x.part');
    const young = join(folder, 'snapshot-y.part');
    for (const path of [abandoned, young]) writeFileSync(path, '');
    utimesSync(abandoned, 1, 1);
    await pruneSnapshots(folder, 2, Date.now());
    const times = (await snapshotsIn(folder)).map((name) => name.slice(9, 28));
    expect(times).toEqual(['19700101T000000003Z', '19700101T000000004Z']);
    expect(readdirSync(folder)).toContain('snapshot-y.part');
    expect(readdirSync(folder)).not.toContain('snapshot-x.part');
  });

  it('go into a folder only', () => {
    expect(() => snapshotFolder('postgres://u:secret@h/d')).toThrow(/file:\/\/\/folder, not postgres:\/\/\*\*\*@h/);
    expect(snapshotFolder('file:///var/lib/stile')).toBe('/var/lib/stile');
  });
});
