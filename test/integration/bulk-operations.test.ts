import { systemClock } from '@stile/lease';
import type { FailureGroup } from '../../libs/machine/src/core/listing';
import type { OperationView } from '../../libs/machine/src/core/operations';
import type { RepeatableSteering } from '../../libs/machine/src/core/operations-ports';
import { OperationWalker } from '../../libs/machine/src/engine/operation/operation-walker';
import { OperationRunner } from '../../libs/machine/src/queue/operation-runner';
import { RedisOperationStore } from '../../libs/machine/src/redis/operation-store';
import type { StileRuntime } from '../../libs/machine/src/runtime';
import { waitFor } from '../support/redis';
import { sketch, World } from './support/world';

const silent = { debug() {}, log() {}, warn() {}, error() {} };
const never = new AbortController().signal;

/** The bank that `order` needs: how many more payments it takes before it is down. */
const bank = { takes: Infinity };
const order = sketch(
  'order',
  {
    charge: {
      do: ({ amount }) => {
        if (bank.takes <= 0) throw new Error(`the bank is down, order of ${String(amount)}`);
        bank.takes--;
        return 'charged';
      },
      on: { charged: 'done' },
    },
    done: { final: true },
  },
  { maxRetries: 0 },
);
const idle = sketch('idle', { wait: { do: () => undefined, on: { go: 'done' } }, done: { final: true } });

let world: World;
let runtime: StileRuntime;

beforeEach(async () => {
  bank.takes = Infinity;
  world = new World();
  ({ runtime } = await world.worker([order, idle]));
});
afterEach(() => world.close());

async function start(machine: string, count: number, prefix = machine): Promise<string[]> {
  const requests = Array.from({ length: count }, (_, i) => ({
    machine,
    correlationId: `${prefix}-${i}`,
    context: { amount: i },
  }));
  await runtime.machines.startMany(requests);
  return requests.map(({ correlationId }) => correlationId);
}

async function counted(machine: string): Promise<Record<string, number>> {
  const totals: Record<string, number> = {};
  for (const { status, count } of await runtime.listing.counts(machine)) totals[status] = (totals[status] ?? 0) + count;
  return totals;
}

const until = (machine: string, expected: Record<string, number>): Promise<unknown> =>
  waitFor(async () => JSON.stringify(await counted(machine)) === JSON.stringify(expected), {
    what: `${machine}: ${JSON.stringify(expected)}`,
    timeoutMs: 20_000,
  });

async function ended(id: string): Promise<OperationView> {
  return waitFor(
    async () => {
      const view = await runtime.operations.get(id);
      return view && view.status !== 'running' && view;
    },
    { what: `the end of operation ${id}`, timeoutMs: 20_000 },
  );
}

async function failed(count: number): Promise<FailureGroup> {
  bank.takes = 0;
  await start('order', count);
  await until('order', { failed: count });
  const [group, ...more] = await runtime.listing.failures('order');
  if (!group || more.length > 0) throw new Error(`not one group: ${JSON.stringify([group, ...more])}`);
  return group;
}

const retriedOf = async (id: string): Promise<(string | undefined)[]> =>
  ((await runtime.machines.history(id)) ?? []).filter(({ outcome }) => outcome === 'retried').map(({ why }) => why);

describe('an act over a filter', () => {
  it('retries failed machines, which run then, and leaves others alone', async () => {
    await failed(110);
    await start('idle', 3);
    await until('idle', { waiting: 3 });
    bank.takes = Infinity;
    const filter = { machine: 'order', statuses: ['failed' as const] };
    const id = await runtime.operations.act({ act: 'retry', filter, by: 'ada', why: 'the bank is back' });
    expect(await ended(id)).toMatchObject({
      ...{ act: 'retry', status: 'done', filter, by: 'ada', why: 'the bank is back', event: null, mode: null },
      ...{ total: 110, matched: 110, done: 110, refused: 0, gone: 0, delivered: 0, stoppedBecause: null },
    });
    await until('order', { completed: 110 });
    expect(await retriedOf('order-7')).toEqual([`operation ${id}: the bank is back`]);
    expect(await counted('idle')).toEqual({ waiting: 3 });
  });

  it('pauses, resumes and cancels', async () => {
    await start('idle', 110);
    await until('idle', { waiting: 110 });
    const filter = { machine: 'idle' };
    expect(await ended(await runtime.operations.act({ act: 'pause', filter }))).toMatchObject({ total: 110, done: 110 });
    expect(await counted('idle')).toEqual({ paused: 110 });
    expect(await ended(await runtime.operations.act({ act: 'resume', filter }))).toMatchObject({ done: 110 });
    await until('idle', { waiting: 110 });
    const id = await runtime.operations.act({ act: 'cancel', mode: 'now', filter });
    expect(await ended(id)).toMatchObject({ done: 110, mode: 'now' });
    expect(await counted('idle')).toEqual({ cancelled: 110 });
  });

  it('counts those whose status it does not suit', async () => {
    await start('idle', 4);
    await start('order', 3);
    await until('order', { completed: 3 });
    await until('idle', { waiting: 4 });
    const id = await runtime.operations.act({ act: 'cancel', mode: 'now', filter: { all: true } });
    expect(await ended(id)).toMatchObject({
      ...{ filter: { all: true }, total: 7, matched: 7, done: 4, refused: 3, reasons: { STEERING_REFUSED: 3 } },
    });
  });

  it('is for machines of one tag, state, time or prefix, and says no total then', async () => {
    await start('idle', 12);
    await until('idle', { waiting: 12 });
    const id = await runtime.operations.act({ act: 'pause', filter: { idPrefix: 'idle-1' } });
    expect(await ended(id)).toMatchObject({ total: null, matched: 3, done: 3 });
    expect(await counted('idle')).toEqual({ waiting: 9, paused: 3 });
  });

  it.each([
    [{ machine: 'nobody' }, 'UNKNOWN_MACHINE'],
    [{ machine: 'order', version: 7 }, 'UNKNOWN_VERSION'],
    [{}, 'INVALID_OPERATION'],
  ])('is refused where the filter is %j: %s', async (filter, code) => {
    await expect(runtime.operations.act({ act: 'pause', filter })).rejects.toMatchObject({ code });
    expect(await runtime.operations.list()).toEqual([]);
  });

  it('is one operation where it is asked for twice, also when nothing is left of what it was for', async () => {
    const group = await failed(2);
    const first = await runtime.operations.redrive({ id: 'x', group: group.group, count: 1 });
    await ended(first);
    bank.takes = Infinity;
    await ended(await runtime.operations.redrive({ group: group.group }));
    await until('order', { completed: 2 });
    expect(await runtime.operations.redrive({ id: 'x', group: group.group, count: 1 })).toBe('x');
    await expect(runtime.operations.redrive({ id: 'x', group: group.group })).rejects.toMatchObject({
      code: 'OPERATION_ID_TAKEN',
    });
    await expect(runtime.operations.redrive({ group: group.group })).rejects.toMatchObject({ code: 'FAILURE_GROUP_NOT_FOUND' });
  });
});

describe('a worker that dies', () => {
  /** A worker of its own, which takes over at once what does not move. */
  async function takesOver(): Promise<OperationRunner> {
    const { redis, keys, listing } = runtime;
    const { events, steering } = runtime.services;
    const parts = { redis, keys, events, listing, steering, clock: systemClock, random: () => 0.5, log: silent };
    const runner = new OperationRunner({ ...parts, everyMs: 50, idleMs: 1 });
    await runner.start();
    return runner;
  }

  it('after the acts of a page leaves it to another: each machine is retried once, though it has failed again', async () => {
    await failed(120);
    const { redis, keys, listing } = runtime;
    const { events, steering } = runtime.services;
    const store = new RedisOperationStore(redis, keys);
    const spec = { id: 'x', act: 'retry' as const, filter: { machine: 'order' }, by: 'ada', why: '' };
    await store.start(spec, null); // and nobody is told
    let acts = 0;
    const dying: RepeatableSteering = {
      actOnce: async (...args) => {
        if (acts === 110) throw new Error('the process is gone');
        acts++;
        await steering.actOnce(...args);
      },
    };
    await expect(new OperationWalker({ store, events, listing, steering: dying }).walk('x', never)).rejects.toThrow('gone');
    expect(await runtime.operations.get('x')).toMatchObject({ matched: 100, done: 100 });
    await until('order', { failed: 120 }); // what was retried has failed again
    const runner = await takesOver();
    expect(await ended('x')).toMatchObject({ status: 'done', matched: 120, done: 120, refused: 0 });
    await until('order', { failed: 120 });
    await runner.stop();
    const retried = await Promise.all(Array.from({ length: 120 }, (_, i) => retriedOf(`order-${i}`)));
    expect(retried.filter((list) => list.length !== 1)).toEqual([]);
  });

  it('while it watches a wave of a redrive leaves the wave to another', async () => {
    const { group } = await failed(9);
    bank.takes = Infinity;
    const { redis, keys, listing } = runtime;
    const { events, steering } = runtime.services;
    const store = new RedisOperationStore(redis, keys);
    await store.start({ id: 'x', act: 'redrive', group, count: null, by: '', why: '' }, null);
    const blind = Object.assign(Object.create(store) as RedisOperationStore, {
      standings: () => Promise.reject(new Error('the process is gone')),
    });
    await expect(new OperationWalker({ store: blind, events, listing, steering }).walk('x', never)).rejects.toThrow('gone');
    expect((await store.read('x'))?.walk.wave?.members).toHaveLength(1);
    const runner = await takesOver();
    expect(await ended('x')).toMatchObject({ status: 'done', matched: 9, done: 9, failedAgain: 0 });
    await until('order', { completed: 9 });
    await runner.stop();
    const retried = await Promise.all(Array.from({ length: 9 }, (_, i) => retriedOf(`order-${i}`)));
    expect(retried.every((list) => list.length === 1)).toBe(true);
  });
});

describe('a redrive', () => {
  it('stops by itself while the cause is there, and goes through all once it is mended', async () => {
    const group = await failed(40);
    expect(group).toMatchObject({ machine: 'order', state: 'charge', count: 40 });
    const first = await ended(await runtime.operations.redrive({ group: group.group, by: 'ada' }));
    expect(first).toMatchObject({
      ...{ act: 'redrive', status: 'stopped', stoppedBecause: 'they fail again', filter: { failure: group.group } },
      ...{ total: 40, matched: 1, done: 1, failedAgain: 1 },
    });
    expect(await counted('order')).toEqual({ failed: 40 });

    bank.takes = Infinity;
    const [again] = await runtime.listing.failures('order');
    expect(again?.group).toBe(group.group); // the same group as before, with the same words
    const one = await ended(await runtime.operations.redrive({ group: group.group, count: 1 }));
    expect(one).toMatchObject({ status: 'done', total: 1, done: 1, failedAgain: 0 });
    const rest = await ended(await runtime.operations.redrive({ group: group.group }));
    expect(rest).toMatchObject({ status: 'done', total: 39, done: 39, failedAgain: 0 });
    await until('order', { completed: 40 });
    expect(await runtime.listing.failures('order')).toEqual([]);
  });

  it('stops where the cause comes back in the middle', async () => {
    const group = await failed(40);
    bank.takes = 7; // waves of 1, 2 and 4
    const end = await ended(await runtime.operations.redrive({ group: group.group }));
    expect(end).toMatchObject({ status: 'stopped', stoppedBecause: 'they fail again', matched: 15, done: 15 });
    expect(end.failedAgain).toBeGreaterThan(4);
    await until('order', { completed: 7, failed: 33 });
  });
});
