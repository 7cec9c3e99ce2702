import { ask } from '@stile/local-redis';
import { alsoRun, onCluster } from '../support/engines';
import { RedisMachineListing } from '../../libs/machine/src/redis/listing/redis-machine-listing';
import { LostChildren } from '../../libs/machine/src/snapshot/lost-children';
import { moveSlot, slotOf } from '../support/move-slot';
import { waitFor } from '../support/redis';
import { plain, twentyTimes } from './support/machines';
import { rich } from './support/rich-sketch';
import { World } from './support/world';

const PARTITIONS = 6;

const cluster = onCluster(PARTITIONS);

describe('on a cluster of three masters', () => {
  let world: World;
  beforeEach(() => {
    world = new World();
  });
  afterEach(() => world.close());

  it('partitions are on several nodes, and machines of all of them run to their end', async () => {
    const nodes = new Set<number>();
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const { owner } = await slotOf(cluster.server.masters, world.keys.watch(partition));
      nodes.add(owner.port);
    }
    expect(nodes.size).toBeGreaterThan(1); // which ones is the prefix's chance
    await world.worker([plain('plain')]);
    const ids = await Promise.all(Array.from({ length: 100 }, () => world.start({ machine: 'plain' })));
    for (const id of ids) expect(await world.until(id, 'completed')).toMatchObject({ steps: 2, retries: 0 });
    expect(new Set(ids.map((id) => world.keys.partitionOf(id))).size).toBe(PARTITIONS);
    const { items } = await new RedisMachineListing(world.redis, world.keys).list({ machine: 'plain' }, { limit: 200 });
    expect(items.map(({ correlationId, status }) => `${correlationId} ${status}`).sort()).toEqual(
      ids.map((id) => `${id} completed`).sort(),
    );
  });

  it('a node that may evict is refused by its address', async () => {
    const [, second] = cluster.server.masters;
    const port = second?.port ?? 0;
    await ask(port, 'CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
    try {
      await expect(world.worker([plain('plain')])).rejects.toThrow(
        new RegExp(`the node 127.0.0.1:${port} has maxmemory-policy "allkeys-lru"`),
      );
    } finally {
      await ask(port, 'CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
    }
  });

  it('the slot of a busy partition moves to another node and back: every step is committed once, and no retry is spent', async () => {
    await world.worker([twentyTimes('long')], { worker: { stickySteps: 5 } });
    await world.worker([twentyTimes('long')], { worker: { stickySteps: 5 } });
    const ids = await Promise.all(Array.from({ length: 80 }, () => world.start({ machine: 'long' })));
    await world.untilCounted('committed', 100);
    const { masters } = cluster.server;
    const busy = ids.filter((id) => world.keys.partitionOf(id) === 1);
    const { slot, owner: from } = await slotOf(masters, world.keys.watch(1));
    const to = masters.find((master) => master !== from) ?? from;
    const steps = async () => (await Promise.all(busy.map((id) => world.get(id)))).reduce((sum, view) => sum + view.steps, 0);
    expect(await moveSlot(masters, slot, { from, to })).toBeGreaterThan(20);
    const before = await steps();
    await waitFor(() => steps().then((now) => now > before), { what: 'they go on there' });
    expect(await moveSlot(masters, slot, { from: to, to: from })).toBeGreaterThan(20);
    for (const id of ids) {
      expect(await world.until(id, 'completed', 30_000)).toMatchObject({ context: { n: 20 }, steps: 21, retries: 0 });
      const history = (await world.machines.history(id)) ?? [];
      expect(history.map(({ steps, outcome }) => `${steps} ${outcome}`)).toEqual(
        Array.from({ length: 21 }, (_, steps) => `${steps} committed`),
      );
      const fences = history.map(({ fence }) => fence);
      expect([...new Set(fences)].sort((a, b) => a - b)).toEqual(fences);
    }
  });

  it('a parent on whichever node is told of a child that no snapshot has', async () => {
    const kid = rich('kid', { first: { on: { go: 'end' } }, end: { final: true } });
    const asking = rich('parent', {
      fan: {
        do: (_context, step) => void step.startAll('kid', [{}], { event: 'joined', failed: 'broken' }),
        on: { joined: 'end', broken: 'end' },
      },
      end: { final: true },
    });
    await world.worker([asking, kid]);
    const ids = await Promise.all(Array.from({ length: 12 }, () => world.start({ machine: 'parent' })));
    const child = async (id: string) => (await world.machines.children(id))?.[0];
    for (const id of ids) {
      await waitFor(async () => (await child(id))?.outcome === 'running', { what: 'its child is there' });
      await world.redis.del(world.keys.record((await child(id))?.correlationId ?? ''));
    }
    expect(await new LostChildren(world.redis, world.keys).tell(ids)).toBe(ids.length);
    for (const id of ids) await world.until(id, 'completed');
  });

  it('while a slot moves no script begins there, so none breaks off half-way: what it would have written is written afterwards', async () => {
    const { runtime } = world.pod({ worker: false });
    await world.worker([plain('plain')]);
    const id = await world.start({ machine: 'plain', delayMs: 60_000 });
    const { masters } = cluster.server;
    const { slot, owner: from } = await slotOf(masters, world.keys.record(id));
    const to = masters.find((master) => master !== from) ?? from;
    let tried = false;
    await moveSlot(masters, slot, { from, to, batch: 3 }, async () => {
      if (tried) return;
      tried = true;
      // Its list of places would be left and emptied, and the new place made: keys that a moving slot does not let a script touch.
      const before = await world.redis.hgetall(world.keys.record(id));
      await expect(runtime.steering.pause(id, {})).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
      expect(await world.redis.hgetall(world.keys.record(id))).toEqual(before);
    });
    expect(tried).toBe(true);
    await waitFor(() => runtime.steering.pause(id, {}).then(() => true), { what: 'it is paused after the slot has moved' });
    expect(await runtime.listing.counts('plain')).toEqual([
      { machine: 'plain', version: 1, status: 'paused', state: 'pseudo_init', count: 1 },
    ]);
    await moveSlot(masters, slot, { from: to, to: from });
  });
});

alsoRun('engine-run', 'messages', 'children', 'protocol-step-store', 'protocol-history', 'protocol-events');
