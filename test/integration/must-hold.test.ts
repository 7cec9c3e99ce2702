import { RedisWatchStore } from '../../libs/machine/src/redis/redis-watch-store';
import { commandsPerSecond } from '../support/commands-per-second';
import { serverTimeMs, testRedisUrl, waitFor } from '../support/redis';
import { rich } from './support/rich-sketch';
import { gate, World, type Pod } from './support/world';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await world.close();
});

const events = (pod: Pod) => pod.runtime.services.events;
const range = (count: number) => Array.from({ length: count }, (_, i) => i);

/** Keeps the numbers that come. */
const keeper = (last: number) =>
  rich('keeper', {
    wait: {
      on: {
        number: {
          target: 'wait',
          run: (context, step) => void (context.seen = [...((context.seen as unknown[]) ?? []), step.event.data]),
        },
        end: 'end',
      },
      internal: ['number'],
      do: (context) => ((context.seen as unknown[] | undefined)?.length === last ? 'end' : undefined),
    },
    end: { final: true },
  });

it('1,000 machines, 20 events each, all sent at once and each of them twice: taken once, in order per sender', async () => {
  const [machines, each] = [1000, 20];
  const pod = await world.worker([keeper(each)]);
  await world.machines.startMany(range(machines).map((i) => ({ machine: 'keeper', correlationId: `k${i}` })));
  const outcomes: Record<string, number> = {};
  const sendAll = async (id: string) => {
    for (const n of range(each)) {
      const send = () => events(pod).send(id, { event: 'number', data: n, dedupeId: `${n}` });
      for (const { outcome } of await Promise.all([send(), send()])) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    }
  };
  const began = performance.now();
  await Promise.all(range(machines).map((i) => sendAll(`k${i}`)));
  const done = async () => (await world.get('k999')).inbox === 0 && (await world.counts()).committed === machines * (each + 1);
  await waitFor(done, { what: 'all are taken', timeoutMs: 40_000, everyMs: 100 });
  const perSecond = Math.round((machines * each) / ((performance.now() - began) / 1000));
  process.stdout.write(`events taken per second, each sent twice: ${perSecond}\n`);
  expect(outcomes.duplicate).toBe(machines * each);
  for (const i of range(machines)) expect((await world.get(`k${i}`)).context.seen).toEqual(range(each));
}, 180_000);

it('a timer and an event at the same instant: exactly one transition', async () => {
  const both = rich('both', {
    wait: { after: { 3000: 'timer' }, on: { timer: 'timed', event: 'sent' } },
    timed: { on: { never: 'end' } },
    sent: { on: { never: 'end' } },
    end: { final: true },
  });
  const pod = await world.worker([both]);
  const ids = range(60).map((i) => `b${i}`);
  await world.machines.startMany(ids.map((correlationId) => ({ machine: 'both', correlationId })));
  await Promise.all(
    ids.map(async (id) => {
      const { timers } = await waitFor(async () => ((await world.get(id)).status === 'waiting' ? world.get(id) : undefined), {
        what: `${id} waits`,
      });
      const left = Date.parse(timers[0]?.at ?? '') - (await serverTimeMs(world.redis));
      // Many before and many after it, most within what a busy machine takes to deliver either.
      await new Promise((resolve) => setTimeout(resolve, left - 500 + Math.random() * 600));
      await events(pod).send(id, { event: 'event' });
    }),
  );
  const results = await Promise.all(
    ids.map(async (id) => {
      await waitFor(async () => ['timed', 'sent'].includes((await world.get(id)).state), { what: `${id} has gone on` });
      await world.until(id, 'waiting');
      const { state, inbox, steps, timers } = await world.get(id);
      expect({ steps, timers }).toEqual({ steps: 2, timers: [] });
      expect(inbox).toBe(state === 'timed' ? 1 : 0); // the event that lost is kept
      return state;
    }),
  );
  expect([...new Set(results)].sort()).toEqual(['sent', 'timed']);
}, 30_000);

it('pausing during a running action: it commits, then rests; it goes on where it stopped', async () => {
  const [entered, go] = [gate(), gate()];
  const slow = rich('slow', {
    a: {
      do: async (context) => {
        entered.open();
        await go.passed;
        context.done = true;
        return 'on';
      },
      on: { on: 'b' },
    },
    b: { final: true },
  });
  const pod = await world.worker([slow]);
  const id = await world.start({ machine: 'slow' });
  await entered.passed;
  expect(await pod.runtime.services.steering.pause(id, { by: 'Ada' })).toMatchObject({ status: 'running', asked: 'pause' });
  go.open();
  expect(await world.until(id, 'paused')).toMatchObject({ steps: 1, context: { done: true }, asked: null });
  await pod.runtime.services.steering.resume(id);
  expect(await world.until(id, 'completed')).toMatchObject({ steps: 2 });
});

it('10,000 waiting machines: no jobs, no worker slot, and no more commands per second than with none', async () => {
  const idle = rich('idle', { wait: { on: { go: 'end' }, after: { 3_600_000: 'go' } }, end: { final: true } });
  const pod = await world.worker([idle]);
  // The server's own count has everybody's commands in it: this one has what names this world's keys, scripts' commands included.
  const perSecond = () => commandsPerSecond(testRedisUrl(), world.prefix, 2500);
  await new Promise((resolve) => setTimeout(resolve, 300));
  const none = await perSecond();
  for (let from = 0; from < 10_000; from += 1000) {
    await world.machines.startMany(range(1000).map((i) => ({ machine: 'idle', correlationId: `i${from + i}` })));
  }
  const watched = () => world.redis.zcount(world.keys.watch(0), '-inf', Date.now() + 60_000);
  await waitFor(async () => (await watched()) === 0, { what: 'all wait', timeoutMs: 120_000, everyMs: 100 });
  expect(await world.get('i9999')).toMatchObject({ status: 'waiting' });
  const jobs = await world.queue().getJobCounts();
  expect(Object.values(jobs).reduce((sum, count) => sum + count, 0)).toBe(0);
  const active = async () => (await pod.runtime.workers.list())[0]?.active;
  await waitFor(async () => (await active()) === 0, { what: 'the worker has nothing in hand' });
  const looks: number[] = [];
  const settled = async () => {
    const look = await perSecond();
    looks.push(look);
    return look <= none * 1.5 + 5;
  };
  // The first look may still have the last rests' bookkeeping in it. Commands that come of waiting would be in every look.
  await waitFor(settled, { what: `no more commands than the ${none} a second with no machine`, timeoutMs: 15_000 });
  process.stdout.write(`commands per second: ${none} with no machine, ${looks.join(', ')} with 10,000 waiting\n`);
}, 180_000);

it('cancel racing with commit, 200 machines: one of the two, never both, and history says which', async () => {
  const cancelled = new Map<string, Promise<boolean>>();
  const cancel = (id: string): Promise<boolean> =>
    pod.runtime.steering.cancel(id).then(
      () => true,
      () => false,
    );
  // Each cancels itself from inside its step, and commits so many round trips later; every seventh only when the cancellation is
  // through, and every eighth is cancelled after its end: both ends come up, however fast the machine is.
  const race = rich('race', {
    a: {
      do: async (_context, step) => {
        const number = Number(step.correlationId.slice(1));
        if (number % 8 === 0) return 'on';
        const asked = cancel(step.correlationId);
        cancelled.set(step.correlationId, asked);
        if (number % 7 === 0) await asked;
        else for (let trips = 0; trips < number % 5; trips++) await world.redis.ping();
        return 'on';
      },
      on: { on: 'b' },
    },
    b: { final: true },
  });
  const pod = await world.worker([race]);
  const ids = range(200).map((i) => `r${i}`);
  await world.machines.startMany(ids.map((correlationId) => ({ machine: 'race', correlationId })));
  const ends = new Set<string>();
  await Promise.all(
    ids.map(async (id) => {
      const view = await world.machines.wait(id, 10_000);
      const wasCancelled = await (cancelled.get(id) ?? cancel(id));
      const outcomes = (await world.machines.history(id))?.map(({ outcome }) => outcome);
      ends.add(`${view?.status}`);
      expect(view?.status).toBe(wasCancelled ? 'cancelled' : 'completed');
      if (wasCancelled) expect(outcomes?.filter((outcome) => outcome === 'cancelled')).toHaveLength(1);
      else expect(outcomes).toEqual(['committed', 'committed']);
      if (wasCancelled) expect(outcomes?.at(-1)).toBe('cancelled');
    }),
  );
  expect([...ends].sort()).toEqual(['cancelled', 'completed']);
}, 30_000);

it('timers fire within a second on an idle machine, and never before they are due', async () => {
  const timed = rich('timed', {
    wait: { after: { 700: 'ring' }, on: { ring: 'rung' } },
    rung: { do: (context, step) => void (context.at = step.log && performance.timeOrigin + performance.now()), on: { x: 'end' } },
    end: { final: true },
  });
  await world.worker([timed]);
  const ids = range(20).map((i) => `t${i}`);
  const offset = (await serverTimeMs(world.redis)) - (performance.timeOrigin + performance.now());
  for (const correlationId of ids) {
    await world.start({ machine: 'timed', correlationId });
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  for (const id of ids) {
    await waitFor(async () => (await world.get(id)).state === 'rung', { what: `${id} rings` });
    const entered = (await world.machines.history(id))?.[0];
    const due = Date.parse(entered?.startedAt ?? '') + 700;
    const late = ((await world.get(id)).context.at as number) + offset - due;
    expect(late).toBeGreaterThan(-50);
    expect(late).toBeLessThan(1000);
  }
}, 60_000);

it.each([5 * 60_000, -5 * 60_000])(
  'a worker whose clock is %d ms off fires nothing early, and nothing late',
  async (off) => {
    const real = Date.now;
    jest.spyOn(Date, 'now').mockImplementation(() => real() + off);
    const timed = rich('timed', {
      wait: { after: { 600: 'ring' }, on: { ring: 'later' } },
      later: {
        do: (_context, step) => {
          step.delay(400);
          return 'go';
        },
        on: { go: 'end' },
      },
      end: { final: true },
    });
    const swept = jest.spyOn(RedisWatchStore.prototype, 'sweep');
    await world.worker([timed]);
    const began = await serverTimeMs(world.redis);
    const id = await world.start({ machine: 'timed' });
    await waitFor(async () => (await world.get(id)).state === 'later', { what: 'it rings', timeoutMs: 5000 + Math.abs(off) });
    const rang = await serverTimeMs(world.redis);
    expect(rang - began).toBeGreaterThan(550);
    expect(rang - began).toBeLessThan(1900);
    await waitFor(async () => (await world.get(id)).status === 'completed', { what: 'it ends', timeoutMs: 8000 + Math.abs(off) });
    const ended = await serverTimeMs(world.redis);
    const [, , last] = (await world.machines.history(id)) ?? [];
    expect(Date.parse(last?.startedAt ?? '') - rang).toBeGreaterThan(300);
    expect(ended - rang).toBeLessThan(4000);
    expect(swept).toHaveBeenCalled();
  },
  20_000,
);
