import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalRedis, type LocalRedis } from '@stile/local-redis';
import { Client } from 'pg';
import { startLocalPostgres, type LocalPostgres } from '../support/local-postgres';
import { waitFor } from '../support/redis';
import { twentyTimes } from './support/machines';
import { World } from './support/world';

let postgres: LocalPostgres;
let world: World;
let folder: string;
const servers: LocalRedis[] = [];
let databases = 0;

beforeAll(async () => {
  postgres = await startLocalPostgres();
});
afterAll(() => postgres.stop());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stile-engine-pg-'));
  world = new World();
});
afterEach(async () => {
  await world.close();
  await Promise.all(servers.splice(0).map((server) => server.stop()));
  await rm(folder, { recursive: true, force: true });
});

async function startRedis(): Promise<LocalRedis> {
  const server = await startLocalRedis({ dir: folder });
  servers.push(server);
  return server;
}

async function ask<T extends object>(sql: string, url = postgres.url): Promise<T[]> {
  const client = new Client(url);
  await client.connect();
  try {
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** An empty database, and its URL. */
async function database(): Promise<{ name: string; url: string }> {
  const name = `engine_${++databases}`;
  await ask(`create database ${name}`);
  return { name, url: postgres.url.replace(/postgres$/, name) };
}

const connections = async (name: string) =>
  (await ask(`select from pg_stat_activity where datname = '${name}' and backend_type = 'client backend'`)).length;

describe('PostgreSQL for leases', () => {
  const machine = () => twentyTimes('split');
  const finish = async (ids: string[]) => {
    for (const id of ids)
      expect(await world.until(id, 'completed', 20_000)).toMatchObject({ context: { n: 20 }, steps: 21, retries: 0 });
  };
  const startTen = () => Promise.all(Array.from({ length: 10 }, () => world.start({ machine: 'split' })));

  it('takes over as the secondary when the first Redis is killed: counted, flipped, and all machines finish', async () => {
    const primary = await startRedis();
    const { url } = await database();
    await world.worker([machine()], { lease: { url: primary.url, secondaryUrl: url, ttlMs: 1500 }, worker: { stickySteps: 5 } });
    const ids = await startTen();
    await world.untilCounted('committed', 30);
    expect(await ask('select from stile.lease', url)).toEqual([]);
    primary.kill('SIGKILL');
    await finish(ids);
    expect((await world.counts()).cache).toBeGreaterThan(0);
    expect(await world.redis.hget(world.keys.record(ids[0] ?? ''), 'seat')).toBe('secondary');
    const rows = await ask<{ key: string; fence: string }>('select key, fence from stile.lease', url);
    expect(rows.map(({ key }) => key).sort()).toEqual(ids.map((id) => world.keys.lease(id)).sort());
    for (const { fence } of rows) expect(Number(fence)).toBeGreaterThan(Date.parse('2020-01-01') * 1000);
  });

  it('keeps them alone, through a restart; what it keeps goes with the machines, and its connections with the worker', async () => {
    const { name, url } = await database();
    const pod = await world.worker([machine()], { lease: { url, ttlMs: 1500 }, worker: { stickySteps: 5 }, retentionMs: 1 });
    const ids = await startTen();
    await world.untilCounted('committed', 30);
    await postgres.restart();
    for (const id of ids) {
      await waitFor(async () => (await world.machines.get(id)) === undefined, {
        what: `${id} has ended and gone`,
        timeoutMs: 20_000,
      });
    }
    expect(await world.counts()).toMatchObject({ started: 10, committed: 210, completed: 10 });
    await waitFor(async () => (await ask('select from stile.lease', url)).length === 0, { what: 'no lease is left' });
    expect(await connections(name)).toBeGreaterThan(0);
    await world.stop(pod);
    expect(await connections(name)).toBe(0);
  });

  it('may be away when a worker starts, if another store answers; its tables are made when it is back', async () => {
    const primary = await startRedis();
    const { url } = await database();
    await postgres.halt();
    try {
      const pod = await world.worker([machine()], { lease: { url: primary.url, secondaryUrl: url, ttlMs: 1500 } });
      expect(pod.log.join('\n')).toMatch(/warn the secondary lease store at 127.* \(STILE_LEASE_SECONDARY_URL\) does not answer/);
      expect(pod.log.join('\n')).not.toContain(new URL(url).password);
    } finally {
      await postgres.restart();
    }
    const ids = await startTen();
    await world.untilCounted('committed', 10);
    primary.kill('SIGKILL');
    await finish(ids);
    expect(await ask('select from stile.lease', url)).not.toEqual([]);
  });

  it('is refused at boot, with what to do and no password, where it will never let a lease in', async () => {
    const { url } = await database();
    const wrong = url.replace(/:\w+@/, ':open-sesame@');
    const refusal: unknown = await world.worker([machine()], { lease: { url: wrong } }).catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      code: 'STORE_UNFIT',
      message: expect.stringMatching(/^the lease store at 127.*\(STILE_LEASE_URL\) refuses: .*give the right user and password/),
    });
    expect(String(refusal)).not.toContain('sesame');
    const away = world.worker([machine()], { lease: { url: 'postgres://u:open-sesame@127.0.0.1:1/d' } });
    await expect(away).rejects.toMatchObject({ code: 'STORE_UNFIT', message: expect.stringContaining('start it') });
  });
});
