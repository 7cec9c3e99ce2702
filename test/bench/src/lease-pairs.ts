import { RedisLeaseStore } from '@stile/lease';
import { Redis } from 'ioredis';

const IN_FLIGHT = 50;
const TTL_MS = 15_000;

/** acquire + release, against as many calls of a script that does nothing with the same keys and arguments. */
export async function leasePairs(url: string, scale: number): Promise<Record<string, number>> {
  const redis = new Redis(url);
  await redis.flushall();
  const pairs = Math.max(500, Math.round(30_000 * scale));
  const noop = (await redis.script('LOAD', 'return 1')) as string;
  const store = new RedisLeaseStore(redis, { prefix: 'bench-lease' });

  const bare = async (i: number): Promise<void> => {
    const key = `bench-noop:${i % 1000}`;
    await redis.evalsha(noop, 1, key, `nonce.${i}`, 0, 0, TTL_MS, 0);
    await redis.evalsha(noop, 1, key, 0, 0, 1);
  };
  const lease = async (i: number): Promise<void> => {
    const id = String(i % 1000);
    const step = { steps: i, retries: 0 };
    const granted = await store.acquire(id, step, { nonce: `nonce.${i}`, ttlMs: TTL_MS });
    if (granted.outcome !== 'granted') throw new Error(`lease ${id}: ${granted.outcome}`);
    if (!(await store.release(id, step, granted.fence))) throw new Error(`lease ${id} was not released`);
  };
  for (const work of [bare, lease]) await rate(work, Math.ceil(pairs / 5)); // warm up
  const figures = { barePairs: await rate(bare, pairs), leasePairs: await rate(lease, pairs) };
  redis.disconnect();
  return figures;
}

async function rate(work: (i: number) => Promise<void>, count: number): Promise<number> {
  const began = performance.now();
  let next = 0;
  const runner = async (): Promise<void> => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, runner));
  return Math.round((count / (performance.now() - began)) * 1000);
}
