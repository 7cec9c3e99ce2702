import type { JoinResult } from '../../libs/machine/src/core/children';
import type { GroupOptions } from '../../libs/machine/src/core/children';
import type { Context } from '../../libs/machine/src/core/step';
import { UnrecoverableError } from '../../libs/machine/src/core/errors';
import { RedisOutboxStore } from '../../libs/machine/src/redis/redis-outbox-store';
import { testEngine } from '../support/engines';
import { waitFor } from '../support/redis';
import { rich } from './support/rich-sketch';
import { gate, World } from './support/world';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.close());

let running = 0;
let most = 0;

/** Ends well, fails, or waits until it is told to go, as its context says. */
const child = rich('child', {
  work: {
    do: async (context) => {
      running++;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, (context.ms as number | undefined) ?? 1));
      running--;
      if (context.fail) throw new UnrecoverableError('as told');
      return context.wait ? undefined : 'done';
    },
    on: { done: 'end' },
  },
  end: { final: true },
});

const parent = (contexts: readonly Context[], options: Partial<GroupOptions> = {}) =>
  rich('parent', {
    fan: {
      do: (context, step) => {
        context.group = step.startAll('child', contexts, { event: 'joined', failed: 'broken', ...options });
      },
      on: {
        joined: { target: 'end', run: (context, step) => void (context.join = step.event.data) },
        broken: { target: 'end', run: (context, step) => void (context.broken = step.event.data) },
      },
    },
    end: { final: true },
  });

const times = (count: number, context: (i: number) => Context = () => ({})) =>
  Array.from({ length: count }, (_, i) => context(i));

async function join(contexts: readonly Context[], options: Partial<GroupOptions> = {}) {
  await world.worker([parent(contexts, options), child]);
  const id = await world.start({ machine: 'parent' });
  const view = await world.until(id, 'completed', 20_000);
  const { join: joined, broken } = view.context as { join?: JoinResult; broken?: JoinResult };
  return { id, joined, broken };
}

it('joins all: the results come in order, with what each child ended on', async () => {
  const { joined, id } = await join(times(3, (i) => ({ i })));
  expect(joined).toMatchObject({ total: 3, completed: 3, failed: 0, cancelled: 0 });
  expect(joined?.results?.map(({ index, context }) => [index, context?.i])).toEqual([
    [0, 0],
    [1, 1],
    [2, 2],
  ]);
  const seen = await world.machines.children(id);
  expect(seen?.map(({ outcome }) => outcome)).toEqual(['completed', 'completed', 'completed']);
  expect((await world.get(seen?.[1]?.correlationId ?? '')).parent).toMatchObject({ correlationId: id, index: 1 });
});

it('joins as broken at the first failure, and cancels the rest', async () => {
  const { broken, id } = await join([{ fail: true }, { wait: true }, { wait: true }]);
  expect(broken).toMatchObject({ completed: 0, failed: 1 });
  const waiting = (await world.machines.children(id))?.slice(1) ?? [];
  for (const { correlationId } of waiting) expect(await world.until(correlationId, 'cancelled')).toBeTruthy();
});

it('joins any, and the first n: what still runs is cancelled', async () => {
  const { joined, id } = await join([{ wait: true }, {}, {}, { wait: true }], { join: { first: 2 } });
  expect(joined).toMatchObject({ completed: 2 });
  for (const index of [0, 3]) {
    const left = (await world.machines.children(id))?.[index];
    await world.until(left?.correlationId ?? '', 'cancelled');
  }
});

it('joins as broken as soon as the first n can not be had any more', async () => {
  const { broken } = await join([{ fail: true }, { fail: true }, { wait: true }], { join: { first: 2 } });
  expect(broken).toMatchObject({ completed: 0, failed: 2 });
});

// A tenth of them on a cluster, where the other tests of this file are what matters.
const MANY = testEngine().kind === 'redis' ? 1000 : 100;
it('a parent with 1,000 children of which 50 fail sees 950 and 50; no more run at once than the limit says', async () => {
  [running, most] = [0, 0];
  const contexts = times(MANY, (i) => (i % 20 === 7 ? { fail: true } : {}));
  const { joined, id } = await join(contexts, { tolerate: 'any', limit: 20 });
  expect(joined).toMatchObject({ total: MANY, completed: MANY * 0.95, failed: MANY / 20, cancelled: 0 });
  expect(most).toBeLessThanOrEqual(20);
  expect(most).toBeGreaterThan(1);
  expect((await world.counts()).started).toBe(MANY + 1);
  const failed = (await world.machines.children(id, { limit: 1000 }))?.filter(({ outcome }) => outcome === 'failed');
  expect(failed?.map(({ index }) => index)).toEqual(times(MANY / 20, (i) => (i * 20 + 7) as never));
}, 60_000);

it('lists children page by page, over all groups, and reads of results what a page has', async () => {
  const id = 'parent';
  const groupOf = (name: string, total: number, started: number, spec: object) => ({
    [`${name}:spec`]: JSON.stringify({ machine: 'child', ...spec }),
    ...{ [`${name}:total`]: total, [`${name}:started`]: started, [`${name}:single`]: total === 1 ? 1 : 0 },
  });
  const ended = (index: number) => ({ index, correlationId: 'c', outcome: index === 7 ? 'failed' : 'completed', context: {} });
  const results = times(120, (i) => ({ [`all:r:${i}`]: JSON.stringify(ended(i)) }));
  const groups = [groupOf('one', 1, 1, {}), groupOf('all', 130, 125, {}), groupOf('last', 1, 0, { correlationId: 'the-last' })];
  await world.redis.hset(world.keys.record(id), 'run', 'run-1');
  await world.redis.hset(world.keys.children(id), Object.assign({ groups: 'one all last' }, ...groups, ...results) as object);
  const store = new RedisOutboxStore(world.redis, world.keys);
  const page = async (from: number, limit: number) => (await store.list(id, { from, limit })) ?? [];
  const all = await page(0, 1000);
  expect(all).toHaveLength(132);
  expect([0, 1, 8, 120, 121, 126, 131].map((at) => all[at]?.outcome)).toEqual([
    ...['running', 'completed', 'failed', 'completed', 'running', 'pending', 'pending'],
  ]);
  expect(all.at(-1)).toMatchObject({ group: 'last', index: 0, correlationId: 'the-last', machine: 'child' });
  const read = jest.spyOn(store as unknown as { resultsOf: (...of: unknown[]) => unknown }, 'resultsOf');
  for (const [from, limit] of [
    [0, 1],
    [1, 5],
    [95, 20],
    [128, 10],
    [131, 5],
    [132, 5],
    [0, 132],
  ] as const) {
    read.mockClear();
    expect(await page(from, limit)).toEqual(all.slice(from, from + limit));
    const asked = read.mock.calls.reduce((sum, [, , begin, end]) => sum + Number(end) - Number(begin), 0);
    expect(asked).toBe(all.slice(from, from + limit).length);
  }
});

it('a child that cannot be started counts as failed', async () => {
  const contexts = [{}];
  const wrong = rich('parent', {
    fan: {
      do: (_context, step) => void step.startAll('nobody', contexts, { event: 'joined', failed: 'broken' }),
      on: { joined: 'end', broken: { target: 'end', run: (context, step) => void (context.broken = step.event.data) } },
    },
    end: { final: true },
  });
  await world.worker([wrong]);
  const view = await world.run('parent');
  expect(view.context.broken).toMatchObject({ failed: 1, results: [{ error: { code: 'UNKNOWN_MACHINE' } }] });
});

it('cancel goes down the tree, and spares those that outlive their parent', async () => {
  const middle = rich('middle', {
    fan: { do: (_c, step) => void step.startAll('child', [{ wait: true }], { event: 'joined' }), on: { joined: 'end' } },
    end: { final: true },
  });
  const top = rich('top', {
    fan: {
      do: (context, step) => {
        context.ids = [step.start('middle', {}, { event: 'joined' }), step.start('child', { wait: true })];
      },
      on: { joined: 'end' },
    },
    end: { final: true },
  });
  await world.worker([top, middle, child]);
  const pod = world.pod();
  const id = await world.start({ machine: 'top' });
  const [mid, free] = (await world.until(id, 'waiting')).context.ids as [string, string];
  await waitFor(() => world.get(mid).then(({ status }) => status === 'waiting'), { what: 'the middle one waits' });
  const leaf = (await world.machines.children(mid))?.[0]?.correlationId ?? '';
  await world.until(leaf, 'waiting');
  await world.until(free, 'waiting');
  await pod.runtime.services.steering.cancel(id, { by: 'Ada' });
  for (const one of [mid, leaf]) await world.until(one, 'cancelled');
  expect(await world.get(free)).toMatchObject({ status: 'waiting' });
  expect((await world.machines.history(leaf))?.at(-1)).toMatchObject({ outcome: 'cancelled', by: 'stile' });
});

it('a parent that ends cancels no machine that has the id of its child and is not that child', async () => {
  const owner = rich('owner', {
    fan: { do: (_c, step) => void step.start('child', {}, { correlationId: 'taken', outlive: false }), on: { on: 'end' } },
    end: { final: true },
  });
  const pod = await world.worker([owner, child]);
  await world.start({ machine: 'child', correlationId: 'taken', context: { wait: true } });
  await world.until('taken', 'waiting');
  const id = await world.start({ machine: 'owner' });
  await world.until(id, 'waiting');
  await world.untilCounted('undelivered'); // the start: the id is taken
  await pod.runtime.services.steering.cancel(id);
  await waitFor(async () => (await world.redis.llen(world.keys.outbox(id))) === 0, { what: 'all is cancelled that is to be' });
  expect(await world.get('taken')).toMatchObject({ status: 'waiting' });
});

it('a child that was set aside keeps its parent from nothing', async () => {
  const pod = await world.worker([parent([{ wait: true }, { wait: true }]), child]);
  const id = await world.start({ machine: 'parent' });
  const kids = async () => ((await world.machines.children(id)) ?? []).filter(({ outcome }) => outcome === 'running');
  await waitFor(async () => (await kids()).length === 2, { what: 'two children' });
  const [broken = '', sound = ''] = (await kids()).map(({ correlationId }) => correlationId);
  for (const one of [broken, sound]) await world.until(one, 'waiting');
  await world.redis.hset(world.keys.record(broken), 'steps', 'x');
  await pod.runtime.services.steering.cancel(id);
  await world.until(sound, 'cancelled');
  await waitFor(async () => (await world.redis.llen(world.keys.outbox(id))) === 0, { what: 'nothing is left to be delivered' });
});

it('a result to a parent that has ended is dropped and counted', async () => {
  const hold = gate();
  const slow = rich('child', { work: { do: () => hold.passed.then(() => 'done'), on: { done: 'end' } }, end: { final: true } });
  const leaving = rich('parent', {
    fan: {
      do: (_c, step) => void step.startAll('child', [{}], { event: 'joined', outlive: true }),
      on: { joined: 'end', leave: 'end' },
    },
    end: { final: true },
  });
  const pod = await world.worker([leaving, slow]);
  const id = await world.start({ machine: 'parent' });
  await world.until(id, 'waiting');
  await waitFor(async () => (await world.machines.children(id))?.[0]?.outcome === 'running', { what: 'the child runs' });
  await pod.runtime.services.events.send(id, { event: 'leave' });
  await world.until(id, 'completed');
  hold.open();
  await world.untilCounted('undelivered');
  expect(pod.log.join('\n')).toContain('dropped');
});

it('a message to a child that the same step starts finds it there', async () => {
  const listener = rich('child', {
    wait: { on: { hello: { target: 'end', run: (context, step) => void (context.heard = step.event.data) } } },
    end: { final: true },
  });
  const talker = rich('parent', {
    fan: {
      do: (_c, step) => {
        step.send(step.start('child', {}, { event: 'joined' }), 'hello', 'you');
      },
      on: { joined: { target: 'end', run: (context, step) => void (context.child = step.event.data) } },
    },
    end: { final: true },
  });
  await world.worker([talker, listener]);
  expect((await world.run('parent')).context.child).toMatchObject({ outcome: 'completed', context: { heard: 'you' } });
  expect((await world.counts()).undelivered).toBeUndefined();
});

it('children are started once where the process that starts them dies half way, and another goes on', async () => {
  const dying = jest.spyOn(RedisOutboxStore.prototype, 'started').mockRejectedValueOnce(new Error('killed'));
  const { joined } = await join(times(5));
  expect(dying).toHaveBeenCalled();
  dying.mockRestore();
  expect(joined).toMatchObject({ completed: 5 });
  expect((await world.counts()).started).toBe(6);
});
