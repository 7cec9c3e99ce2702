import { StileRuntime } from '@stile/machine';
import { Redis } from 'ioredis';
import { testRedisUrl, uniquePrefix, waitFor } from '../support/redis';
import { Gate } from './support/gate';
import { MACHINES, Programs, type Program } from './support/programs';

const LEASE_MS = 2000;
const LONG = 180_000; // programs start slowly on a busy machine
const quiet = { debug() {}, log() {}, warn() {}, error() {} };

let prefix: string;
let redis: Redis;
let client: StileRuntime;
let programs: Programs;
let gate: Gate;

beforeEach(() => {
  prefix = uniquePrefix('shares');
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
  await Promise.all(started.map((worker) => worker.says('is ready', 60_000)));
  return started;
}

const start = (correlationId: string) => client.machines.start({ machine: 'gated', correlationId, context: { gate: gate.key } });

const share = async (name: string) => (await client.shares.list()).find((view) => view.name === name);

const entered = () => redis.llen(`${gate.key}:entered`);

it(
  'a limit holds over two worker processes',
  async () => {
    await client.shares.set({ kind: 'tenant', of: 'acme' }, { concurrency: 3 });
    await workers(2);
    for (let i = 0; i < 8; i++) await start(`acme.${i}`);
    await waitFor(async () => (await share('tenant:acme'))?.waiting === 5, { what: 'five machines in line' });
    await waitFor(async () => (await entered()) >= 3, { what: 'those that have slots to have begun' });
    expect(await entered()).toBe(3);
    await gate.open();
    const done = async () => {
      const views = await Promise.all(Array.from({ length: 8 }, (_, i) => client.machines.get(`acme.${i}`)));
      return views.every((view) => view?.status === 'completed' && view.retries === 0);
    };
    await waitFor(done, { what: 'all eight completed' });
    await waitFor(async () => (await share('tenant:acme'))?.inUse === 0, { what: 'all slots given back' });
  },
  LONG,
);

it(
  'slots of a worker that is killed come back when their time is over, one and a half leases later',
  async () => {
    await client.shares.set({ kind: 'tenant', of: 'acme' }, { concurrency: 2 });
    const [doomed] = await workers(1);
    await start('acme.0');
    await start('acme.1');
    await waitFor(async () => (await entered()) === 2, { what: 'both slots in use' });
    await start('acme.2');
    await waitFor(async () => (await share('tenant:acme'))?.waiting === 1, { what: 'a machine in line' });
    await workers(1);
    doomed!.kill('SIGKILL');
    const killedAt = performance.now();
    await waitFor(async () => (await entered()) >= 4, { what: 'machines that go on in the slots of the dead' });
    const took = performance.now() - killedAt;
    expect((await share('tenant:acme'))?.inUse).toBeLessThanOrEqual(2);
    console.log(`slots of a killed worker were used again after ${Math.round(took)} ms, with leases of ${LEASE_MS} ms`);
    expect(took).toBeLessThan(1.5 * LEASE_MS + 5000);
    await gate.open();
    const done = async () => {
      const views = await Promise.all([0, 1, 2].map((i) => client.machines.get(`acme.${i}`)));
      return views.every((view) => view?.status === 'completed');
    };
    await waitFor(done, { what: 'all three completed' });
    await waitFor(async () => (await share('tenant:acme'))?.inUse === 0, { what: 'no slot leaked' });
  },
  LONG,
);
