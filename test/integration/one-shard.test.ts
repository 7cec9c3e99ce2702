import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalCluster, type LocalCluster } from '@stile/local-redis';
import { StileRuntime } from '@stile/machine';
import { plain } from './support/machines';

let dir: string;
let cluster: LocalCluster;
let runtime: StileRuntime;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'stile-shard-'));
  cluster = await startLocalCluster({ dir, masters: 1 });
});
afterAll(async () => {
  await runtime?.stop();
  await cluster?.stop();
  await rm(dir, { recursive: true, force: true });
});

it('a cluster of one master, taken for a plain Redis, lists machines of all partitions', async () => {
  const quiet = { debug: () => undefined, log: () => undefined, warn: () => undefined, error: () => undefined };
  runtime = new StileRuntime({ redis: { url: cluster.masters[0]?.url ?? '' }, partitions: 8, worker: {} }, quiet);
  const definition = plain('plain');
  await runtime.start({ find: () => definition, all: () => [definition] });
  const ids = Array.from({ length: 30 }, (_, i) => `m-${i}`);
  for (const correlationId of ids) await runtime.machines.start({ machine: 'plain', correlationId });
  expect(new Set(ids.map((id) => runtime.keys.partitionOf(id))).size).toBeGreaterThan(1);
  for (const page of [1, 2]) {
    const { items } = await runtime.listing.list({ machine: 'plain' }, { limit: 50 });
    expect([page, items.map(({ correlationId }) => correlationId).sort()]).toEqual([page, [...ids].sort()]);
  }
});
