import { systemClock } from '@stile/lease';
import { StileRuntime } from '@stile/machine';
import { Redis } from 'ioredis';
import { Keyspace } from '../../libs/machine/src/redis/keyspace';
import { LeaseServers } from '../../libs/machine/src/redis/lease-servers';
import { RedisCounters } from '../../libs/machine/src/redis/redis-counters';
import { WorkerBeat } from '../../libs/machine/src/redis/worker-registry';
import { VirtualClock } from '../../libs/lease/src/testing/virtual-clock';
import { testRedisUrl, uniquePrefix } from '../support/redis';

const quiet = { debug() {}, log() {}, warn() {}, error() {} };
let redis: Redis;
let keys: Keyspace;

beforeEach(() => {
  redis = new Redis(testRedisUrl());
  keys = new Keyspace(uniquePrefix('parts'), 1);
});
afterEach(() => redis.disconnect());

describe('RedisCounters', () => {
  it('keeps what one command could not add, and adds nothing twice', async () => {
    const counters = new RedisCounters(redis, keys, systemClock);
    const labels = { machine: 'm', state: 's', event: 'e' };
    await redis.hset(keys.counts, 'started\tm\ts\te', 'no number');
    counters.add('started', labels);
    counters.add('completed', labels);
    await counters.flush();
    await redis.hdel(keys.counts, 'started\tm\ts\te');
    await counters.flush();
    const totals = (await counters.totals()).map(({ count, value }) => [count, value]);
    expect(totals.sort()).toEqual([
      ['completed', 1],
      ['started', 1],
    ]);
  });
});

describe('WorkerBeat', () => {
  it('is silent once it has stopped, even when it was stopped in the middle of a beat', async () => {
    const clock = new VirtualClock();
    const state = { queues: ['q'], active: 0, lastJobMs: null, consuming: true, lagMs: 0 };
    const identity = {
      name: 'name',
      host: 'h',
      pid: 1,
      concurrency: 5,
      partitions: [0],
      definitions: [{ name: 'd', version: 2 }],
    };
    const beat = new WorkerBeat(redis, keys, clock, quiet, 'incarnation', identity, () => state);
    await beat.start();
    expect(await redis.hlen(keys.workers)).toBe(1);
    await clock.advance(2000); // a beat is on its way
    await beat.stop();
    expect(await redis.hlen(keys.workers)).toBe(0);
    expect(clock.timers).toBe(0);
  });
});

describe('BullWorkers.probe', () => {
  it('asks nobody where no live worker serves a queue', async () => {
    const client = new StileRuntime({ redis: { url: testRedisUrl() }, prefix: keys.prefix }, quiet);
    const at = Date.now();
    await redis.hset(keys.workers, 'idle', JSON.stringify({ name: 'idle', at, queues: [], active: 0, lastJobMs: null }));
    expect(await client.workers.probe(1000)).toBe(false);
    expect(await redis.keys(`${keys.queuePrefix(0)}*`)).toEqual([]);
    await client.stop();
  });
});

describe('LeaseServers', () => {
  const clients: Redis[] = [];
  afterEach(() => clients.splice(0).forEach((client) => client.disconnect()));
  const AWAY = 'redis://127.0.0.1:1';

  it.each([
    ['one store', { url: AWAY }, 1],
    ['two stores', { url: AWAY, secondaryUrl: 'redis://127.0.0.1:2' }, 2],
  ])('of %s counts each answer that a claim did not get, once', async (_name, lease, answers) => {
    const servers = new LeaseServers(lease, (url) => {
      const client = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 0, disconnectTimeout: 100 }).on(
        'error',
        () => undefined,
      );
      clients.push(client);
      return client;
    });
    await expect(servers.check(quiet)).rejects.toMatchObject({ code: 'STORE_UNFIT' });
    const whole = { steps: 0, retries: 0, fence: 1, drive: 0, claims: 0, due: 0, version: 1 };
    await redis.hset(keys.record('id'), { ...whole, status: 'queued', machine: 'm', queue: 'q', run: 'r' });
    const counted: string[] = [];
    const store = servers.makeStore(redis, keys, { add: (count) => counted.push(count) });
    expect(await store?.acquire('id', { steps: 0, retries: 0 }, { nonce: 'n', ttlMs: 1000 })).toMatchObject({
      outcome: 'unavailable',
    });
    expect(counted).toEqual(Array(answers).fill('cache'));
  });
});
