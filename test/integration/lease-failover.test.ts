import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import {
  FailoverLeases,
  MemoryPlacement,
  PostgresLeaseStore,
  PostgresServer,
  RedisLeaseStore,
  type AcquireResult,
} from '@stile/lease';
import { startLocalRedis } from '@stile/local-redis';
import { describeIdentityChange } from '../../libs/lease/src/testing/lease-store.contract';
import { startLocalPostgres } from '../support/local-postgres';

type Server = Awaited<ReturnType<typeof startLocalRedis>>;

const at = (steps: number) => ({ steps, retries: 0 });
const ttlMs = 60_000;

let folder: string;
const servers: Server[] = [];
const clients: Redis[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stile-lease-'));
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.disconnect();
  await Promise.all(servers.splice(0).map((server) => server.stop().catch(() => undefined)));
  await rm(folder, { recursive: true, force: true });
});

async function start(name: string, port?: number): Promise<Server> {
  // `always`: with `everysec` a slow disk lets a killed server lose what it has answered, an id's first lease among it, and a
  // library that is told no floor cannot know. Machines have their record for that.
  const server = await startLocalRedis({ dir: join(folder, name), port, appendOnly: true, appendFsync: 'always' });
  servers.push(server);
  return server;
}

/** A client that answers quickly that it cannot reach its server, and comes back by itself. */
function connect(server: Server): Redis {
  const client = new Redis(server.url, {
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    commandTimeout: 500,
    disconnectTimeout: 50, // ioredis keeps a timer this long for a connection that is gone already
    retryStrategy: () => 20,
  });
  client.on('error', () => undefined);
  clients.push(client);
  return client;
}

async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (const end = Date.now() + 10_000; Date.now() < end;) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`waited 10 s in vain until ${what}`);
}

const isReady = (client: Redis) => until(() => client.status === 'ready', 'the client is connected');

function fenceOf(result: AcquireResult): number {
  if (result.outcome !== 'granted') throw new Error(`expected a grant, got ${JSON.stringify(result)}`);
  return result.fence;
}

describe('FailoverLeases over two Redis servers', () => {
  it('moves on when the primary is killed, stays when it is back, and its tokens only grow', async () => {
    const first = await start('primary');
    const primary = connect(first);
    const secondary = connect(await start('secondary'));
    await Promise.all([isReady(primary), isReady(secondary)]);
    const errors: string[] = [];
    const leases = new FailoverLeases(new RedisLeaseStore(primary), new RedisLeaseStore(secondary), {
      onUnavailable: (id, store) => errors.push(`${id} ${store}`),
    });
    let attempts = 0;
    const acquire = (id: string, steps: number) => leases.acquire(id, at(steps), { nonce: `n${++attempts}`, ttlMs });

    const before = await acquire('moved', 0);
    expect(before).toMatchObject({ outcome: 'granted', fence: 1, store: 'primary' });
    expect(await acquire('moved', 0)).toMatchObject({ outcome: 'held' });
    expect(fenceOf(await acquire('idle', 0))).toBe(1);
    expect(await leases.release('idle', at(0), 1)).toBe(true);
    expect(errors).toEqual([]);

    first.kill('SIGKILL');
    await until(() => primary.status !== 'ready', 'the client has noticed');
    // The holder cannot renew, and knows that it is not known.
    expect(await leases.renew('moved', 1, ttlMs)).toMatchObject({ outcome: 'unavailable' });
    const during = await acquire('moved', 0);
    expect(during).toMatchObject({ outcome: 'granted', store: 'secondary' });
    expect(fenceOf(during)).toBeGreaterThan(Date.parse('2020-01-01') * 1000);
    expect(errors).toEqual(['moved primary', 'moved primary']);

    await start('primary', first.port);
    await isReady(primary);
    expect(await acquire('moved', 0)).toMatchObject({ outcome: 'held', by: at(0) });
    const advanced = await leases.advance('moved', fenceOf(during), at(0), at(1), ttlMs);
    expect(advanced).toMatchObject({ outcome: 'granted', fence: fenceOf(during) + 1, store: 'secondary' });
    expect(await leases.release('moved', at(1), fenceOf(during) + 1)).toBe(true);
    expect(await acquire('moved', 2)).toMatchObject({ store: 'secondary', fence: fenceOf(during) + 2 });
    // One that nobody asked for meanwhile has not moved. Its server is a new one to it: the token jumps, never repeats.
    const idle = await acquire('idle', 1);
    expect(idle).toMatchObject({ store: 'primary' });
    expect(fenceOf(idle)).toBeGreaterThan(1);
    expect(errors).toHaveLength(2);
  });

  it('takes a server that is stopped for unavailable, not for held', async () => {
    const first = await start('primary');
    const primary = connect(first);
    const secondary = connect(await start('secondary'));
    await Promise.all([isReady(primary), isReady(secondary)]);
    const leases = new FailoverLeases(new RedisLeaseStore(primary), new RedisLeaseStore(secondary));
    expect(await leases.acquire('id', at(0), { nonce: 'a', ttlMs })).toMatchObject({ store: 'primary' });
    first.kill('SIGSTOP');
    try {
      expect(await leases.acquire('id', at(0), { nonce: 'b', ttlMs })).toMatchObject({
        outcome: 'granted',
        store: 'secondary',
      });
    } finally {
      first.kill('SIGCONT');
    }
  });

  it('is unavailable when both servers are gone', async () => {
    const both = [await start('primary'), await start('secondary')];
    const [primary, secondary] = both.map(connect) as [Redis, Redis];
    await Promise.all([isReady(primary), isReady(secondary)]);
    const leases = new FailoverLeases(new RedisLeaseStore(primary), new RedisLeaseStore(secondary));
    for (const server of both) server.kill('SIGKILL');
    await until(() => primary.status !== 'ready' && secondary.status !== 'ready', 'both clients have noticed');
    expect(await leases.acquire('id', at(0), { nonce: 'a', ttlMs })).toMatchObject({
      outcome: 'unavailable',
    });
  });
});

describe('FailoverLeases over Redis and PostgreSQL', () => {
  it('moves on when Redis is down, stays, moves back when PostgreSQL is down, and again: its tokens only grow', async () => {
    const postgres = await startLocalPostgres();
    const server = new PostgresServer(postgres.url, { timeoutMs: 10_000 });
    try {
      const first = await start('primary');
      const redis = connect(first);
      await isReady(redis);
      const errors: string[] = [];
      const leases = new FailoverLeases(new RedisLeaseStore(redis), new PostgresLeaseStore(server), {
        placement: new MemoryPlacement({ cooldownMs: 0 }),
        onUnavailable: (_id, store) => errors.push(store),
      });
      let last = 0;
      let steps = 0;
      /** Claims a step, runs on into the next, and gives it back, as a worker does. */
      const work = async (): Promise<string | undefined> => {
        const claim = await leases.acquire('id', at(++steps), { nonce: `n${steps}`, ttlMs });
        expect(fenceOf(claim)).toBeGreaterThan(last);
        last = fenceOf(claim);
        expect(await leases.renew('id', last, ttlMs)).toMatchObject({ outcome: 'renewed' });
        expect(await leases.advance('id', last, at(steps), at(steps + 1), ttlMs)).toMatchObject({ fence: last + 1 });
        expect(await leases.release('id', at(++steps), ++last)).toBe(true);
        return claim.outcome === 'granted' ? claim.store : undefined;
      };
      expect([await work(), await work()]).toEqual(['primary', 'primary']);
      expect(last).toBe(4);

      first.kill('SIGKILL');
      await until(() => redis.status !== 'ready', 'the client has noticed');
      expect([await work(), await work()]).toEqual(['secondary', 'secondary']);
      const again = await start('primary', first.port);
      await isReady(redis);
      expect(await work()).toBe('secondary'); // it stays
      expect(errors).toEqual(['primary']);

      await postgres.halt();
      expect([await work(), await work()]).toEqual(['primary', 'primary']);
      await postgres.restart();
      expect(await work()).toBe('primary');
      expect(errors).toEqual(['primary', 'secondary']);

      again.kill('SIGKILL');
      await until(() => redis.status !== 'ready', 'the client has noticed');
      expect([await work(), await work()]).toEqual(['secondary', 'secondary']);
      await postgres.halt();
      const nowhere = await leases.acquire('id', at(99), { nonce: 'x', ttlMs });
      expect(nowhere).toMatchObject({ outcome: 'unavailable' });
      expect(errors.slice(2)).toEqual(['primary', 'secondary', 'primary']);
    } finally {
      await server.close();
      await postgres.stop();
    }
  });
});

describeIdentityChange('RedisLeaseStore', async () => {
  const redis = connect(await start('single'));
  await isReady(redis);
  return {
    store: new RedisLeaseStore(redis),
    pass: () => Promise.reject(new Error('not needed')),
    // What a promotion does to a replica: a new replication id.
    changeIdentity: async () => {
      const before = await replicationId(redis);
      await redis.replicaof('127.0.0.1', 1);
      await redis.replicaof('NO', 'ONE');
      expect(await replicationId(redis)).not.toBe(before);
    },
  };
});

async function replicationId(redis: Redis): Promise<string | undefined> {
  return /master_replid:(\w+)/.exec(await redis.info('replication'))?.[1];
}
