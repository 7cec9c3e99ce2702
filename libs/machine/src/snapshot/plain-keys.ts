import { KEY_TYPES, type KeyLine } from './snapshot-line';
import type { RedisConnection } from '../redis/connect';

type Content = Pick<KeyLine, 'type' | 'items' | 'ttl'>;
const PIECE = 1000;

/** What is under a key, whatever its type; nothing where it is gone, or of a type that is not known here. */
export async function readKey(redis: RedisConnection, key: string): Promise<Content | undefined> {
  const [name, ttl] = await Promise.all([redis.type(key), redis.pttl(key)]);
  const type = KEY_TYPES.find((known) => known === name);
  if (type === undefined) return undefined;
  return { type, items: await readItems(redis, key, type), ...(ttl > 0 ? { ttl } : {}) };
}

async function readItems(redis: RedisConnection, key: string, type: KeyLine['type']): Promise<KeyLine['items']> {
  switch (type) {
    case 'string':
      return [(await redis.get(key)) ?? ''];
    case 'hash':
      return Object.entries(await redis.hgetall(key)).flat();
    case 'list':
      return redis.lrange(key, 0, -1);
    case 'set':
      return redis.smembers(key);
    case 'zset':
      return swapped(await redis.zrange(key, '0', '-1', 'WITHSCORES'));
    case 'stream':
      return (await redis.xrange(key, '-', '+')).map(([id, fields]) => [id, ...fields]);
  }
}

/** Members with scores, as ZRANGE gives them, to scores with members, as ZADD takes them. */
function swapped(pairs: readonly string[]): string[] {
  return pairs.flatMap((member, i) => (i % 2 === 0 ? [pairs[i + 1] as string, member] : []));
}

/** Puts it there anew, in one transaction: done twice it is the same. */
export async function writeKey(redis: RedisConnection, key: string, { type, items, ttl }: Content): Promise<void> {
  const all = redis.multi().del(key);
  const texts = items as readonly string[];
  for (let from = 0; from < items.length; from += PIECE) {
    const piece = texts.slice(from, from + PIECE);
    if (type === 'string') all.set(key, piece[0] ?? '');
    else if (type === 'hash') all.hset(key, ...(piece as [string, string]));
    else if (type === 'list') all.rpush(key, ...piece);
    else if (type === 'set') all.sadd(key, ...piece);
    else if (type === 'zset') all.zadd(key, ...(piece as [string, string]));
  }
  if (type === 'stream') for (const entry of items as readonly (readonly string[])[]) all.xadd(key, ...(entry as [string]));
  if (ttl !== undefined) all.pexpire(key, ttl);
  for (const [error] of (await all.exec()) ?? []) if (error) throw error;
}
