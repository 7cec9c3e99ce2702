import { systemClock } from '@stile/lease';
import { Queue } from 'bullmq';
import type { Schedules } from '../../libs/machine/src/core/schedules';
import { slotId } from '../../libs/machine/src/core/schedules';
import { ScheduleKeeper } from '../../libs/machine/src/engine/schedule/schedule-keeper';
import { ScheduleService } from '../../libs/machine/src/engine/schedule/schedule-service';
import { BullScheduleAlarms, SCHEDULE_QUEUE } from '../../libs/machine/src/queue/schedule-alarms';
import { ScheduleRunner } from '../../libs/machine/src/queue/schedule-runner';
import { RedisScheduleStore } from '../../libs/machine/src/redis/schedule-store';
import { adminOf } from '../support/admin';
import { serverTimeMs, waitFor } from '../support/redis';
import { plain } from './support/machines';
import { gate, sketch, World } from './support/world';

const silent = { debug() {}, log() {}, warn() {}, error() {} };
const HOUR = 3_600_000;

let world: World;
const closers: (() => Promise<void>)[] = [];

beforeEach(() => {
  world = new World();
});
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
  await world.close();
});

function schedulesOf(log: string[] = []): Schedules {
  const onError = (): void => undefined;
  const alarms = new BullScheduleAlarms(world.redis, world.keys, onError);
  closers.push(() => alarms.close());
  const store = new RedisScheduleStore(world.redis, world.keys);
  return new ScheduleService(store, alarms, world.machines, { ...silent, warn: (message) => void log.push(message) });
}

async function runner(options: { everyMs?: number; waitMs?: number } = {}): Promise<ScheduleRunner> {
  const { redis, keys, machines } = world;
  const made = new ScheduleRunner({ redis, keys, machines, clock: systemClock, random: () => 0.5, log: silent, ...options });
  closers.push(() => made.stop());
  await made.start();
  return made;
}

/** One look, as a worker does it when it starts. */
async function lookOnce(): Promise<void> {
  const store = new RedisScheduleStore(world.redis, world.keys);
  for (const name of await store.names()) await new ScheduleKeeper(store, world.machines, silent).look(name);
}

const hashOf = (name: string): string => `${world.keys.tag(0)}:sch:${name}`;
const waitingOf = (name: string): string => `${world.keys.tag(0)}:schw:${name}`;

/** As after an outage: nobody has looked at the schedule for so long. */
async function outage(name: string, ms: number): Promise<void> {
  const last = Number(await world.redis.hget(hashOf(name), 'last'));
  await world.redis.hset(hashOf(name), 'last', last - ms, 'anchor', Number(await world.redis.hget(hashOf(name), 'anchor')) - ms);
}

function alarmQueue(): Queue {
  const queue = new Queue(SCHEDULE_QUEUE, { connection: world.redis, prefix: world.keys.queuePrefix(0), skipMetasUpdate: true });
  closers.push(() => queue.close());
  return queue;
}

describe('slots', () => {
  it('of an interval start one machine each, at their time, however many workers look', async () => {
    await world.worker([plain('job')]);
    await Promise.all([runner(), runner(), runner()]);
    const schedules = schedulesOf();
    const put = await schedules.put({ name: 'tick', machine: 'job', every: 1000, overlap: 'allow', context: { a: [] } });
    const first = Date.parse(put.nextAt ?? '');
    await waitFor(() => schedules.get('tick').then((view) => (view?.started ?? 0) >= 3), { what: 'three slots' });
    const view = await schedules.get('tick');
    expect(view).toMatchObject({ missed: 0, skipped: 0, failed: 0, waiting: 0 });
    const slots = [0, 1, 2].map((i) => first + i * 1000);
    for (const slot of slots) {
      const machine = await world.until(slotId('tick', slot), 'completed');
      expect(machine).toMatchObject({ tags: { schedule: 'tick' }, context: { a: [] } });
      const late = Date.parse(machine.createdAt) - slot;
      expect(late).toBeGreaterThanOrEqual(0);
      expect(late).toBeLessThan(1000);
    }
    await schedules.remove('tick');
    expect((await world.counts()).started).toBe((await countMachines('tick')).length);
  });

  it('of a cron start at the second they name', async () => {
    await world.worker([plain('job')]);
    await runner();
    const schedules = schedulesOf();
    const { nextAt } = await schedules.put({ name: 'cron', machine: 'job', cron: '* * * * * *', timeZone: 'Europe/Berlin' });
    await world.until(slotId('cron', Date.parse(nextAt ?? '')), 'completed');
    expect(Date.parse(nextAt ?? '') % 1000).toBe(0);
    await waitFor(() => schedules.get('cron').then((view) => (view?.started ?? 0) >= 2), { what: 'two slots' });
  });

  it('are started by the clock of the server: a worker that looks before has nothing to do', async () => {
    await world.worker([plain('job')]);
    const schedules = schedulesOf();
    await schedules.put({ name: 's', machine: 'job', every: '1h' });
    const store = new RedisScheduleStore(world.redis, world.keys);
    const state = await store.read('s');
    const slot = (state?.last ?? 0) + HOUR;
    const decision = { rev: state?.rev ?? 0, from: state?.last ?? 0, to: slot, slot, missed: 0, skipped: 0 };
    expect(await store.take('s', decision)).toBe(false);
    await outage('s', 2 * HOUR);
    const from = (state?.last ?? 0) - 2 * HOUR;
    expect(await store.take('s', { ...decision, from, to: slot - 2 * HOUR, slot: slot - 2 * HOUR })).toBe(true);
    expect(await store.take('s', { ...decision, from, to: slot - 2 * HOUR, slot: slot - 2 * HOUR })).toBe(false);
  });

  it('that were taken by a worker that died are started by the next one', async () => {
    await world.worker([plain('job')]);
    const schedules = schedulesOf();
    await schedules.put({ name: 's', machine: 'job', every: '1h' });
    await outage('s', HOUR);
    const store = new RedisScheduleStore(world.redis, world.keys);
    const state = await store.read('s');
    const from = state?.last ?? 0;
    const slot = from + HOUR;
    await store.take('s', { rev: state?.rev ?? 0, from, to: slot, slot, missed: 0, skipped: 0 });
    expect(await schedules.get('s')).toMatchObject({ waiting: 1, started: 0 });
    await lookOnce();
    expect(await schedules.get('s')).toMatchObject({ waiting: 0, started: 1, lastCorrelationId: slotId('s', slot) });
    await world.until(slotId('s', slot), 'completed');
  });

  it('whose machine was started by a worker that died then start no second one', async () => {
    await world.worker([plain('job')]);
    const schedules = schedulesOf();
    await schedules.put({ name: 's', machine: 'job', every: '1h' });
    await outage('s', HOUR);
    await lookOnce();
    const before = await schedules.get('s');
    await world.redis.rpush(waitingOf('s'), String(Date.parse(before?.lastSlot ?? ''))); // `finish` did not get through
    await schedules.put({ name: 's', machine: 'job', every: '1h', context: { changed: true } });
    await lookOnce();
    expect(await countMachines('s')).toEqual([before?.lastCorrelationId]);
    expect((await schedules.get('s'))?.waiting).toBe(0);
  });

  it('whose machine cannot be started are counted, with the reason', async () => {
    await world.worker([plain('job')]);
    const schedules = schedulesOf();
    await schedules.put({ name: 's', machine: 'nobody', every: '1h' });
    await outage('s', HOUR);
    await lookOnce();
    expect(await schedules.get('s')).toMatchObject({ failed: 1, started: 0, waiting: 0, error: { code: 'UNKNOWN_MACHINE' } });
  });
});

describe('overlap', () => {
  const held = () => {
    const { passed, open } = gate();
    return {
      definition: sketch('slow', { a: { do: () => passed.then(() => 'end'), on: { end: 'b' } }, b: { final: true } }),
      open,
    };
  };

  it('skip leaves out slots while the machine of the slot before is live, and counts them', async () => {
    const { definition, open } = held();
    await world.worker([definition]);
    const schedules = schedulesOf();
    await schedules.put({ name: 's', machine: 'slow', every: '1h', catchUp: '10h' });
    await outage('s', 3 * HOUR);
    await lookOnce();
    const view = await schedules.get('s');
    expect(view).toMatchObject({ started: 1, skipped: 2, missed: 0 });
    open();
    await world.until(view?.lastCorrelationId ?? '', 'completed');
    await outage('s', HOUR);
    await lookOnce();
    expect(await schedules.get('s')).toMatchObject({ started: 2, skipped: 2 });
  });

  it('queue starts one after the other, in order, as each ends', async () => {
    const order: string[] = [];
    const slow = sketch('slow', {
      a: {
        do: async (_context, { correlationId }) => {
          order.push(`+${correlationId}`);
          await new Promise((resolve) => setTimeout(resolve, 50));
          order.push(`-${correlationId}`);
          return 'end';
        },
        on: { end: 'b' },
      },
      b: { final: true },
    });
    await world.worker([slow]);
    const schedules = schedulesOf();
    await schedules.put({ name: 's', machine: 'slow', every: '1h', catchUp: '10h', overlap: 'queue' });
    await outage('s', 4 * HOUR);
    await lookOnce();
    expect(await schedules.get('s')).toMatchObject({ started: 1, waiting: 3, skipped: 0 });
    await runner({ waitMs: 50 });
    await waitFor(() => schedules.get('s').then((view) => view?.started === 4), { what: 'all slots' });
    await world.until((await schedules.get('s'))?.lastCorrelationId ?? '', 'completed');
    const ids = [...(await countMachines('s'))].sort();
    expect(order).toEqual(ids.flatMap((id) => [`+${id}`, `-${id}`]));
  });

  it('queue keeps a thousand slots, and skips what comes then', async () => {
    const { definition, open } = held();
    await world.worker([definition]);
    const schedules = schedulesOf();
    await schedules.put({ name: 's', machine: 'slow', every: 1000, catchUp: '10h', overlap: 'queue' });
    await outage('s', 1010 * 1000);
    await lookOnce();
    expect(await schedules.get('s')).toMatchObject({ started: 1, waiting: 1000, skipped: expect.any(Number) });
    expect((await schedules.get('s'))?.skipped).toBeGreaterThanOrEqual(9);
    await schedules.remove('s');
    open();
  });

  it('allow starts them beside each other', async () => {
    const { definition, open } = held();
    await world.worker([definition]);
    const schedules = schedulesOf();
    await schedules.put({ name: 's', machine: 'slow', every: '1h', catchUp: '10h', overlap: 'allow' });
    await outage('s', 3 * HOUR);
    await lookOnce();
    expect(await schedules.get('s')).toMatchObject({ started: 3, skipped: 0 });
    open();
  });
});

describe('after an outage', () => {
  it('slots within the window are started, older ones counted as missed', async () => {
    await world.worker([plain('job')]);
    const schedules = schedulesOf();
    await schedules.put({ name: 'window', machine: 'job', every: '1h', catchUp: '150m', overlap: 'allow' });
    await schedules.put({ name: 'latest', machine: 'job', every: '1h', overlap: 'allow' });
    await Promise.all(['window', 'latest'].map((name) => outage(name, 10 * HOUR)));
    await runner();
    await waitFor(() => schedules.get('window').then((view) => view?.started === 3), { what: 'three slots' });
    expect(await schedules.get('window')).toMatchObject({ started: 3, missed: 7 });
    await waitFor(() => schedules.get('latest').then((view) => view?.started === 1), { what: 'one slot' });
    expect(await schedules.get('latest')).toMatchObject({ started: 1, missed: 9 });
  });

  it('many workers that come back at once start each slot once', async () => {
    await world.worker([plain('job')]);
    const schedules = schedulesOf();
    await schedules.put({ name: 's', machine: 'job', every: '1h', catchUp: '100h', overlap: 'allow' });
    await outage('s', 50 * HOUR);
    await Promise.all(Array.from({ length: 8 }, () => lookOnce()));
    expect(await schedules.get('s')).toMatchObject({ started: 50, missed: 0, skipped: 0, waiting: 0 });
    expect(await countMachines('s')).toHaveLength(50);
    expect((await world.counts()).started).toBe(50);
  });
});

describe('alarms', () => {
  it('twenty pods that put a schedule at once leave one schedule and one tick', async () => {
    await world.worker([plain('job')]);
    const pods = Array.from({ length: 20 }, () => schedulesOf());
    const views = await Promise.all(pods.map((pod) => pod.put({ name: 's', machine: 'job', cron: '0 3 * * *' })));
    const everies = await Promise.all(pods.map((pod) => pod.put({ name: 'e', machine: 'job', every: '2h' })));
    expect(new Set([...views, ...everies].map((view) => JSON.stringify(view))).size).toBe(2);
    const queue = alarmQueue();
    expect((await queue.getJobSchedulers()).map(({ key }) => key.split('~')[0]).sort()).toEqual(['e', 's']);
    const ticks = await queue.getJobs(['delayed', 'wait', 'active', 'prioritized']);
    expect(ticks.map((tick) => tick.data.schedule).sort()).toEqual(['e', 's']);
    const rings = await Promise.all(ticks.map(async (tick) => [tick.data.schedule, tick.timestamp + tick.delay]));
    for (const [name, at] of rings) {
      expect(Math.abs(at - Date.parse((await pods[0]?.get(name))?.nextAt ?? ''))).toBeLessThan(50);
    }
    expect(await pods[0]?.list()).toHaveLength(2);
  });

  it('pods that put a schedule all the time swallow none of its slots', async () => {
    await world.worker([plain('job')]);
    await runner();
    const pods = Array.from({ length: 5 }, () => schedulesOf());
    const { nextAt } = (await pods[0]?.put({ name: 's', machine: 'job', cron: '* * * * * *', overlap: 'allow' })) ?? {};
    const third = Date.parse(nextAt ?? '') + 2000;
    await Promise.all(
      pods.map(async (pod) => {
        while ((await serverTimeMs(world.redis)) < third + 500) {
          await pod.put({ name: 's', machine: 'job', cron: '* * * * * *', overlap: 'allow' });
        }
      }),
    );
    for (const slot of [third - 2000, third - 1000, third]) {
      // A slot that was swallowed has no machine, however long one waits.
      const machine = await waitFor(() => world.machines.get(slotId('s', slot)), { what: `the machine of slot ${slot}` });
      expect(Date.parse(machine.createdAt)).toBeGreaterThanOrEqual(slot);
    }
  });

  it('a tick that was deleted is made anew, and its slot is not lost', async () => {
    await world.worker([plain('job')]);
    const schedules = schedulesOf();
    await schedules.put({ name: 's', machine: 'job', every: 1500 });
    const queue = alarmQueue();
    await waitFor(() => queue.getDelayedCount(), { what: 'a tick' });
    await queue.obliterate({ force: true });
    expect(await queue.getJobSchedulers()).toEqual([]);
    await runner({ everyMs: 200 });
    await waitFor(() => schedules.get('s').then((view) => (view?.started ?? 0) >= 2), { what: 'two slots' });
    expect(await queue.getJobSchedulersCount()).toBe(1);
  });

  it('a tick that is late or comes twice starts nothing twice', async () => {
    await world.worker([plain('job')]);
    await runner();
    const schedules = schedulesOf();
    await schedules.put({ name: 's', machine: 'job', every: '1h' });
    await outage('s', HOUR);
    const queue = alarmQueue();
    await Promise.all(
      [1, 2, 3].map((i) => queue.add('tick', { schedule: 's' }, { jobId: `by-hand-${i}`, removeOnComplete: true })),
    );
    await waitFor(() => schedules.get('s').then((view) => view?.started === 1), { what: 'the slot' });
    await waitFor(async () => (await queue.getJobCountByTypes('wait', 'active')) === 0, { what: 'all ticks' });
    expect(await countMachines('s')).toHaveLength(1);
  });

  it('a tick that comes early, by the clock of a fast worker, is put off till its slot', async () => {
    await world.worker([plain('job')]);
    await runner();
    const schedules = schedulesOf();
    const { nextAt } = await schedules.put({ name: 's', machine: 'job', every: 2000 });
    const queue = alarmQueue();
    const tick = await waitFor(async () => (await queue.getDelayed())[0], { what: 'a tick' });
    await tick.promote();
    const slot = Date.parse(nextAt ?? '');
    const machine = await waitFor(() => world.machines.get(slotId('s', slot)), { what: 'the slot' });
    expect(Date.parse(machine.createdAt)).toBeGreaterThanOrEqual(slot);
    expect(Date.parse(machine.createdAt) - slot).toBeLessThan(1000);
  });

  it('what belongs to no schedule is removed', async () => {
    await world.worker([plain('job')]);
    const queue = alarmQueue();
    await queue.upsertJobScheduler('gone~1', { every: 60_000 }, { name: 'tick', data: { schedule: 'gone' } });
    await runner();
    await waitFor(async () => (await queue.getJobSchedulersCount()) === 0, { what: 'no alarm' });
    expect(await queue.getDelayedCount()).toBe(0);
  });

  it('a schedule past its end has none', async () => {
    await world.worker([plain('job')]);
    await runner();
    const schedules = schedulesOf();
    const endAt = new Date((await serverTimeMs(world.redis)) + 1800).toISOString();
    await schedules.put({ name: 's', machine: 'job', every: 1000, endAt });
    await waitFor(() => schedules.get('s').then((view) => view?.started === 1), { what: 'its slot' });
    const queue = alarmQueue();
    await waitFor(async () => (await queue.getJobSchedulersCount()) === 0, { what: 'no alarm' });
    expect(await schedules.get('s')).toMatchObject({ started: 1, nextAt: null });
  });
});

describe('steering', () => {
  it('a stopped schedule starts nothing, and begins from now on when it is started', async () => {
    await world.worker([plain('job')]);
    const schedules = schedulesOf();
    await schedules.put({ name: 's', machine: 'job', every: '1h', catchUp: '10h', overlap: 'allow' });
    expect(await schedules.stop('s')).toMatchObject({ stopped: true, nextAt: null });
    expect(await alarmQueue().getJobSchedulersCount()).toBe(0);
    await outage('s', 5 * HOUR);
    await lookOnce();
    expect(await schedules.put({ name: 's', machine: 'job', every: '1h', overlap: 'allow', context: { b: 1 } })).toMatchObject({
      stopped: true,
    });
    expect(await schedules.start('s')).toMatchObject({ stopped: false, started: 0, missed: 0 });
    await lookOnce();
    expect(await countMachines('s')).toEqual([]);
    expect(await alarmQueue().getJobSchedulersCount()).toBe(1);
  });

  it.each(['stop', 'remove'] as const)('after a %s, a tick on its way starts nothing', async (act) => {
    await world.worker([plain('job')]);
    const schedules = schedulesOf();
    await schedules.put({ name: 's', machine: 'job', every: '1h' });
    await outage('s', HOUR);
    const store = new RedisScheduleStore(world.redis, world.keys);
    const state = await store.read('s');
    const from = state?.last ?? 0;
    const decision = { rev: state?.rev ?? 0, from, to: from + HOUR, slot: from + HOUR, missed: 0, skipped: 0 };
    await schedules[act]('s');
    expect(await store.take('s', decision)).toBe(false);
    await lookOnce();
    expect(await countMachines('s')).toEqual([]);
  });

  it.each(['stop', 'remove'] as const)('after a %s, a slot that was taken is not started', async (act) => {
    await world.worker([plain('job')]);
    const schedules = schedulesOf();
    await schedules.put({ name: 's', machine: 'job', every: '1h' });
    await outage('s', HOUR);
    const store = new RedisScheduleStore(world.redis, world.keys);
    const state = await store.read('s');
    const from = state?.last ?? 0;
    const slot = from + HOUR;
    await store.take('s', { rev: state?.rev ?? 0, from, to: slot, slot, missed: 0, skipped: 0 });
    await schedules[act]('s');
    expect(await store.claim('s', slot)).toBe(false);
    if (act === 'stop') expect(await schedules.start('s')).toMatchObject({ waiting: 0, missed: 1 });
    await lookOnce();
    expect(await countMachines('s')).toEqual([]);
  });

  it('trigger starts its machine at once, beside its slots, also while it is stopped', async () => {
    await world.worker([plain('job')]);
    const schedules = schedulesOf();
    await schedules.put({ name: 's', machine: 'job', every: '1h', context: { a: 1 } });
    await schedules.stop('s');
    const [one, two] = await Promise.all([schedules.trigger('s'), schedules.trigger('s')]);
    expect(one.correlationId).not.toBe(two.correlationId);
    expect(await world.until(one.correlationId, 'completed')).toMatchObject({ context: { a: 1 }, tags: { schedule: 's' } });
    expect(await schedules.get('s')).toMatchObject({ started: 0, lastCorrelationId: null });
  });

  it('a schedule whose timing changes begins anew, one whose context changes goes on', async () => {
    await world.worker([plain('job')]);
    const schedules = schedulesOf();
    await schedules.put({ name: 's', machine: 'job', every: '1h' });
    await outage('s', 30 * 60_000);
    const before = await schedules.get('s');
    const changed = await schedules.put({ name: 's', machine: 'job', every: '1h', context: { b: 1 } });
    expect(changed.nextAt).toBe(before?.nextAt);
    const anew = await schedules.put({ name: 's', machine: 'job', every: '30m', context: { b: 1 } });
    expect(Date.parse(anew.nextAt ?? '')).toBeGreaterThan((await serverTimeMs(world.redis)) + 29 * 60_000);
    expect(await alarmQueue().getJobSchedulersCount()).toBe(1);
  });

  it('leaves no key behind when it is removed', async () => {
    await world.worker([plain('job')]);
    const schedules = schedulesOf();
    await schedules.put({ name: 's', machine: 'job', every: '1h' });
    expect(await schedules.remove('s')).toBe(true);
    expect(await schedules.remove('s')).toBe(false);
    expect(await schedules.get('s')).toBeUndefined();
    await expect(schedules.stop('s')).rejects.toMatchObject({ code: 'SCHEDULE_NOT_FOUND' });
    const left = await adminOf(world.redis).keys(`${world.keys.tag(0).replace(/[{}]/g, '*')}*`);
    expect(left.filter((key) => /sch(w|edules)?(:|$)/.test(key) && !key.includes(':q:'))).toEqual([]);
    expect(await alarmQueue().getJobSchedulersCount()).toBe(0);
    expect(await alarmQueue().getDelayedCount()).toBe(0);
  });
});

/** Ids of the machines that a schedule has started. */
async function countMachines(schedule: string): Promise<string[]> {
  const prefix = world.keys.recordPrefix(0);
  const found: string[] = [];
  for (let cursor = '0'; ;) {
    const [next, keys] = await adminOf(world.redis).scan(cursor, 'MATCH', `${prefix}${schedule}.*`, 'COUNT', 1000);
    found.push(...keys.map((key) => key.slice(prefix.length)));
    cursor = next;
    if (cursor === '0') return [...new Set(found)];
  }
}
