import { spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildLog, LogWriter, readLog, scanLog, type Entry } from './index';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'stile-log-'))));
afterEach(() => rmSync(folder, { recursive: true }));

function key(name: string) {
  return { kind: 'key', key: name } as const;
}

function keysOf(entries: readonly Entry[]): string[] {
  return entries.map((entry) => `${entry.source}:${entry.seq} ${(entry as { key: string }).key}`);
}

it('gives back what each process has appended, numbered and stamped by its own clock', () => {
  const worker = new LogWriter(folder, 'worker', { pid: 7, now: () => 42 });
  const harness = new LogWriter(folder, 'harness', { pid: 1, now: () => 43 });
  worker.append(key('a'));
  harness.append(key('b'));
  worker.append(key('ü\n"}'));
  worker.close();
  harness.close();
  expect(keysOf(readLog(folder))).toEqual(['harness.1:0 b', 'worker.7:0 a', 'worker.7:1 ü\n"}']);
  expect(readLog(folder)[1]).toEqual({ kind: 'key', key: 'a', at: 42, source: 'worker.7', seq: 0 });
});

it('reads lines that are longer than what is read at a time', () => {
  const writer = new LogWriter(folder, 'worker');
  const names = ['x'.repeat(3_000_000), 'short', 'é'.repeat(700_000)];
  for (const name of names) writer.append(key(name));
  writer.close();
  expect(readLog(folder).map((entry) => (entry as { key: string }).key)).toEqual(names);
});

it('never goes on in the file of an earlier process with the same pid', () => {
  for (const name of ['a', 'b', 'c']) {
    const writer = new LogWriter(folder, 'worker', { pid: 1 });
    writer.append(key(name));
    writer.close();
  }
  expect(keysOf(readLog(folder))).toEqual(['worker.1-1:0 b', 'worker.1-2:0 c', 'worker.1:0 a']);
});

it('tolerates a last line that was torn, and counts it', () => {
  const writer = new LogWriter(folder, 'worker', { pid: 1 });
  writer.append(key('a'));
  writer.close();
  appendFileSync(join(folder, 'worker.1.ndjson'), '{"kind":"key","ke');
  const found = { torn: 0 };
  expect(keysOf([...scanLog(folder, undefined, found)])).toEqual(['worker.1:0 a']);
  expect(found.torn).toBe(1);
});

it('refuses a file that is torn elsewhere, or lacks a line', () => {
  const writer = new LogWriter(folder, 'worker', { pid: 1 });
  for (const name of ['a', 'b', 'c']) writer.append(key(name));
  writer.close();
  const path = join(folder, 'worker.1.ndjson');
  const lines = readFileSync(path, 'utf8').split('\n');
  writeFileSync(path, [lines[0], lines[1]!.slice(0, 12), lines[2], ''].join('\n'));
  expect(() => readLog(folder)).toThrow(/^worker\.1\.ndjson: line 2 is no entry; only the last line/);
  writeFileSync(path, [lines[0], lines[2], ''].join('\n'));
  expect(() => readLog(folder)).toThrow(/^worker\.1\.ndjson: line 2 has seq 2, not 1;/);
});

it('refuses a name that would make another file name', () => {
  expect(() => new LogWriter(folder, '../x')).toThrow('log writer: the name is "../x"; use A-Z a-z 0-9 _ -');
});

it('refuses an entry of a kind that nobody would check', () => {
  const unknown = { kind: 'effects', correlationId: 'c1', runId: 'r1', at: 0, source: 'x', seq: 0 } as unknown as Entry;
  expect(() => buildLog([unknown])).toThrow('an entry of kind "effects": the checker knows no such kind');
});

/** What a process has been told is appended stays, however it dies. */
it('loses nothing that was appended before a SIGKILL', async () => {
  const program = `
    require('@swc/core'); const { transformFileSync } = require('@swc/core');
    const { code } = transformFileSync(process.argv[1], { jsc: { parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } });
    const module_ = { exports: {} }; new Function('exports', 'require', code)(module_.exports, require);
    const writer = new module_.exports.LogWriter(process.argv[2], 'victim');
    for (let i = 0; ; i++) { writer.append({ kind: 'key', key: String(i) }); require('fs').writeSync(1, i + '\\n'); }`;
  const victim = spawn(process.execPath, ['-e', program, join(__dirname, 'log-writer.ts'), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  const exited = new Promise((resolve) => victim.once('close', resolve));
  victim.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    if (said.length > 5000) victim.kill('SIGKILL');
  });
  await exited;
  const told = said.slice(0, said.lastIndexOf('\n')).split('\n').length;
  const entries = readLog(folder);
  expect(told).toBeGreaterThan(500);
  expect(entries.length).toBeGreaterThanOrEqual(told);
  expect(entries.map((entry) => (entry as { key: string }).key)).toEqual(entries.map((_, i) => String(i)));
});
