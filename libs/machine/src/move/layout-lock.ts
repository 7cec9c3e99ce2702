import { StoreUnfitError } from '../core/errors';
import type { Keyspace } from '../redis/keyspace';
import type { RedisConnection } from '../redis/connect';

/** What keeps everybody else out: fields of the layout, for as long as the work takes, however often it dies in between. */
export type LockField = 'moving' | 'rebuilding';

const WAYS_OUT: Readonly<Record<LockField, (value: string) => string>> = {
  moving: (to) =>
    `its machines are being moved to ${to} partitions: run "stile repartition ${to}" to its end, then start with STILE_PARTITIONS=${to}`,
  rebuilding: (from) => `it is being rebuilt from ${from}: run "stile rebuild" to its end, then start`,
};

/** @throws StoreUnfitError where somebody moves or rebuilds machines, or died in the middle of it */
export async function refuseWhileLocked(redis: RedisConnection, keys: Keyspace): Promise<void> {
  const [moving, rebuilding] = await redis.hmget(keys.layout, 'moving', 'rebuilding');
  for (const [field, value] of [['moving', moving] as const, ['rebuilding', rebuilding] as const]) {
    if (value)
      throw new StoreUnfitError(`this Redis cannot be used under the prefix "${keys.prefix}" now: ${WAYS_OUT[field](value)}`);
  }
}
