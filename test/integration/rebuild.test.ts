import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { RedisLeaseStore } from '@stile/lease';
import { startLocalRedis, type LocalRedis } from '@stile/local-redis';
import { Redis } from 'ioredis';
import { FusedStepStore } from '../../libs/machine/src/redis/fused-step-store';
import { Keyspace } from '../../libs/machine/src/redis/keyspace';
import { rebuild } from '../../libs/machine/src/snapshot/rebuild';
import { snapshotsIn } from '../../libs/machine/src/snapshot/snapshot-folder';
import { takeSnapshot } from '../../libs/machine/src/snapshot/take-snapshot';
import { waitFor } from '../support/redis';
import { administer } from './support/child-script';
import { Deployment, untilStatus } from './support/deployment';
import { handmade } from './support/world';

let folder: string;
let servers: LocalRedis[];
let deployments: Deployment[];

beforeEach(async () => {
  [servers, deployments] = [[], []];
  folder = await mkdtemp(join(tmpdir(), 'stile-rebuild-'));
});
afterEach(async () => {
  await Promise.all(deployments.map((each) => each.close()));
  await Promise.all(servers.map((server) => server.stop()));
  await rm(folder, { recursive: true, force: true });
});

/** A Redis of its own, empty, and the deployment in it. */
async function place(prefix = 'stile'): Promise<{ server: LocalRedis; deployment: Deployment }> {
  const server = await startLocalRedis({ dir: await mkdtemp(join(folder, 'redis-')) });
  servers.push(server);
  const deployment = new Deployment(server.url, prefix);
  deployments.push(deployment);
  return { server, deployment };
}

const snapshots = (): string => join(folder, 'snapshots');
const take = (redis: Redis, partitions = 1) =>
  takeSnapshot(redis, new Keyspace('stile', partitions), snapshots(), () => Promise.resolve(true));
const restore = (redis: Redis, partitions = 1) => rebuild(redis, { prefix: 'stile', partitions, folder: snapshots() });

it('restores everything into an empty Redis, through a kill at every point, and all of it goes on', async () => {
  const { server, deployment } = await place();
  const worker = await deployment.start(2);
  const probes = await deployment.populate(worker, 2);
  await worker.machines.start({ machine: 'count', correlationId: 'busy' });
  await waitFor(async () => ((await worker.machines.get('busy'))?.steps ?? 0) > 2, { what: 'a machine that runs' });
  const taken = await take(deployment.redis, 2); // while it runs
  expect(taken?.machines).toBe(5 * 6 + 1 + 3 + 1 + 1 + probes);
  await untilStatus(worker.machines, 'busy', 'completed');
  const fences = new Map<string, number>();
  for (const { correlationId } of (await worker.listing.list({}, { limit: 200 })).items) {
    fences.set(correlationId, Number(await deployment.redis.hget(worker.keys.record(correlationId), 'fence')));
  }
  server.kill('SIGKILL');
  await deployment.stop();

  const { deployment: anew } = await place();
  const options = { redis: { url: anew.url }, prefix: 'stile', partitions: 3, snapshots: pathToFileURL(snapshots()).href };
  for (const death of [
    { at: 'locked', nth: 1 },
    { at: 'machine', nth: 1 },
    { at: 'machine', nth: 20 },
    { at: 'restored', nth: 1 },
  ]) {
    expect([death, (await administer('rebuildDeployment', options, death)).signal]).toEqual([death, 'SIGKILL']);
    await expect(anew.start(3)).rejects.toThrow('run "stile rebuild" to its end');
    await anew.stop();
  }
  const last = await administer('rebuildDeployment', options);
  expect([last.code, last.err]).toEqual([0, '']);
  expect(JSON.parse(last.out)).toMatchObject({ snapshot: taken?.name, machines: taken?.machines, lostChildren: 0 });
  const runtime = await anew.start(3);
  await anew.expectToGoOn(runtime);
  const busy = await untilStatus(runtime.machines, 'busy', 'completed');
  expect(busy).toMatchObject({ context: { n: 20 }, steps: 21 });
  let compared = 0;
  for (const [id, before] of fences) {
    const now = await anew.redis.hget(runtime.keys.record(id), 'fence');
    if (!/^(waiter|held|picky|family)/.test(id)) continue; // others may have ended before
    expect([id, Number(now) > before]).toEqual([id, true]);
    compared++;
  }
  expect(compared).toBeGreaterThan(15);
});

it('refuses whoever has a claim from before, on the same server as well, and hands out a greater token', async () => {
  const { deployment } = await place();
  const { redis } = deployment;
  const keys = new Keyspace('stile', 1);
  const { machines } = await deployment.start(1);
  await machines.start({ machine: 'kid', correlationId: 'k', delayMs: 1000 });
  await deployment.stop();
  await redis.hset(keys.record('k'), { status: 'queued', due: '0' });
  const store = new FusedStepStore(redis, keys, new RedisLeaseStore(redis, { keyOf: (id) => keys.lease(id) }), {
    ...{ leaseTtlMs: 60_000, historyLimit: 100, retentionMs: 60_000, worker: 'stale', monotonic: () => performance.now() },
  });
  const stale = await store.claim(handmade('k', 'kid'), 'nonce-before');
  if (stale.outcome !== 'claimed') throw new Error(`it is ${stale.outcome}`);
  await take(redis);
  await redis.flushall(); // the server, and so its identity, stays the same
  await restore(redis);
  const item = { steps: 0, retries: 0, fence: stale.claim.fence, from: '', event: '', to: 'b', outcome: 'committed' } as const;
  const failed = { code: 'X', message: 'x' };
  const write = { item: { ...item, error: null, startedAt: '', durationMs: 0, worker: 'stale' }, retentionMs: 1, delayMs: 0 };
  const change = { next: 'completed', state: 'b', event: 'go', context: '{}', ...write } as const;
  expect(await store.commit(stale.claim, change)).toEqual({ outcome: 'stale' });
  expect(await store.fail(stale.claim, { next: 'failed', error: failed, ...write })).toEqual({ outcome: 'stale' });
  expect(await store.note(stale.claim, { kind: 'result', key: 'k', json: '1' })).toBe(false);
  expect(await store.renew(stale.claim)).toBe('lost');
  expect(await store.release(stale.claim)).toBeUndefined();
  const next = await store.claim(handmade('k', 'kid'), 'nonce-after');
  if (next.outcome !== 'claimed') throw new Error(`it is ${next.outcome}`);
  expect(next.claim.fence).toBeGreaterThan(Date.parse('2020-01-01') * 1000);
  const again = await store.commit(next.claim, { ...change, next: 'queued' });
  expect(again).toMatchObject({ outcome: 'committed' });
});

it('tells a parent of a child that is in no snapshot, and gives it results anew that it was read without', async () => {
  const { deployment } = await place();
  const { redis } = deployment;
  const { machines, events, keys } = await deployment.start(1);
  await machines.start({ machine: 'parent', correlationId: 'family' });
  const kids = async () => ((await machines.children('family')) ?? []).map(({ correlationId }) => correlationId);
  await waitFor(async () => (await kids()).length === 3, { what: 'children' });
  const [first = '', second = '', third = ''] = await kids();
  for (const id of [first, second, third]) await untilStatus(machines, id, 'waiting');
  const early = await redis.dumpBuffer(keys.record('family'));
  const earlyKids = await redis.dumpBuffer(keys.children('family'));
  await events.send(first, { event: 'go' });
  await events.send(second, { event: 'go' });
  for (const id of [first, second]) {
    await untilStatus(machines, id, 'completed');
    await waitFor(async () => (await redis.llen(keys.outbox(id))) === 0, { what: 'its result has been given' });
  }
  await deployment.stop();
  // As if the parent had been read before the results came, and the third child never.
  await redis.restore(keys.record('family'), 0, early, 'REPLACE');
  await redis.restore(keys.children('family'), 0, earlyKids, 'REPLACE');
  await redis.zrem(keys.ids(0), third);
  await redis.zrem(keys.place(0, 'patient@1|waiting|first'), third);
  await take(redis);
  await redis.flushall();
  expect(await restore(redis)).toMatchObject({ lostChildren: 1, restored: 3 });
  const runtime = await deployment.start(1);
  const { context } = await untilStatus(runtime.machines, 'family', 'completed');
  expect(context.broken).toMatchObject({ failed: 1 });
  await waitFor(
    async () => {
      const outcomes = ((await runtime.machines.children('family')) ?? []).map(({ outcome, error }) => error?.code ?? outcome);
      return outcomes.includes('CHILD_LOST');
    },
    { what: 'the child that is lost' },
  );
});

it('refuses where a process has come just before the lock, which that one has not seen', async () => {
  const { deployment } = await place();
  const { redis } = deployment;
  await deployment.start(1);
  await deployment.stop();
  await take(redis);
  await redis.flushall();
  const hset = redis.hset.bind(redis) as (...args: unknown[]) => Promise<number>;
  const lock = jest.spyOn(redis, 'hset') as jest.SpyInstance;
  lock.mockImplementationOnce(async (...args: unknown[]) => {
    await deployment.start(1);
    return hset(...args);
  });
  await expect(restore(redis)).rejects.toThrow('has just begun a new deployment');
  expect(await redis.hgetall('stile:layout')).toEqual({ partitions: '1' });
});

it('refuses a Redis that is not empty, and a snapshot that is not whole', async () => {
  const { deployment } = await place();
  await deployment.start(1);
  await deployment.stop();
  await expect(restore(deployment.redis)).rejects.toThrow('no whole snapshot');
  const taken = await take(deployment.redis);
  await expect(restore(deployment.redis)).rejects.toThrow(/not empty under the prefix "stile".*STILE_PREFIX/);
  await deployment.redis.flushall();
  await deployment.redis.hset('stile:layout', { partitions: 1, rebuilding: 'another' });
  await expect(restore(deployment.redis)).rejects.toThrow('half rebuilt from another');
  expect(taken?.machines).toBe(0);
});

it('is taken on a schedule by one worker at a time, and given up when the worker stops', async () => {
  const { deployment } = await place();
  const worker = { snapshots: { url: pathToFileURL(snapshots()).href, everyMs: 1500, keep: 2 } };
  const { machines } = await deployment.start(1, { worker });
  await deployment.start(1, { worker });
  await machines.start({ machine: 'patient', correlationId: 'p' });
  await waitFor(async () => (await snapshotsIn(snapshots())).length === 2, { what: 'two snapshots' });
  const [oldest] = await snapshotsIn(snapshots());
  await waitFor(async () => (await snapshotsIn(snapshots()))[0] !== oldest, { what: 'the oldest has gone' });
  const times = (await snapshotsIn(snapshots())).map((name) => Number(name.slice(18, 27)));
  expect(Math.abs((times[1] ?? 0) - (times[0] ?? 0))).toBeGreaterThanOrEqual(1000); // hhmmssmmm
  await deployment.stop();
  expect((await readdir(snapshots())).filter((name) => name.endsWith('.part'))).toEqual([]);
});
