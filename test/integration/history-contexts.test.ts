import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalRedis, type LocalRedis } from '@stile/local-redis';
import type { HistoryItem } from '../../libs/machine/src/core/model';
import type { ActionHandler } from '../../libs/machine/src/core/step';
import { itemsInRecord } from '../../libs/machine/src/redis/history-text';
import { gate, sketch, World } from './support/world';

let world: World;
let folder: string;
const servers: LocalRedis[] = [];

beforeEach(async () => {
  world = new World();
  folder = await mkdtemp(join(tmpdir(), 'stile-history-'));
});
afterEach(async () => {
  await world.close();
  await Promise.all(servers.splice(0).map((server) => server.stop()));
  await rm(folder, { recursive: true, force: true });
});

/** Counts up to `to`, every second step leaves the context as it is. */
const counter = () =>
  sketch('counter', {
    up: {
      do: (context) => {
        context.n = ((context.n as number | undefined) ?? 0) + 1;
        return 'rest';
      },
      on: { rest: 'rest' },
    },
    rest: { do: ({ n, to }) => ((n as number) < (to as number) ? 'more' : 'enough'), on: { more: 'up', enough: 'end' } },
    end: { final: true },
  });

const items = async (id: string) => (await world.machines.history(id)) ?? [];
const contextsOf = (history: readonly HistoryItem[]) => history.map(({ context }) => context?.n);
const began = (n: number) => ({ n, to: 3 });

describe('contexts in the history', () => {
  it.each([1, 100])('are there where they have changed, with %d steps a claim', async (stickySteps) => {
    await world.worker([counter()], { worker: { stickySteps } });
    const { correlationId, context } = await world.run('counter', { n: 0, to: 3 });
    const history = await items(correlationId);
    expect(history.map(({ to }) => to)).toEqual(['up', 'rest', 'up', 'rest', 'up', 'rest', 'end']);
    expect(contextsOf(history)).toEqual([0, 1, undefined, 2, undefined, 3, undefined]);
    expect([history[0]?.context, context]).toEqual([began(0), began(3)]);
  });

  it('are the same in pages of any size, and when old items are trimmed', async () => {
    await world.worker([counter()], { historyLimit: 5 });
    const { correlationId: id } = await world.run('counter', { n: 0, to: 3 });
    const whole = await items(id);
    expect(contextsOf(whole)).toEqual([1, 2, undefined, 3, undefined]);
    for (const size of [1, 2, 3, 5, 100]) {
      const paged: HistoryItem[] = [];
      for (let after = 2; paged.length < 5; after += size) {
        const page = await world.machines.historyAfter(id, after, size);
        expect(page?.lost).toBe(0);
        paged.push(...(page?.items ?? []));
      }
      expect(paged).toMatchObject(whole);
      expect(contextsOf(paged)).toEqual(contextsOf(whole));
    }
    expect(await world.machines.historyAfter(id, 0, 1)).toMatchObject({ lost: 2, items: [{ number: 3, context: began(1) }] });
  });

  it('take no room where the context does not change', async () => {
    const still = sketch('still', { a: { do: () => 'go', on: { go: 'b' } }, b: { final: true } });
    await world.worker([still]);
    const context = { text: 'x'.repeat(10_000) };
    const { correlationId: id } = await world.run('still', context);
    expect((await items(id)).map((item) => item.context)).toEqual([context, undefined]);
    const stored = itemsInRecord(await world.redis.hget(world.keys.record(id), 'history'));
    expect(stored).toHaveLength(2);
    for (const text of stored) expect(text.length).toBeLessThan(200);
  });

  it('over 16 KiB are told by their size, and all of them where a worker keeps none', async () => {
    const shown = async (id: string) => (await items(id)).map(({ context, contextBytes }) => contextBytes ?? context);
    const frugal = await world.worker([counter()], { worker: { historyContexts: false } });
    const { correlationId: small } = await world.run('counter', { n: 0, to: 1 });
    expect(await shown(small)).toEqual([14, { n: 1, to: 1 }, undefined]);

    await world.stop(frugal);
    await world.worker([counter()]);
    const { correlationId: large } = await world.run('counter', { n: 0, to: 1, text: 'x'.repeat(16_400) });
    expect(await shown(large)).toEqual([16_424, 16_424, undefined]);
  });

  it('come with what an event brought, once, and with edits', async () => {
    let fails = true;
    const read: ActionHandler = (context, step) => {
      if (fails) throw new Error('not yet');
      context.read = step.event.data;
      return 'go';
    };
    const states = { open: { on: { answer: 'read' } }, read: { do: read, on: { go: 'end' } }, end: { final: true } };
    const machine = sketch('asks', states, { maxRetries: 0 });
    await world.worker([machine]);
    const { runtime } = world.pod();
    const id = await world.start({ machine: 'asks', context: { a: 1 } });
    await world.until(id, 'waiting');
    await runtime.events.send(id, { event: 'answer', data: { yes: [1] } });
    const { revision } = await world.until(id, 'failed');
    await runtime.steering.edit(id, { a: 2 }, revision, { by: 'ada' });
    fails = false;
    await runtime.steering.retry(id);
    await world.until(id, 'completed');
    const told = (await items(id)).map(({ outcome, context, data }) => ({ outcome, context, data }));
    expect(told).toEqual([
      { outcome: 'committed', context: { a: 1 }, data: undefined },
      { outcome: 'failed', context: undefined, data: { yes: [1] } },
      { outcome: 'edited', context: undefined, data: undefined },
      { outcome: 'retried', context: { a: 2 }, data: undefined },
      { outcome: 'committed', context: undefined, data: { yes: [1] } },
      { outcome: 'committed', context: { a: 2, read: { yes: [1] } }, data: undefined },
    ]);
  });
});

describe('who holds a lease', () => {
  const door = gate();
  const slow = sketch('slow', { a: { do: () => door.passed.then(() => 'go'), on: { go: 'b' } }, b: { final: true } });
  afterAll(() => door.open());

  const holds = async (lease: object) => {
    await world.worker([slow], { lease: { ttlMs: 60_000, ...lease }, worker: { name: 'holder', shutdownMs: 50 } });
    const id = await world.start({ machine: 'slow' });
    const view = await world.until(id, 'running');
    const left = Date.parse(view.lease?.until ?? '') - Date.now();
    expect(view.lease).toMatchObject({ worker: 'holder', fence: view.fence });
    expect(left).toBeGreaterThan(50_000);
    expect(left).toBeLessThan(61_000);
    return id;
  };

  it('is told while it lasts', async () => {
    const id = await holds({});
    const again = await world.machines.start({ machine: 'slow', correlationId: id });
    expect(again).toMatchObject({ outcome: 'existing', machine: { lease: { worker: 'holder' } } });
    await world.expire(id);
    expect((await world.get(id)).lease).toBeNull();
  });

  it('is told where leases are kept on a server of their own', async () => {
    const server = await startLocalRedis({ dir: folder });
    servers.push(server);
    const id = await holds({ url: server.url });
    await world.redis.zadd(world.keys.watch(0), 'XX', 1, id); // as if nobody had renewed it
    expect((await world.get(id)).lease).toBeNull();
  });
});
