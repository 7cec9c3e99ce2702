import type { TimingTotal } from '../../libs/machine/src/core/timings';
import { adminOf } from '../support/admin';
import { waitFor } from '../support/redis';
import { handmade, sketch, World, type Pod } from './support/world';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.close());

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Figures once everything that was timed has been added up, which stopping the worker does. */
async function figures(pod: Pod, machine: string) {
  const reader = world.pod();
  await world.stop(pod);
  return { totals: await reader.runtime.figures.totals(), of: await reader.runtime.figures.of(machine, 1) };
}

const countOf = (totals: readonly TimingTotal[], timing: TimingTotal['timing'], state = ''): number => {
  const found = totals.find((total) => total.timing === timing && total.state === state);
  return [...(found?.octaves.values() ?? [])].reduce((sum, count) => sum + count, 0);
};

it('tells throughput, time of steps and dwell of each state, whether it is passed at once or waits', async () => {
  const order = sketch('order', {
    quick: { do: () => 'on', on: { on: 'slow' } },
    slow: { do: () => pause(60).then(() => 'on'), on: { on: 'rests' } },
    rests: { on: { go: 'end' } },
    end: { final: true },
  });
  const pod = await world.worker([order]);
  const id = await world.start({ machine: 'order' });
  await world.until(id, 'waiting');
  await pause(120);
  await pod.runtime.events.send(id, { event: 'go' });
  await world.until(id, 'completed');

  const { totals, of } = await figures(pod, 'order');
  expect(of.windowMs).toBeGreaterThanOrEqual(240_000);
  expect(of.windowMs).toBeLessThan(300_000);
  expect(of.states.map(({ state }) => state)).toEqual(['end', 'quick', 'rests', 'slow']);
  const [end, quick, rests, slow] = of.states as [(typeof of.states)[0], ...typeof of.states] & typeof of.states;
  for (const { perMinute } of of.states) expect(perMinute).toBeCloseTo(60_000 / of.windowMs, 2);
  expect(end.dwellP50Ms).toBeNull(); // nobody leaves it
  expect(slow!.p50Ms).toBeGreaterThan(45);
  expect(slow!.dwellP50Ms).toBeGreaterThan(45); // from the attempt that entered it: its own action is part of it
  expect(quick!.dwellP50Ms).not.toBeNull();
  expect(rests!.dwellP50Ms).toBeGreaterThan(rests!.p50Ms!);
  expect(rests!.dwellP50Ms).toBeGreaterThan(100);
  for (const state of ['quick', 'slow', 'rests', 'end']) expect(countOf(totals, 'step', state)).toBe(1);
  expect(countOf(totals, 'commit')).toBe(4);
  expect(countOf(totals, 'lease')).toBe(2); // a claim for the start, one for the event
  expect([countOf(totals, 'queue'), countOf(totals, 'start')]).toEqual([2, 2]);
  expect(countOf(totals, 'redis')).toBeGreaterThan(0);
});

it('counts a dwell from when the state was entered, through failures and internal transitions', async () => {
  let failures = 0;
  const stays = sketch('stays', {
    a: { on: { poke: 'a', go: 'b' } },
    b: {
      retry: { baseMs: 30, capMs: 60 },
      do: () => {
        if (++failures < 3) throw new Error('again');
      },
      final: true,
    },
  });
  const a = stays.definition.states.a!;
  const poke = { ...a.transitions.poke!, internal: true };
  const definition = {
    ...stays.definition,
    states: { ...stays.definition.states, a: { ...a, transitions: { ...a.transitions, poke } } },
  };
  const pod = await world.worker([{ ...stays, definition }]);
  const id = await world.start({ machine: 'stays' });
  await world.until(id, 'waiting');
  const since = await world.redis.hget(world.keys.record(id), 'since');
  await pause(50);
  await pod.runtime.events.send(id, { event: 'poke' });
  await waitFor(async () => (await world.get(id)).steps === 2 && (await world.get(id)).status === 'waiting', {
    what: 'the poke',
  });
  expect(await world.redis.hget(world.keys.record(id), 'since')).toBe(since);
  await pod.runtime.events.send(id, { event: 'go' });
  await world.until(id, 'completed');
  const { of } = await figures(pod, 'stays');
  const [left, end] = of.states;
  expect(left).toMatchObject({ state: 'a' });
  expect(left?.dwellP50Ms).toBeGreaterThan(45);
  expect(end?.perMinute).toBeCloseTo(60_000 / of.windowMs, 2); // attempts that failed are no throughput
});

it('adds up what workers have timed, and keeps what it could not send', async () => {
  const plain = sketch('plain', { a: { final: true } });
  const [one, two] = [await world.worker([plain]), await world.worker([plain])];
  const reader = world.pod();
  await Promise.all(Array.from({ length: 20 }, () => world.run('plain')));
  await world.stop(one);
  await world.stop(two);
  const totals = await reader.runtime.figures.totals();
  expect(countOf(totals, 'step', 'a')).toBe(20);
  expect(countOf(totals, 'commit')).toBe(20);
  const [of] = (await reader.runtime.figures.of('plain', 1)).states;
  expect(of?.p95Ms).toBeGreaterThan(0);
  const minutes = await adminOf(world.redis).keys(`${world.prefix}:figures:*`);
  expect(minutes.length).toBeGreaterThan(0);
  for (const key of minutes) expect(await world.redis.pttl(key)).toBeGreaterThan(0);
});

it('counts the time in which another worker had the machine as time waited for its lease', async () => {
  const plain = sketch('plain', { a: { final: true } });
  await world.stop(await world.worker([plain])); // publishes it
  const reader = world.pod();
  const id = await world.start({ machine: 'plain' });
  expect(await world.store().claim(handmade(id, 'plain'), 'ghost')).toMatchObject({ outcome: 'claimed' });
  const pod = await world.worker([plain]);
  await world.untilCounted('contended');
  await pause(120);
  await world.expire(id);
  await world.until(id, 'completed');
  await world.stop(pod);
  const lease = (await reader.runtime.figures.totals()).find(({ timing }) => timing === 'lease');
  expect(lease).toMatchObject({ machine: 'plain', state: '' });
  expect(lease?.sumMs).toBeGreaterThan(100);
});
