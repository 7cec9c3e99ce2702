import { onCluster } from '../support/engines';
import { slotOf } from '../support/move-slot';
import { waitFor } from '../support/redis';
import { Client, expectTaken, missing, waiter } from './support/acknowledged';
import { World } from './support/world';

const cluster = onCluster(4, { replicas: 1, nodeTimeoutMs: 1000 });

let world: World;
let client: Client | undefined;
beforeEach(() => {
  world = new World();
});
afterEach(async () => {
  await client?.stop();
  await world.close();
});

it('a node that is killed loses nothing that was acknowledged with STILE_ACK_REPLICAS, and its partitions go on', async () => {
  await world.worker([waiter()], { redis: { ackReplicas: 1 } });
  const careful = new Client(world.pod({ worker: false, redis: { ackReplicas: 1 } }), 'careful');
  client = careful;
  careful.run();
  await waitFor(() => careful.sent.size > 50, { what: 'events are sent' });
  const { masters, replicas } = cluster.server;
  const key = world.keys.watch(0);
  const { slot, owner } = await slotOf(masters, key);
  owner.kill('SIGKILL');
  await owner.exited;
  const others = [...masters, ...replicas].filter((node) => node !== owner);
  await waitFor(() => slotOf(others, key).then((found) => found.slot === slot && replicas.includes(found.owner)), {
    what: 'its replica is promoted',
  });
  await cluster.server.restart(owner); // until then the new master has no replica, and its partitions acknowledge nothing
  const before = careful.sent.size;
  await waitFor(() => careful.sent.size > before + 50, { what: 'all partitions acknowledge again' });
  await careful.stop();
  const ofTheDead = [...careful.sent].filter((id) => world.keys.partitionOf(id) === 0);
  expect(ofTheDead.length).toBeGreaterThan(0);
  expect(await missing(world, careful.started)).toEqual([]);
  await expectTaken(world, careful.sent);
});
