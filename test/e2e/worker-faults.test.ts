import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalRedis } from '@stile/local-redis';
import { StileRuntime, type HistoryItem, type MachineView } from '@stile/machine';
import { Redis } from 'ioredis';
import { testRedisUrl, uniquePrefix, waitFor } from '../support/redis';
import { Gate } from './support/gate';
import { MACHINES, Programs, type Program } from './support/programs';

const LEASE_MS = 1000;
const quiet = { debug() {}, log() {}, warn() {}, error() {} };

let prefix: string;
let redis: Redis;
let client: StileRuntime;
let programs: Programs;
let gate: Gate;

beforeEach(() => {
  prefix = uniquePrefix('faults');
  redis = new Redis(testRedisUrl());
  client = new StileRuntime({ redis: { url: testRedisUrl() }, prefix }, quiet);
  gate = new Gate(redis, `${prefix}-gate`);
  programs = new Programs({
    STILE_REDIS_URL: testRedisUrl(),
    STILE_PREFIX: prefix,
    STILE_MACHINES: MACHINES,
    STILE_LEASE_TTL_MS: String(LEASE_MS),
    STILE_SHUTDOWN_MS: '500',
  });
});
afterEach(async () => {
  await programs.end();
  await client.stop();
  redis.disconnect();
});

async function workers(count: number): Promise<Program[]> {
  const started = Array.from({ length: count }, () => programs.worker());
  await Promise.all(started.map((worker) => worker.says('is ready')));
  return started;
}

const start = (machine: string, correlationId: string) =>
  client.machines.start({ machine, correlationId, context: { gate: gate.key } });

function finished(correlationId: string, timeoutMs = 15_000): Promise<MachineView> {
  const over = async () => {
    const machine = await client.machines.get(correlationId);
    return machine?.finishedAt ? machine : undefined;
  };
  return waitFor(over, { what: `the end of ${correlationId}`, timeoutMs });
}

async function history(correlationId: string): Promise<readonly HistoryItem[]> {
  return (await client.machines.history(correlationId)) ?? [];
}

const brief = (items: readonly HistoryItem[]) => items.map(({ steps, retries, to, outcome }) => [steps, retries, to, outcome]);
const BOTH_STEPS = [
  [0, 0, 'work', 'committed'],
  [1, 0, 'end', 'committed'],
];

function byPid(started: readonly Program[], pid: number): Program {
  const program = started.find((candidate) => candidate.pid === pid);
  if (!program) throw new Error(`no worker has pid ${pid}`);
  return program;
}

it('a worker killed in the middle of a step: another one finishes the machine within lease + 3 s', async () => {
  const started = await workers(2);
  await start('gated', 'killed');
  const first = await gate.told('entered', 1);
  byPid(started, first.pid).kill('SIGKILL');
  const killedAt = performance.now();
  const second = await gate.told('entered', 2);
  expect(performance.now() - killedAt).toBeLessThan(LEASE_MS + 3000);
  expect(second.pid).not.toBe(first.pid);
  expect(second.fence).toBeGreaterThan(first.fence);
  await gate.open();
  const machine = await finished('killed');
  expect(machine).toMatchObject({ status: 'completed', retries: 0, context: { doneBy: second.pid } });
  expect(brief(await history('killed'))).toEqual(BOTH_STEPS); // no attempt, no retry was spent on the kill
});

it('a worker stopped past its lease, resumed when another has finished: its signal is aborted, its commit refused as stale', async () => {
  const started = await workers(2);
  await start('gated', 'stopped');
  const first = await gate.told('entered', 1);
  const paused = byPid(started, first.pid);
  paused.kill('SIGSTOP');
  const second = await gate.told('entered', 2);
  expect(second.pid).not.toBe(first.pid);
  await gate.open();
  expect(await finished('stopped')).toMatchObject({ status: 'completed', context: { doneBy: second.pid } });

  paused.kill('SIGCONT');
  expect(await gate.told('aborted', 1)).toEqual(first);
  const stale = async () =>
    (await client.counters.totals()).find(({ count, machine }) => count === 'stale' && machine === 'gated');
  expect(await waitFor(stale, { what: 'a stale commit counted' })).toMatchObject({ value: 1 });
  expect(await client.machines.get('stopped')).toMatchObject({ status: 'completed', context: { doneBy: second.pid } });
  expect(brief(await history('stopped'))).toEqual(BOTH_STEPS);
});

it('SIGTERM: a step in hand finishes, and the worker ends with 0', async () => {
  const [worker] = await workers(1);
  await start('gated', 'drained');
  await gate.told('entered', 1);
  worker!.kill('SIGTERM');
  await worker!.says('draining: no new jobs are taken, 1 machines are in hand');
  await gate.open();
  expect(await worker!.exited()).toBe(0);
  const after = await client.machines.get('drained');
  expect(after).toMatchObject({ state: 'work', event: 'done', steps: 1, retries: 0, status: 'queued' });
  await workers(1);
  expect(await finished('drained')).toMatchObject({ status: 'completed' });
});

it('SIGTERM: a step that goes on too long is handed over, no retry spent, and the worker ends with 0', async () => {
  const started = await workers(2);
  await start('gated', 'handed-over');
  const first = await gate.told('entered', 1);
  const leaving = byPid(started, first.pid);
  leaving.kill('SIGTERM');
  expect(await gate.told('aborted', 1)).toEqual(first);
  const second = await gate.told('entered', 2);
  expect(second.pid).not.toBe(first.pid);
  expect(await leaving.exited()).toBe(0);
  await gate.open();
  expect(await finished('handed-over')).toMatchObject({ status: 'completed', context: { doneBy: second.pid } });
  expect(brief(await history('handed-over'))).toEqual(BOTH_STEPS);
});

it('SIGTERM while Redis is away: the worker ends in time and with 0, what it had in hand or not', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'stile-faults-'));
  const server = await startLocalRedis({ dir });
  const there = new StileRuntime({ redis: { url: server.url }, prefix }, quiet);
  const door = new Redis(server.url);
  door.on('error', () => undefined);
  const gateThere = new Gate(door, gate.key);
  const [worker, idle] = [
    programs.worker({ STILE_REDIS_URL: server.url }),
    programs.worker({ STILE_REDIS_URL: server.url, STILE_QUEUES: 'another' }),
  ];
  await Promise.all([worker.says('is ready'), idle.says('is ready')]);
  await there.machines.start({ machine: 'gated', correlationId: 'lost', context: { gate: gate.key } });
  await gateThere.told('entered', 1);
  server.kill('SIGKILL');
  await Promise.all([worker.says('ECONNREFUSED'), idle.says('ECONNREFUSED')]);
  const askedAt = performance.now();
  for (const program of [worker, idle]) program.kill('SIGTERM');
  expect(await Promise.all([worker.exited(), idle.exited()])).toEqual([0, 0]);
  expect(performance.now() - askedAt).toBeLessThan(500 + 6000);
  await there.stop();
  door.disconnect();
  rmSync(dir, { recursive: true });
});

it('an action that kills its worker every time: the machine fails as crashed, after five workers', async () => {
  let killed = 0;
  const nextWorker = () => programs.worker({ STILE_LEASE_TTL_MS: '300' });
  let worker = nextWorker();
  await worker.says('is ready');
  await start('poison', 'poisoned');
  for (;;) {
    const code = await Promise.race([worker.exited(), finished('poisoned', 20_000).then(() => 'over')]);
    if (code === 'over') break;
    expect(code).toBe(7);
    killed++;
    worker = nextWorker();
  }
  expect(killed).toBe(5);
  expect(await client.machines.get('poisoned')).toMatchObject({ status: 'failed', error: { code: 'CRASHED' } });
}, 60_000);
