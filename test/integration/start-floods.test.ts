import { MemoryShortError, TooManyStartsError } from '@stile/machine';
import { FloodGate } from '../../libs/machine/src/engine/start-gate';
import { ShareWatch } from '../../libs/machine/src/engine/share-watch';
import { RedisScheduleStore } from '../../libs/machine/src/redis/schedule-store';
import { waitFor } from '../support/redis';
import { sketch, World } from './support/world';
import { systemClock } from '@stile/lease';

let world: World;
beforeEach(() => (world = new World()));
afterEach(() => world.close());

const ends = sketch('ends', { a: { final: true } });

it('counts starts of a tenant against its rate: a second is let in, what is more is refused with the time to wait', async () => {
  const { runtime } = await world.worker([ends]);
  await runtime.shares.set({ kind: 'tenant', of: 'acme' }, { startsPerSecond: 3 });
  const start = (id: string) => runtime.machines.start({ machine: 'ends', correlationId: id });
  await waitFor(
    async () => {
      await Promise.all(['acme.1', 'acme.2', 'acme.3', 'acme.4', 'acme.5'].map(start)); // until the limit is known
      return false;
    },
    { what: 'a refusal', everyMs: 50, timeoutMs: 1 },
  ).catch(() => undefined);
  const refused = await waitFor(
    () =>
      start('acme.6').then(
        () => undefined,
        (error: unknown) => error as Error,
      ),
    { what: 'a refusal' },
  );
  expect(refused).toBeInstanceOf(TooManyStartsError);
  expect(refused).toMatchObject({
    code: 'TOO_MANY_STARTS',
    message: expect.stringMatching(/^tenant "acme" has started as many/),
  });
  expect((refused as TooManyStartsError).retryAfterMs).toBeLessThanOrEqual(2000);
  await expect(start('other.1')).resolves.toMatchObject({ outcome: 'created' });
  await waitFor(() => start('acme.7'), { what: 'a start when the second is over', timeoutMs: 5000 });
});

it('in bulk refuses the items of who has used up his second, and starts the others', async () => {
  const { runtime } = await world.worker([ends]);
  await runtime.shares.set({ kind: 'tenant', of: 'acme' }, { startsPerSecond: 1 });
  await new Promise((resolve) => setTimeout(resolve, 600));
  const items = (round: number) =>
    ['acme', 'other'].flatMap((tenant) => [1, 2].map((i) => ({ machine: 'ends', correlationId: `${tenant}.${round}.${i}` })));
  await runtime.machines.startMany(items(0)); // finds the limits old, and has them read
  await waitFor(async () => (await runtime.machines.startMany(items(1))).some(({ outcome }) => outcome === 'rejected'), {
    what: 'a refusal',
  });
  const results = await runtime.machines.startMany(items(2));
  expect(results.map(({ outcome }) => outcome)).toEqual(['rejected', 'rejected', 'created', 'created']);
});

it('a schedule waits while its starts are refused, and starts then', async () => {
  const pod = await world.worker([ends]);
  const store = new RedisScheduleStore(world.redis, world.keys);
  await pod.runtime.shares.set({ kind: 'definition', of: 'ends' }, { startsPerSecond: 0.5 });
  await new Promise((resolve) => setTimeout(resolve, 600));
  await pod.runtime.machines.start({ machine: 'ends' });
  await waitFor(
    () =>
      pod.runtime.machines.start({ machine: 'ends' }).then(
        () => false,
        () => true,
      ),
    { what: 'a refusal' },
  );
  await pod.runtime.schedules.put({
    name: 'often',
    machine: 'ends',
    every: '1d',
    startAt: new Date(Date.now() + 500).toISOString(),
  });
  await waitFor(async () => (await store.read('often'))?.started === 1, { what: 'the slot started', timeoutMs: 15_000 });
  expect(await pod.runtime.schedules.get('often')).toMatchObject({ started: 1, failed: 0 });
});

it('looks at the memory once a second at most, behind the starts', async () => {
  let looks = 0;
  const memory = { used: async () => (looks++, 0.81) };
  const names = new ShareWatch({ names: async () => ({ turns: new Set(), starts: new Set() }) }, systemClock);
  const gate = new FloodGate({ store: { admit: async () => undefined }, names, memory, clock: systemClock });
  const first = await gate.admit([{ machine: 'm' }]);
  for (let i = 0; i < 1000; i++) await gate.admit([{ machine: 'm' }]);
  expect(looks).toBe(1);
  expect(first[0]).toBeInstanceOf(MemoryShortError);
  expect(first[0]!.message).toMatch(/^81 % of the store's memory is used, and from 80 % on nothing new is started/);
});
