import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalRedis, type LocalRedis } from '@stile/local-redis';
import { dumpKeys } from './support/dump-keys';
import { plain, twentyTimes } from './support/machines';
import { sketch, World } from './support/world';

let world: World;
let folder: string;
const servers: LocalRedis[] = [];
const worlds: World[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stile-engine-'));
  world = newWorld();
});
afterEach(async () => {
  await Promise.all(worlds.splice(0).map((each) => each.close()));
  await Promise.all(servers.splice(0).map((server) => server.stop()));
  await rm(folder, { recursive: true, force: true });
});

function newWorld(url?: string): World {
  const made = new World(url);
  worlds.push(made);
  return made;
}

async function startRedis(name: string, options: { port?: number; maxmemoryPolicy?: string } = {}): Promise<LocalRedis> {
  const server = await startLocalRedis({ dir: join(folder, name), ...options });
  servers.push(server);
  return server;
}

describe('the queue', () => {
  it('may lose everything: the watchdog resumes all machines', async () => {
    const machine = sketch('slowly', {
      a: {
        do: async (context, step) => {
          context.n = ((context.n as number | undefined) ?? 0) + 1;
          if (context.n === 3) return 'end';
          step.delay(300);
          return 'more';
        },
        on: { more: 'a', end: 'b' },
      },
      b: { final: true },
    });
    await world.worker([machine], { worker: { concurrency: 5 } });
    const ids = await Promise.all(Array.from({ length: 30 }, () => world.start({ machine: 'slowly' })));
    await world.untilCounted('committed', 10);
    const names = Object.keys(await dumpKeys(world.redis, world.keys.queuePrefix(0)));
    expect(names.length).toBeGreaterThan(0);
    await world.redis.del(names);
    for (const id of ids) expect(await world.until(id, 'completed', 10_000)).toMatchObject({ context: { n: 3 }, steps: 4 });
    expect((await world.counts()).redriven).toBeGreaterThan(0);
  });
});

describe('Redis', () => {
  it('must not evict: a worker refuses to start and says what to type', async () => {
    const server = await startRedis('evicting', { maxmemoryPolicy: 'allkeys-lru' });
    const there = newWorld(server.url);
    const refusal = there.worker([plain('plain')]);
    await expect(refusal).rejects.toMatchObject({ code: 'STORE_UNFIT' });
    await expect(refusal).rejects.toThrow(/allkeys-lru.*config set maxmemory-policy noeviction/);
  });

  it('keeps its number of partitions: another one is refused', async () => {
    await world.worker([plain('plain')], { partitions: 1 });
    await expect(world.worker([plain('plain')], { partitions: 4 })).rejects.toThrow(/1 partitions .* now 4/);
  });

  it('may be killed and started again (append-only): everything goes on', async () => {
    const server = await startRedis('main');
    const there = newWorld(server.url);
    const machine = twentyTimes('long');
    await there.worker([machine], { worker: { stickySteps: 4 } });
    const ids = await Promise.all(Array.from({ length: 10 }, () => there.start({ machine: 'long' })));
    await there.untilCounted('committed', 30);
    server.kill('SIGKILL');
    await server.exited;
    await startRedis('main', { port: server.port });
    for (const id of ids)
      expect(await there.until(id, 'completed', 15_000)).toMatchObject({ context: { n: 20 }, steps: 21, retries: 0 });
    const history = (await there.machines.history(ids[0] ?? '')) ?? [];
    const fences = history.map(({ fence }) => fence);
    expect(history.map(({ steps }) => steps)).toEqual(Array.from({ length: 21 }, (_, steps) => steps));
    expect([...fences].sort((a, b) => a - b)).toEqual(fences);
  });
});

describe('a lease store on another server', () => {
  const machine = () => twentyTimes('split');

  it('may go down when there is a second one: counted, flipped, and all machines finish', async () => {
    const [primary, secondary] = await Promise.all([startRedis('primary'), startRedis('secondary')]);
    const lease = { url: primary.url, secondaryUrl: secondary.url, ttlMs: 1500 };
    await world.worker([machine()], { lease, worker: { stickySteps: 5 } });
    const ids = await Promise.all(Array.from({ length: 10 }, () => world.start({ machine: 'split' })));
    await world.untilCounted('committed', 30);
    primary.kill('SIGKILL');
    for (const id of ids)
      expect(await world.until(id, 'completed', 20_000)).toMatchObject({ context: { n: 20 }, steps: 21, retries: 0 });
    expect((await world.counts()).cache).toBeGreaterThan(0);
    expect(await world.redis.hget(world.keys.record(ids[0] ?? ''), 'seat')).toBe('secondary');
    expect(await world.redis.exists(world.keys.lease(ids[0] ?? ''))).toBe(0);
  });

  it('keeps long steps to themselves: renewals move the watch on, nothing is driven meanwhile', async () => {
    const primary = await startRedis('primary');
    const slow = sketch('slow', {
      a: {
        do: async () => {
          await new Promise((resolve) => setTimeout(resolve, 2500));
          return 'end';
        },
        on: { end: 'b' },
      },
      b: { final: true },
    });
    await world.worker([slow], { lease: { url: primary.url, ttlMs: 600 } });
    expect(await world.run('slow')).toMatchObject({ fence: 2 });
    await world.expectCounts({ started: 1, committed: 2, completed: 1 });
    expect(await world.addedJobs()).toHaveLength(2); // the first, and the one of its end, as the step has used its budget
  });
});
