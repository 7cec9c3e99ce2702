import { isCluster, type RedisConnection } from '../../../libs/machine/src/redis/connect';
import { adminOf } from '../../support/admin';

/** Every key whose name holds `prefix`, with its value: what two moments are compared by. */
export async function dumpKeys(client: RedisConnection, prefix: string): Promise<Record<string, unknown>> {
  const redis = adminOf(client);
  const names: string[] = [];
  for (const node of isCluster(redis) ? redis.nodes('master') : [redis]) {
    for (let cursor = '0'; ;) {
      const [next, found] = await node.scan(cursor, 'MATCH', `*${prefix}*`, 'COUNT', 1000);
      names.push(...found);
      if (next === '0') break;
      cursor = next;
    }
  }
  const entries = await Promise.all(names.sort().map(async (name) => [name, await valueOf(redis, name)] as const));
  return Object.fromEntries(entries);
}

async function valueOf(redis: RedisConnection, name: string): Promise<unknown> {
  const type = await redis.type(name);
  if (type === 'hash') return redis.hgetall(name);
  if (type === 'zset') return redis.zrange(name, '0', '-1', 'WITHSCORES');
  if (type === 'list') return redis.lrange(name, 0, -1);
  if (type === 'string') return redis.get(name);
  return type;
}

/** Removes all of them. */
export async function dropKeys(redis: RedisConnection, prefix: string): Promise<void> {
  const names = Object.keys(await dumpKeys(redis, prefix));
  await Promise.all(names.map((name) => redis.del(name))); // one by one: on a cluster they are of many slots
}
