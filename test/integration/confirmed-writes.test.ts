import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalRedis, type LocalRedis } from '@stile/local-redis';
import { waitFor } from '../support/redis';
import { plain } from './support/machines';
import { World, type Pod } from './support/world';

let folder: string;
let world: World;
let master: LocalRedis;
const servers: LocalRedis[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stile-confirmed-'));
  master = await serve('master');
  world = new World(master.url);
});
afterEach(async () => {
  await world.close();
  await Promise.all(servers.splice(0).map((server) => server.stop()));
  await rm(folder, { recursive: true, force: true });
});

async function serve(name: string, extraArgs: readonly string[] = []): Promise<LocalRedis> {
  const server = await startLocalRedis({ dir: join(folder, name), extraArgs: ['--repl-diskless-sync-delay', '0', ...extraArgs] });
  servers.push(server);
  return server;
}

async function attachReplica(): Promise<LocalRedis> {
  const replica = await serve('replica', ['--replicaof', '127.0.0.1', String(master.port)]);
  await waitFor(async () => (await world.redis.info('replication')).includes('state=online'), { what: 'the replica follows' });
  return replica;
}

async function calls(command: string): Promise<number> {
  return Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(await world.redis.info('commandstats'))?.[1] ?? 0);
}

const careful = (): Pod => world.pod({ worker: false, redis: { ackReplicas: 1 } });

it('a start that no replica has is not acknowledged; the same start again is, once one has it', async () => {
  await world.worker([plain('plain')]);
  const pod = careful();
  const request = { machine: 'plain', correlationId: 'a', delayMs: 60_000 };
  await expect(pod.runtime.machines.start(request)).rejects.toThrow(/it was written, but 0 of 1 replicas/);
  expect(await world.redis.exists(world.keys.record('a'))).toBe(1);
  await attachReplica();
  expect(await pod.runtime.machines.start(request)).toMatchObject({ outcome: 'existing' });
});

it('a worker is warned that nothing will be acknowledged, and a replica that stands still holds up events', async () => {
  const pod = await world.worker([plain('plain')], { redis: { ackReplicas: 1 } });
  expect(pod.log.join('\n')).toMatch(/STILE_ACK_REPLICAS is 1, but 127\.0\.0\.1:\d+ has 0 replicas/);
  const replica = await attachReplica();
  const sender = careful().runtime;
  await sender.machines.start({ machine: 'plain', correlationId: 'a', delayMs: 60_000 });
  const event = { event: 'go', dedupeId: 'one' };
  replica.kill('SIGSTOP');
  await expect(sender.events.send('a', event)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  replica.kill('SIGCONT');
  expect(await waitFor(() => sender.events.send('a', event), { what: 'it is acknowledged' })).toMatchObject({
    outcome: 'duplicate',
  });
});

it('writes that come together are confirmed together, also after the server has forgotten all scripts', async () => {
  await attachReplica();
  await world.worker([plain('plain')], { redis: { ackReplicas: 1 } });
  const pod = careful();
  await pod.runtime.machines.start({ machine: 'plain', correlationId: 'first', delayMs: 60_000 });
  await world.redis.script('FLUSH');
  const before = await calls('wait');
  const starts = Array.from({ length: 100 }, (_, i) => pod.runtime.machines.start({ machine: 'plain', correlationId: `m${i}` }));
  expect((await Promise.all(starts)).every(({ outcome }) => outcome === 'created')).toBe(true);
  expect((await calls('wait')) - before).toBeLessThan(50);
  for (let i = 0; i < 100; i++) expect(await world.until(`m${i}`, 'completed')).toMatchObject({ steps: 2, retries: 0 });
});
