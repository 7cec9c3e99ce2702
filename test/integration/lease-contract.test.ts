import * as fc from 'fast-check';
import { Redis } from 'ioredis';
import { MemoryLeaseStore, PostgresLeaseStore, PostgresServer, RedisLeaseStore, type LeaseStore } from '@stile/lease';
import { describeLeaseStore, operation, perform } from '../../libs/lease/src/testing/lease-store.contract';
import { startLocalPostgres, type LocalPostgres } from '../support/local-postgres';
import { adminOf } from '../support/admin';
import { testRedisUrl } from '../support/redis';

const at = (steps: number) => ({ steps, retries: 1 });

let redis: Redis;
/** Nobody listens on port 1: each command connects, and fails at once. */
let unreachable: Redis;
let local: LocalPostgres;
let postgres: PostgresServer;
let benches = 0;

beforeAll(async () => {
  redis = new Redis(testRedisUrl());
  unreachable = new Redis({ host: '127.0.0.1', port: 1, lazyConnect: true, retryStrategy: () => null });
  unreachable.on('error', () => undefined);
  local = await startLocalPostgres();
  postgres = new PostgresServer(local.url, { timeoutMs: 20_000 }); // however busy the machine
});
afterAll(async () => {
  await redis.quit();
  await postgres.close();
  await local.stop();
});

const freshPrefix = () => `test-lease-${process.pid}-${Date.now()}-${++benches}`;

async function dropKeys(prefix: string): Promise<void> {
  const keys = await adminOf(redis).keys(`${prefix}:*`);
  if (keys.length > 0) await redis.del(keys);
}

async function redisMs(): Promise<number> {
  const [seconds, micros] = (await redis.time()).map(Number);
  return (seconds ?? 0) * 1000 + (micros ?? 0) / 1000;
}

async function postgresMs(): Promise<number> {
  const [now] = await postgres.use((ask) => ask<{ ms: string }>('select extract(epoch from clock_timestamp()) * 1000 as ms'));
  return Number(now?.ms);
}

/** Waits until the server's own clock has gone on by `ms`. */
async function pass(serverMs: () => Promise<number>, ms: number): Promise<void> {
  const end = (await serverMs()) + ms;
  for (let left = ms; left > 0; left = end - (await serverMs())) {
    await new Promise((resolve) => setTimeout(resolve, Math.ceil(left)));
  }
}

describeLeaseStore('RedisLeaseStore', async () => {
  const prefix = freshPrefix();
  return {
    store: new RedisLeaseStore(redis, { prefix }),
    broken: new RedisLeaseStore(unreachable, { prefix }),
    pass: (ms) => pass(redisMs, ms),
    close: () => dropKeys(prefix),
  };
});

describeLeaseStore('PostgresLeaseStore', async () => {
  const prefix = freshPrefix();
  return {
    store: new PostgresLeaseStore(postgres, { prefix }),
    broken: new PostgresLeaseStore(new PostgresServer('postgres://nobody@127.0.0.1:1/none'), { prefix }),
    pass: (ms) => pass(postgresMs, ms),
  };
});

describe('MemoryLeaseStore', () => {
  it.each([
    ['RedisLeaseStore', (prefix: string) => new RedisLeaseStore(redis, { prefix })],
    ['PostgresLeaseStore', (prefix: string) => new PostgresLeaseStore(postgres, { prefix })],
  ])('and %s answer every sequence of operations alike', async (_name, storeOf) => {
    const prefix = freshPrefix();
    let runs = 0;
    const timeless = operation.map((op) => (op.do === 'acquire' ? { ...op, ttlMs: 3_600_000 } : op));
    await fc.assert(
      fc.asyncProperty(fc.array(timeless, { minLength: 5, maxLength: 25 }), async (operations) => {
        const id = `run-${++runs}`;
        const answers = async (store: LeaseStore) => {
          const given: unknown[] = [];
          let last = 0;
          for (const op of operations) {
            const result = (await perform(store, id, op, last)) as { outcome?: string; fence?: number } | boolean;
            if (typeof result === 'object' && result.outcome === 'granted') last = result.fence ?? 0;
            given.push(typeof result === 'object' ? [result.outcome, result.fence] : result);
          }
          return given;
        };
        expect(await answers(storeOf(prefix))).toEqual(await answers(new MemoryLeaseStore()));
      }),
      { numRuns: 100 },
    );
    await dropKeys(prefix);
  });
});

describe('RedisLeaseStore', () => {
  it('goes on after SCRIPT FLUSH', async () => {
    const prefix = freshPrefix();
    const store = new RedisLeaseStore(redis, { prefix });
    expect(await store.acquire('id', at(1), { nonce: 'a', ttlMs: 60_000 })).toMatchObject({ fence: 1 });
    await adminOf(redis).script('FLUSH');
    expect(await store.advance('id', 1, at(1), at(2), 60_000)).toMatchObject({ fence: 2 });
    await adminOf(redis).script('FLUSH');
    expect(await store.release('id', at(2), 2)).toBe(true);
    await dropKeys(prefix);
  });

  it('leaves one key per id, and none after forget', async () => {
    const prefix = freshPrefix();
    const store = new RedisLeaseStore(redis, { prefix });
    await store.acquire('id', at(1), { nonce: 'a', ttlMs: 60_000 });
    expect(await adminOf(redis).keys(`${prefix}:*`)).toEqual([`${prefix}:lease:{id}`]);
    await store.forget('id');
    expect(await adminOf(redis).keys(`${prefix}:*`)).toEqual([]);
  });
});
