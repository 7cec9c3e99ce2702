import { setTimeout as sleep } from 'node:timers/promises';
import { testRedisUrl, waitFor } from '../support/redis';
import { plain } from './support/machines';
import { rich } from './support/rich-sketch';
import { sketch, World } from './support/world';

let world: World;
beforeEach(() => {
  world = new World(testRedisUrl(), 3);
});
afterEach(() => world.close());

/** Ids of machines of a partition. */
function idsOf(partition: number, count: number, name = 'm'): string[] {
  const ids: string[] = [];
  for (let i = 0; ids.length < count; i++) {
    if (world.keys.partitionOf(`${name}-${i}`) === partition) ids.push(`${name}-${i}`);
  }
  return ids;
}

const lasting = (ms: number) =>
  sketch('lasting', {
    a: {
      do: async () => {
        await sleep(ms);
        return 'go';
      },
      on: { go: 'b' },
    },
    b: { final: true },
  });

it('a flooded partition keeps no machine of another one waiting', async () => {
  await world.worker([lasting(50)], { worker: { concurrency: 2 } });
  const flood = idsOf(0, 300);
  await world.machines.startMany(flood.map((correlationId) => ({ machine: 'lasting', correlationId })));
  await world.until(flood[0] ?? '', 'completed');
  const waits: number[] = [];
  for (const correlationId of idsOf(1, 5)) {
    const began = performance.now();
    await world.start({ machine: 'lasting', correlationId });
    await world.until(correlationId, 'completed');
    waits.push(performance.now() - began);
  }
  const left = await world.queue().getWaitingCount(); // of partition 0
  expect(left).toBeGreaterThan(150); // two hands, 50 ms each: the flood alone takes 7.5 s
  expect(Math.max(...waits)).toBeLessThan(1000);
});

it('timers that are due all at once in one partition let those of another one fire', async () => {
  const machine = rich('timed', {
    a: { after: { 1000: 'late' }, on: { late: 'b' } },
    b: { final: true },
  });
  await world.worker([machine]);
  const flood = idsOf(0, 500);
  const [other = ''] = idsOf(2, 1);
  await world.machines.startMany(flood.map((correlationId) => ({ machine: 'timed', correlationId })));
  await world.start({ machine: 'timed', correlationId: other });
  await world.until(other, 'completed');
  const late = await Promise.all(flood.map((id) => world.get(id)));
  expect(late.filter(({ status }) => status === 'waiting').length).toBeGreaterThan(100);
});

it('a worker serves the partitions it is told to, and what belongs to the deployment with partition 0', async () => {
  await world.worker([plain('plain')], { worker: { name: 'w0', partitions: [0] } });
  const { runtime } = world.pod({ worker: false });
  const [mine = '', others = ''] = [...idsOf(0, 1), ...idsOf(1, 1)];
  await world.start({ machine: 'plain', correlationId: mine });
  await world.start({ machine: 'plain', correlationId: others });
  await world.until(mine, 'completed');
  expect(await runtime.explanations.explain(others)).toMatchObject({
    reason: 'noWorker',
    text: 'no worker serves partition 1 of queue "machines", w0 serves others; start one',
  });
  const rest = await world.worker([plain('plain')], { worker: { name: 'w12', partitions: [1, 2] } });
  await world.until(others, 'completed');
  const seen = await waitFor(() => runtime.workers.list().then((list) => list.length === 2 && list), { what: 'both are seen' });
  expect(seen.map(({ name, partitions }) => [name, partitions]).sort()).toEqual([
    ['w0', [0]],
    ['w12', [1, 2]],
  ]);
  expect(await runtime.workers.probe(2000)).toBe(true);
  expect(rest.log.join('\n')).not.toMatch(/error|warn/);
});

it('a partition that is not there is not served in vain', async () => {
  await expect(world.worker([plain('plain')], { worker: { partitions: [0, 3] } })).rejects.toThrow(
    'partitions to serve: 3, of 0 to 2; name some of these, or none to serve all',
  );
});

it('another number of partitions than the first one is refused with the way out', async () => {
  await world.worker([plain('plain')]);
  await expect(world.worker([plain('plain')], { partitions: 2 })).rejects.toThrow(
    /3 partitions .* now 2 are asked for.*Use 3 \(STILE_PARTITIONS\), or another prefix, or move them: stop all and run "stile repartition 2"/,
  );
});
