import { repartition } from '../../libs/machine/src/move/repartition';
import { Keyspace } from '../../libs/machine/src/redis/keyspace';
import { startLocalPostgres } from '../support/local-postgres';
import { adminOf } from '../support/admin';
import { administer } from './support/child-script';
import { Deployment, untilStatus } from './support/deployment';

let deployment: Deployment;
beforeEach(() => {
  deployment = new Deployment();
});
afterEach(() => deployment.close());

const move = (to: number) => repartition(deployment.redis, { prefix: deployment.prefix, to });

it('moves everything, through a kill at every point, to more partitions and back, and all of it goes on', async () => {
  await deployment.populate(await deployment.start(1), 1);
  await deployment.stop();
  const before = await deployment.content();
  const options = { redis: { url: deployment.url }, prefix: deployment.prefix, to: 4 };
  // Many machines are under way at once: a kill at one point finds others at all of them.
  const deaths = [
    ...[
      { at: 'locked', nth: 1 },
      { at: 'placed', nth: 1 },
      { at: 'placed', nth: 7 },
      { at: 'evicted', nth: 1 },
    ],
    { at: 'moved', nth: 1 },
  ];
  for (const death of deaths) {
    expect([death, (await administer('repartitionDeployment', options, death)).signal]).toEqual([death, 'SIGKILL']);
    await expect(deployment.start(4)).rejects.toThrow('run "stile repartition 4" to its end');
    await deployment.stop();
    await expect(move(3)).rejects.toThrow('run "stile repartition 4" first');
  }
  expect(await administer('repartitionDeployment', options)).toMatchObject({ code: 0 });
  expect(await deployment.content()).toEqual(before);
  const spread = await Promise.all([0, 1, 2, 3].map((n) => deployment.redis.zcard(new Keyspace(deployment.prefix, 4).ids(n))));
  for (const count of spread) expect(count).toBeGreaterThan(3);
  expect(await move(4)).toMatchObject({ moved: 0 });
  await expect(deployment.start(1)).rejects.toThrow('stile repartition 1');
  await deployment.stop();

  expect((await move(1)).moved).toBeGreaterThan(10);
  expect(await deployment.content()).toEqual(before);
  expect((await adminOf(deployment.redis).keys(`{${deployment.prefix}:[123]}*`)).sort()).toEqual([]);
  await move(3);
  await deployment.expectToGoOn(await deployment.start(3));
});

it('refuses, and changes nothing, while a process is there, which is asked of those that start as well', async () => {
  const runtime = await deployment.start(1);
  await expect(move(2)).rejects.toThrow(/stop all APIs and workers first; seen were: worker \d+ on/);
  expect(await deployment.redis.hgetall(runtime.keys.layout)).toEqual({ partitions: '1' });
  await runtime.machines.start({ machine: 'kid', correlationId: 'k' });
  await untilStatus(runtime.machines, 'k', 'completed');
  await deployment.stop();
  expect(await move(2)).toMatchObject({ from: 1, to: 2 });
});

it('refuses while an operation on many machines is not finished', async () => {
  const { keys } = await deployment.start(1);
  await deployment.stop();
  await deployment.redis.sadd(`${keys.tag(0)}:operations`, 'op-1');
  await expect(move(2)).rejects.toThrow('op-1');
  expect(await deployment.redis.hgetall(keys.layout)).toEqual({ partitions: '1' });
});

it('refuses where there is nothing', async () => {
  await expect(move(2)).rejects.toThrow('STILE_PREFIX');
});

it('does not write over a machine that was run meanwhile: it says which two there are', async () => {
  const { machines } = await deployment.start(1);
  await machines.start({ machine: 'kid', correlationId: 'k-1' });
  await untilStatus(machines, 'k-1', 'completed');
  await deployment.stop();
  const to = new Keyspace(deployment.prefix, 7);
  expect(to.partitionOf('k-1')).not.toBe(0);
  await deployment.redis.hset(to.record('k-1'), { machine: 'kid', updated: '1' });
  await expect(move(7)).rejects.toThrow(/"k-1" is in two partitions, and they differ/);
  await deployment.redis.del(to.record('k-1'));
  expect(await move(7)).toMatchObject({ moved: 1 });
});

it('takes the counters of a separate lease store along: tokens go on above all that were there', async () => {
  const postgres = await startLocalPostgres();
  try {
    const lease = { url: postgres.url, ttlMs: 1000 };
    const { machines } = await deployment.start(1, { lease });
    const ids = Array.from({ length: 6 }, (_, i) => `p-${i}`);
    for (const correlationId of ids) await machines.start({ machine: 'patient', correlationId });
    const before = await Promise.all(ids.map((id) => untilStatus(machines, id, 'waiting')));
    await deployment.stop();
    const options = { redis: { url: deployment.url }, prefix: deployment.prefix, lease, to: 5 };
    expect(await administer('repartitionDeployment', options)).toMatchObject({ code: 0 });
    const runtime = await deployment.start(5, { lease });
    for (const [i, id] of ids.entries()) {
      await runtime.events.send(id, { event: 'go' });
      expect((await untilStatus(runtime.machines, id, 'completed')).fence).toBeGreaterThan(before[i]?.fence ?? Infinity);
    }
  } finally {
    await deployment.stop();
    await postgres.stop();
  }
});
