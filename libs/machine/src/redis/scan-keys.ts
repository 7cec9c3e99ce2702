import { Cluster, type Redis } from 'ioredis';

const COUNT = 500;

/**
 * Names of keys, in small pages: Redis serves others in between. All that are there from beginning to end are given, some perhaps twice;
 * those that come or go meanwhile, or not. On a cluster: of all masters.
 *
 * @param pattern of SCAN
 */
export async function* scanKeys(redis: Redis | Cluster, pattern: string): AsyncGenerator<readonly string[]> {
  const nodes = redis instanceof Cluster ? redis.nodes('master') : [redis];
  for (const node of nodes) {
    let cursor = '0';
    do {
      const [next, names] = await node.scan(cursor, 'MATCH', pattern, 'COUNT', COUNT);
      if (names.length > 0) yield names;
      cursor = next;
    } while (cursor !== '0');
  }
}

/** Whether there is any. */
export async function isAnyKey(redis: Redis | Cluster, pattern: string): Promise<boolean> {
  for await (const names of scanKeys(redis, pattern)) return names.length > 0;
  return false;
}
