import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { StileRuntime } from '@stile/machine';
import { Keyspace } from '../../libs/machine/src/redis/keyspace';
import { RedisAuditLog } from '../../libs/machine/src/redis/redis-audit-log';
import { takeSnapshot } from '../../libs/machine/src/snapshot/take-snapshot';
import { testRedisUrl, uniquePrefix, waitFor } from '../support/redis';
import { Deployment, untilStatus } from '../integration/support/deployment';
import { Terminal } from './support/commands';
import { MACHINES, Programs } from './support/programs';

let folder: string;
let old: Deployment;
let anew: Deployment;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stile-store-commands-'));
  old = new Deployment();
  anew = new Deployment(testRedisUrl(), uniquePrefix('anew'));
});
afterEach(async () => {
  await old.close();
  await anew.close();
  rmSync(folder, { recursive: true, force: true });
});

const terminal = ({ url, prefix }: Deployment, env: Record<string, string> = {}) =>
  new Terminal({ STILE_REDIS_URL: url, STILE_PREFIX: prefix, ...env });

it('stile repartition refuses with what to do, then moves; stile rebuild restores what a snapshot has', async () => {
  const { machines } = await old.start(1);
  for (const correlationId of ['p-1', 'p-2', 'p-3']) {
    await machines.start({ machine: 'patient', correlationId });
    await untilStatus(machines, correlationId, 'waiting');
  }
  expect(await terminal(old).run('repartition', '4')).toMatchObject({ code: 4, err: expect.stringContaining('stop all APIs') });
  await old.stop();
  expect(await terminal(old).json('repartition', '4')).toMatchObject({ from: 1, to: 4 });
  const again = await terminal(old).run('repartition', '4');
  expect([again.code, again.out]).toEqual([0, 'there are 4 partitions already\n']);
  expect(await terminal(old).run('repartition', '0')).toMatchObject({ code: 2 });

  const snapshot = await takeSnapshot(old.redis, new Keyspace(old.prefix, 4), folder, () => Promise.resolve(true));
  const env = { STILE_SNAPSHOT_URL: pathToFileURL(folder).href, STILE_PARTITIONS: '2' };
  expect(await terminal(anew).run('rebuild')).toMatchObject({ code: 2, err: expect.stringContaining('STILE_SNAPSHOT_URL') });
  expect(await terminal(old, env).run('rebuild')).toMatchObject({ code: 4, err: expect.stringContaining('not empty') });
  expect(await terminal(anew, env).run('rebuild', 'nothing.jsonl.gz')).toMatchObject({ code: 4 });
  const { code, out } = await terminal(anew, env).run('rebuild', snapshot?.name ?? '');
  expect([code, out]).toEqual([
    0,
    expect.stringMatching(/^restored 3 of 3 machines from .*\nsteps committed since .*\nstart APIs and workers now\n$/),
  ]);
  const runtime = await anew.start(2);
  await runtime.events.send('p-2', { event: 'go' });
  await untilStatus(runtime.machines, 'p-2', 'completed');

  // What was refused has changed nothing, the log included: a Redis that shall be rebuilt stays empty.
  const acts = async (redis: Deployment['redis'], keys: Keyspace) =>
    (await new RedisAuditLog(redis, keys, 0).read()).items.map(({ act, phase, who, ...told }) => [act, phase, who.via, told]);
  const moved = [
    ['repartition', 'asked', 'command', expect.objectContaining({ details: { from: 1, to: 4 } })],
    ['repartition', 'done', 'command', expect.objectContaining({ after: { moved: expect.any(Number) as number } })],
  ];
  expect(await acts(old.redis, new Keyspace(old.prefix, 4))).toEqual(moved);
  const rebuilt = { details: { snapshot: snapshot?.name, partitions: 2 }, after: { restored: 3, machines: 3, lostChildren: 0 } };
  expect(await acts(anew.redis, new Keyspace(anew.prefix, 2))).toEqual([
    ...moved,
    ['rebuild', 'done', 'command', expect.objectContaining(rebuilt)],
  ]);
});

it('stile repartition --live has running processes drain and end, and moves what they leave', async () => {
  const env = { STILE_REDIS_URL: old.url, STILE_PREFIX: old.prefix };
  const programs = new Programs({ ...env, STILE_MACHINES: join(MACHINES, 'gated.cjs'), STILE_CONCURRENCY: '2' });
  const quiet = { debug() {}, log() {}, warn() {}, error() {} };
  const runtimeOf = (partitions: number) =>
    new StileRuntime({ redis: { url: old.url }, prefix: old.prefix, partitions, worker: false }, quiet);
  const gate = `${old.prefix}-gate`;
  const ids = ['g-1', 'g-2', 'g-3', 'g-4', 'g-5'];
  try {
    const [worker, api] = [programs.worker(), programs.start(['apps/api/dist/main.js'], { STILE_PORT: '0' })];
    await Promise.all([worker.says('is ready'), api.says('listens on')]);
    const before = runtimeOf(1);
    await before.machines.startMany(ids.map((correlationId) => ({ machine: 'gated', correlationId, context: { gate } })));
    await before.stop();
    await waitFor(async () => (await old.redis.llen(`${gate}:entered`)) === 2, {
      what: 'two are in hand, three wait for their turn',
    });

    const command = terminal(old).begin('repartition', '4', '--live');
    await command.says('2 APIs and workers are asked to leave');
    expect(await api.exited()).toBe(0); // it has seen the lock; so has the worker, or will in a moment
    await worker.says('draining');
    await old.redis.set(`${gate}:open`, '1');
    expect(await command.ended()).toMatchObject({ code: 0, out: expect.stringContaining('there are 4 partitions now') });
    expect(await worker.exited()).toBe(0);
    expect(await old.redis.llen(`${gate}:entered`)).toBe(2);

    programs.worker({ STILE_PARTITIONS: '4' });
    const after = runtimeOf(4);
    for (const id of ids) await untilStatus(after.machines, id, 'completed');
    const histories = await Promise.all(ids.map((id) => after.machines.history(id)));
    expect(histories.map((items) => items?.map(({ outcome }) => outcome))).toEqual(ids.map(() => ['committed', 'committed']));
    expect(await old.redis.llen(`${gate}:entered`)).toBe(5); // no step was made twice
    await after.stop();
  } finally {
    await programs.end();
    await old.redis.del(`${gate}:open`, `${gate}:entered`);
  }
}, 120_000);
