import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogWriter, type Entry } from '../log';
import { checkFolder, checkLog, describeViolation } from './check';
import { LogBuilder } from './testing/log-builder';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'stile-log-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** Twenty machines; the seventh lacks a commit, the eighth is live, and a key is left. */
function faulty(): LogBuilder {
  const builder = new LogBuilder();
  for (let i = 0; i < 20; i++) {
    const live = i === 8;
    builder.run(3, { correlationId: `c${i}`, live, status: live ? 'waiting' : 'completed' });
    builder.add({ kind: 'key', key: `{stile:0}:m:c${i === 8 ? 8 : 'x'}` });
  }
  builder.add({ kind: 'fault', what: 'sigkill', target: 'worker.1' });
  const entry = builder.entries.find((each) => each.kind === 'history' && each.correlationId === 'c7' && each.steps === 1)!;
  builder.entries.splice(builder.entries.indexOf(entry), 1);
  return builder;
}

function write(entries: readonly Entry[]): void {
  const writers = new Map<string, LogWriter>();
  for (const { source, ...body } of entries) {
    const [name, pid] = source.split('.') as [string, string];
    if (!writers.has(source)) writers.set(source, new LogWriter(folder, name, { pid: Number(pid), now: () => 0 }));
    writers.get(source)!.append(body);
  }
  for (const writer of writers.values()) writer.close();
}

it('sums up all invariants, or those that are chosen', () => {
  const summary = checkLog(faulty().log());
  expect(summary).toMatchObject({ ok: false, counts: { I1: 1, I2: 0, I3: 1, I4: 0, I5: 0, I6: 19 } });
  expect(summary.violations).toHaveLength(21);
  expect(checkLog(faulty().log(), { only: ['I1', 'I2'] }).counts).toEqual({ I1: 1, I2: 0 });
  expect(checkLog(faulty().log(), { only: ['I2'] }).ok).toBe(true);
  const few = checkLog(faulty().log(), { maxViolations: 2 });
  expect([few.counts.I6, few.violations.length]).toEqual([19, 4]);
  expect(checkLog(faulty().log(), { maxViolations: 0 }).ok).toBe(false);
});

it('says the same of a folder, in one pass and in many', () => {
  const builder = faulty();
  write(builder.entries);
  const { counts, figures } = checkLog(builder.log());
  const one = checkFolder(folder);
  const many = checkFolder(folder, { passBytes: 1000 });
  expect(one).toMatchObject({ counts, figures });
  expect(many).toMatchObject({ counts, figures });
  expect(new Set(many.violations.map(({ text }) => text))).toEqual(new Set(one.violations.map(({ text }) => text)));
});

it('knows of a lost tail in every pass', () => {
  const builder = new LogBuilder();
  for (let i = 0; i < 20; i++) builder.started({ correlationId: `c${i}` });
  builder.add({ kind: 'lost', until: 0 });
  write(builder.entries);
  expect(checkFolder(folder, { passBytes: 300 })).toMatchObject({ ok: true, figures: { losses: { starts: 20 } } });
});

it('prints a violation with the lines it rests on', () => {
  const builder = new LogBuilder();
  const attempts = [builder.attempt(), builder.attempt({ worker: 'worker.2' })];
  builder.end({ status: 'failed' });
  const [found] = checkLog(builder.log(), { only: ['I2'] }).violations;
  expect(describeViolation(found!).split('\n')).toEqual([
    'I2 c1: run r1: fence 1 was issued twice: to worker.1 (step 0, retry 0) and to worker.2 (step 0, retry 0)',
    `    worker.1:1 ${JSON.stringify(attempts[0])}`,
    `    worker.2:1 ${JSON.stringify(attempts[1])}`,
  ]);
});
