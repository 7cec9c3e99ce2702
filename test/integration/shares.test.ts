import { RedisShareStore } from '../../libs/machine/src/redis/redis-share-store';
import { adminOf } from '../support/admin';
import { waitFor } from '../support/redis';
import { gate, handmade, sketch, World } from './support/world';

let world: World;
let store: RedisShareStore;

beforeEach(() => {
  world = new World();
  store = new RedisShareStore(world.redis, world.keys);
});
afterEach(() => world.close());

/** With leases that outlast a busy machine's pauses. */
const worker = (definitions: Parameters<World['worker']>[0], options: Parameters<World['worker']>[1] = {}) =>
  world.worker(definitions, { lease: { ttlMs: 10_000 }, ...options });

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** One step that takes some time, and how many of them ran beside each other. */
function busy(name: string, ms = 10) {
  const seen = { running: 0, most: 0, order: [] as string[] };
  const definition = sketch(name, {
    a: {
      do: async (_context, step) => {
        seen.order.push(step.correlationId);
        seen.most = Math.max(seen.most, ++seen.running);
        await sleep(ms);
        seen.running--;
        return 'go';
      },
      on: { go: 'b' },
    },
    b: { final: true },
  });
  return { seen, definition };
}

async function startAll(machine: string, ids: readonly string[]): Promise<void> {
  for (let from = 0; from < ids.length; from += 500) {
    await world.machines.startMany(ids.slice(from, from + 500).map((correlationId) => ({ machine, correlationId })));
  }
}

const ids = (tenant: string, count: number) => Array.from({ length: count }, (_, i) => `${tenant}.${String(i).padStart(4, '0')}`);

function allCompleted(list: readonly string[], timeoutMs = 50_000): Promise<unknown> {
  const left = async () => {
    const views = await Promise.all(list.map((id) => world.machines.get(id)));
    return views.filter((view) => view?.status !== 'completed').length;
  };
  return waitFor(async () => (await left()) === 0, { what: `${list.length} machines completed`, timeoutMs, everyMs: 50 });
}

const set = (name: string, limits: Parameters<RedisShareStore['put']>[1]) => {
  const [kind, of = '*'] = name.split(':');
  return store.put({ kind: kind as 'tenant', of }, limits, {});
};

/** Slots in use and machines in line: nothing may be left over. */
async function left(name: string) {
  const view = (await store.all()).find((share) => share.name === name);
  return { inUse: view?.inUse, waiting: view?.waiting };
}

describe('concurrency', () => {
  it('is that of a tenant over all workers; every machine runs once, and no retry is spent', async () => {
    const { seen, definition } = busy('work', 5);
    await set('tenant:acme', { concurrency: 3 });
    await worker([definition]);
    await worker([definition]);
    const list = ids('acme', 40);
    await startAll('work', list);
    await allCompleted(list);
    expect(seen.most).toBe(3);
    expect(seen.order).toHaveLength(40);
    const views = await Promise.all(list.map((id) => world.get(id)));
    expect(views.filter(({ retries }) => retries > 0)).toEqual([]);
    expect((await world.counts()).limited).toBeGreaterThan(0);
    await waitFor(async () => (await left('tenant:acme')).inUse === 0, { what: 'all slots given back' });
    expect(await left('tenant:acme')).toEqual({ inUse: 0, waiting: 0 });
  });

  it('keeps a tenant that floods the deployment from the others: 5,000 machines are started, and one of another tenant overtakes them', async () => {
    const { seen, definition } = busy('work', 50);
    await set('tenant:*', { concurrency: 10 });
    await worker([definition]);
    const flood = ids('flood', 5000);
    await startAll('work', flood);
    const startedAt = performance.now();
    await startAll('work', ['small.1']);
    await world.until('small.1', 'completed', 100_000);
    const before = seen.order.indexOf('small.1');
    console.log(
      `beside 5,000 machines of a flood another tenant's took ${Math.round(performance.now() - startedAt)} ms, ${before} before it`,
    );
    expect(before).toBeLessThan(1000);
    expect(seen.most).toBeLessThanOrEqual(11);
    expect(await store.look(flood.at(-1)!)).toMatchObject({ name: 'tenant:flood', inUse: 10, concurrency: 10 });
  }, 180_000);

  it('serves those that wait in their order', async () => {
    const { seen, definition } = busy('work', 2);
    await set('tenant:acme', { concurrency: 1 });
    const list = ids('acme', 12);
    await worker([definition], { worker: { concurrency: 1 } });
    await startAll('work', list);
    await allCompleted(list);
    expect(seen.order).toEqual(list);
  });

  it('is of tenant and definition together, and a machine that has one of them waits for the other', async () => {
    const work = busy('work', 10);
    const rest = busy('rest', 10);
    await set('tenant:acme', { concurrency: 4 });
    await set('definition:work', { concurrency: 2 });
    await worker([work.definition, rest.definition]);
    const lists = [ids('acme', 12), ids('bolt', 6)];
    await startAll('work', lists.flat());
    await startAll('rest', ['acme.r1', 'acme.r2']);
    await allCompleted([...lists.flat(), 'acme.r1', 'acme.r2']);
    expect(work.seen.most).toBe(2);
    await waitFor(async () => (await left('definition:work')).inUse === 0, { what: 'slots given back' });
    expect(await left('tenant:acme')).toEqual({ inUse: 0, waiting: 0 });
  });

  it('is heeded within a second of its change, and what waits goes on when it is taken off', async () => {
    const open = gate();
    const definition = sketch('work', { a: { do: async () => (await open.passed, 'go'), on: { go: 'b' } }, b: { final: true } });
    const { runtime } = await worker([definition]);
    await runtime.shares.set({ kind: 'definition', of: 'work' }, { concurrency: 1 }, { by: 'ada' });
    await sleep(1000);
    await startAll('work', ids('acme', 3));
    await waitFor(async () => (await left('definition:work')).waiting === 2, { what: 'two that wait' });
    expect(await runtime.shares.list()).toMatchObject([
      { name: 'definition:work', concurrency: 1, inUse: 1, waiting: 2, by: 'ada' },
    ]);
    const statuses = async () => (await Promise.all(ids('acme', 3).map((id) => world.get(id)))).map(({ status }) => status);
    expect((await statuses()).sort()).toEqual(['queued', 'queued', 'running']);
    expect(await runtime.shares.remove({ kind: 'definition', of: 'work' })).toBe(true);
    await waitFor(async () => (await statuses()).every((status) => status === 'running'), { what: 'all running' });
    open.open();
    await allCompleted(ids('acme', 3));
  });

  it('is told as the reason why a machine does not move', async () => {
    const open = gate();
    const definition = sketch('work', { a: { do: async () => (await open.passed, 'go'), on: { go: 'b' } }, b: { final: true } });
    await set('tenant:acme', { concurrency: 1 });
    const { runtime } = await worker([definition]);
    await startAll('work', ['acme.1']);
    await world.until('acme.1', 'running');
    await startAll('work', ['acme.2']);
    const told = await waitFor(
      async () => {
        const explanation = await runtime.explanations.explain('acme.2');
        return explanation?.reason === 'limited' && explanation;
      },
      { what: 'a machine in line' },
    );
    expect(told).toMatchObject({ limit: 'tenant:acme', slots: 1, slotsInUse: 1, before: 0 });
    expect(told.text).toMatch(/: waits for a slot of tenant acme: 1 of 1 in use, it is next; raise the limits of tenant:acme/);
    open.open();
    await allCompleted(['acme.1', 'acme.2']);
  });
});

it('weights: where several tenants wait for the same slots they get turns in their proportion', async () => {
  const { seen, definition } = busy('work', 2);
  await set('all', { concurrency: 1 });
  await set('tenant:big', { weight: 3 });
  const list = [...ids('big', 24), ...ids('small', 24)];
  const open = gate();
  const first = sketch('first', { a: { do: async () => (await open.passed, 'go'), on: { go: 'b' } }, b: { final: true } });
  await worker([definition, first], { worker: { concurrency: 20 } });
  await startAll('first', ['blocker']);
  await world.until('blocker', 'running');
  await startAll('work', list);
  await waitFor(async () => (await left('all')).waiting === 48, { what: 'all in line' });
  open.open();
  await allCompleted(list);
  const big = seen.order.slice(0, 24).filter((id) => id.startsWith('big.')).length;
  expect(big).toBeGreaterThanOrEqual(16);
  expect(big).toBeLessThanOrEqual(20);
});

it('rates: machines are taken up no faster than allowed, and in no fewer turns than there are', async () => {
  const { seen, definition } = busy('work', 1);
  await set('definition:work', { perSecond: 20, burst: 1 });
  await worker([definition]);
  const startedAt = performance.now();
  const list = ids('acme', 21);
  await startAll('work', list);
  await allCompleted(list);
  const took = performance.now() - startedAt;
  expect(took).toBeGreaterThan(950);
  expect(seen.order).toHaveLength(21);
});

it('a machine that ends in line, and one whose job is lost there, hold nobody up', async () => {
  const open = gate();
  const definition = sketch('work', { a: { do: async () => (await open.passed, 'go'), on: { go: 'b' } }, b: { final: true } });
  await set('tenant:acme', { concurrency: 1 });
  const { runtime } = await worker([definition]);
  await startAll('work', ['acme.1']);
  await world.until('acme.1', 'running');
  await startAll('work', ['acme.2', 'acme.3', 'acme.4']);
  await waitFor(async () => (await left('tenant:acme')).waiting === 3, { what: 'three in line' });
  await runtime.steering.cancel('acme.2', { mode: 'now' });
  await waitFor(async () => (await world.queue().getDelayedCount()) === 3, { what: 'their jobs put off' });
  await world.queue().remove('acme.3.0.0.0');
  open.open();
  await allCompleted(['acme.1', 'acme.3', 'acme.4']);
  await waitFor(async () => (await left('tenant:acme')).inUse === 0, { what: 'all slots given back' });
});

describe('the store', () => {
  const turn = (id: string, token: string) => ({ correlationId: id, tenant: 'acme', definition: 'work', token });
  const ask = (id: string, token: string, ttlMs = 60_000) => store.take(turn(id, token), handmade(id, 'work'), ttlMs);

  it('answers a repeat as it answered first, and takes no second slot for it', async () => {
    await set('tenant:acme', { concurrency: 1 });
    expect(await ask('acme.1', 't1')).toMatchObject({ outcome: 'taken' });
    expect(await ask('acme.1', 't1')).toMatchObject({ outcome: 'taken' });
    expect(await ask('acme.2', 't2')).toMatchObject({ outcome: 'wait', name: 'tenant:acme' });
    expect(await ask('acme.2', 't2')).toMatchObject({ outcome: 'wait', name: 'tenant:acme' });
    expect(await left('tenant:acme')).toEqual({ inUse: 1, waiting: 1 });
    expect(await store.give(turn('acme.1', 't1'))).toEqual([handmade('acme.2', 'work')]);
    expect(await store.give(turn('acme.1', 't1'))).toEqual([]);
    expect(await left('tenant:acme')).toEqual({ inUse: 1, waiting: 0 }); // kept for acme.2
    expect(await ask('acme.3', 't3')).toMatchObject({ outcome: 'wait' });
    expect(await ask('acme.2', 't4')).toEqual({ outcome: 'taken', woken: [] });
    expect(await left('tenant:acme')).toEqual({ inUse: 1, waiting: 1 });
  });

  it('gives slots that nobody renewed to those who wait, and renewed ones to nobody', async () => {
    await set('tenant:acme', { concurrency: 2 });
    await ask('acme.1', 't1', 300);
    await ask('acme.2', 't2', 300);
    await ask('acme.3', 't3');
    await store.renew([turn('acme.2', 't2')], 60_000);
    expect((await store.tend()).woken).toEqual([]);
    await waitFor(async () => (await store.tend()).woken.length === 1, { what: 'the slot of the dead', timeoutMs: 2000 });
    expect(await left('tenant:acme')).toEqual({ inUse: 2, waiting: 0 });
    await store.renew([turn('acme.1', 't1')], 60_000); // it comes back, too late
    expect(await left('tenant:acme')).toEqual({ inUse: 2, waiting: 0 });
  });

  it('holds the limits of a kind against each that has none of its own', async () => {
    await set('tenant:*', { concurrency: 1 });
    await set('tenant:free', { weight: 2 });
    const take = (id: string, tenant: string, token: string) =>
      store
        .take({ correlationId: id, tenant, definition: 'work', token }, handmade(id, 'work'), 1000)
        .then(({ outcome }) => outcome);
    expect(await take('a.1', 'a', '1')).toBe('taken');
    expect(await take('b.1', 'b', '2')).toBe('taken');
    expect(await take('a.2', 'a', '3')).toBe('wait');
    expect(await take('free.1', 'free', '4')).toBe('free');
    expect(await take('free.2', 'free', '5')).toBe('free');
  });

  it('leaves keys behind that expire, and limits', async () => {
    await set('tenant:acme', { concurrency: 1, perSecond: 1000, startsPerSecond: 100 });
    await ask('acme.1', 't1');
    await ask('acme.2', 't2');
    await store.admit([{ name: 'tenant:acme', count: 1 }]);
    await store.give(turn('acme.1', 't1'));
    expect(await ask('acme.2', 't3')).toMatchObject({ outcome: 'taken' }); // what was kept for it
    const tag = world.keys.shares.slice(0, -'limits'.length);
    const keys = await adminOf(world.redis).keys(`${tag}*`);
    expect(keys.length).toBeGreaterThan(3);
    const ttls = await Promise.all(keys.map(async (key) => [key, await world.redis.pttl(key)] as const));
    expect(ttls.filter(([, ttl]) => ttl < 0).map(([key]) => key)).toEqual([world.keys.shares]);
  });
});
