import type { Redis } from 'ioredis';
import { StoreUnfitError } from '../core/errors';
import { refuseWhileLocked } from '../move/layout-lock';
import type { Keyspace } from './keyspace';

/**
 * Refuses a Redis that would lose machines, and a layout other than the one it was first used with.
 *
 * @throws StoreUnfitError saying what to type
 */
export async function checkFitness(redis: Redis, keys: Keyspace): Promise<void> {
  await checkPolicy(redis, 'Redis', 'machines and jobs');
  await refuseWhileLocked(redis, keys);
  await redis.hsetnx(keys.layout, 'partitions', keys.partitions);
  const partitions = Number(await redis.hget(keys.layout, 'partitions'));
  if (partitions !== keys.partitions) {
    throw new StoreUnfitError(
      `this Redis was first used with ${partitions} partitions under the prefix "${keys.prefix}", now ${keys.partitions} are asked for: ` +
        `machines would not be found. Use ${partitions}, or another prefix, or move them: stop all and run "stile repartition ${keys.partitions}"`,
    );
  }
}

/**
 * @param name of the server, to begin the message
 * @param content what it would lose
 * @throws StoreUnfitError when the server may evict
 */
export async function checkPolicy(redis: Redis, name: string, content: string): Promise<void> {
  const memory = await redis.info('memory');
  const policy = /maxmemory_policy:(\S+)/.exec(memory)?.[1];
  if (policy === 'noeviction') return;
  throw new StoreUnfitError(
    `${name} has maxmemory-policy "${policy ?? 'unknown'}": it may evict ${content} when memory is short. ` +
      'Set it to noeviction: redis-cli config set maxmemory-policy noeviction (and in redis.conf)',
  );
}
