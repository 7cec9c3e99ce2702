import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalRedis, type LocalRedis } from '@stile/local-redis';
import { Redis } from 'ioredis';
import { onSentinels } from '../support/engines';
import { waitFor } from '../support/redis';
import { Client, expectTaken, missing, waiter } from './support/acknowledged';
import { World } from './support/world';

const sentinels = onSentinels({ replicas: 1, downAfterMs: 500 });

let world: World;
let folder: string;
let returned: LocalRedis | undefined;
const clients: Client[] = [];
beforeEach(async () => {
  world = new World();
  folder = await mkdtemp(join(tmpdir(), 'stile-returned-'));
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.stop()));
  await world.close();
  await returned?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function cutReplicas(master: LocalRedis): Promise<void> {
  const admin = new Redis(master.url);
  await admin.call('CLIENT', 'KILL', 'TYPE', 'replica');
  admin.disconnect();
}

it('a master that is killed loses nothing that was acknowledged with STILE_ACK_REPLICAS, and something without', async () => {
  await world.worker([waiter()], { redis: { ackReplicas: 1 } });
  const careful = new Client(world.pod({ worker: false, redis: { ackReplicas: 1 } }), 'careful');
  const careless = new Client(world.pod({ worker: false }), 'careless');
  clients.push(careful, careless);
  for (const client of clients) client.run();
  await waitFor(() => careful.sent.size > 50 && careless.sent.size > 50, { what: 'both have sent' });
  const { master, replicas } = sentinels.server;
  const [replica] = replicas as [LocalRedis];
  // From here on there is a tail that only the master has. What a stopped replica has not read is in its socket, and is read when it goes on:
  // so its link is cut while it cannot make another.
  replica.kill('SIGSTOP');
  await cutReplicas(master);
  const [before, known] = [careless.started.size, careful.started.size];
  await waitFor(() => careless.started.size > before + 50, { what: 'the careless one was told of starts that no replica has' });
  expect(careful.started.size).toBeLessThan(known + 20); // what was confirmed just before
  master.kill('SIGKILL');
  await master.exited;
  replica.kill('SIGCONT');
  await waitFor(() => sentinels.server.masterPort().then((port) => port === replica.port), { what: 'the replica is promoted' });
  // Nothing is acknowledged until the new master has a replica.
  const after = careful.sent.size;
  returned = await startLocalRedis({
    dir: join(folder, 'returned'),
    extraArgs: ['--replicaof', '127.0.0.1', String(replica.port), '--repl-diskless-sync-delay', '0'],
  });
  await waitFor(() => careful.sent.size > after + 50, { what: 'acknowledged again' });
  await Promise.all(clients.map((client) => client.stop()));

  expect(await missing(world, careful.started)).toEqual([]);
  expect((await missing(world, careless.started)).length).toBeGreaterThan(0);
  await expectTaken(world, careful.sent);
});
