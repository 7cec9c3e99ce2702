import type { Redis } from 'ioredis';
import { disagreements, type Indexes } from '../checker/indexes';

const RECORD = ['machine', 'version', 'status', 'state', 'created', 'tags', 'place'] as const;
const BATCH = 1000;

/** Reads all that lists rest on. @param tag of the partition, `{stile:0}` */
export async function readIndexes(redis: Redis, tag: string): Promise<Indexes> {
  const records = new Map<string, Record<string, string>>();
  const sets = new Map<string, Map<string, number>>();
  for (let cursor = '0'; ;) {
    const [next, keys] = await redis.scan(cursor, 'MATCH', `${tag}:[mi]*`, 'COUNT', BATCH);
    const named = (begins: string): string[] => keys.filter((key) => key.startsWith(`${tag}:${begins}`));
    const ids = named('m:').map((key) => key.slice(tag.length + 3));
    const rows = await redis.pipeline(ids.map((id) => ['hmget', `${tag}:m:${id}`, ...RECORD])).exec();
    ids.forEach((id, i) => records.set(id, fieldsOf((rows?.[i]?.[1] ?? []) as (string | null)[])));
    for (const key of ['ix:p:', 'ix:t:'].flatMap(named)) {
      const flat = await redis.zrange(key, '0', '-1', 'WITHSCORES');
      const entries = new Map<string, number>();
      for (let i = 0; i + 1 < flat.length; i += 2) entries.set(flat[i] as string, Number(flat[i + 1]));
      if (entries.size > 0) sets.set(key.slice(tag.length + 4), entries);
    }
    if (next === '0') break;
    cursor = next;
  }
  const [places, groups, ids] = await Promise.all([
    redis.smembers(`${tag}:ix:places`),
    redis.hkeys(`${tag}:ix:groups`),
    redis.zrange(`${tag}:ix:ids`, '0', '-1'),
  ]);
  return { records, sets, places, groups, ids };
}

/** What does not agree in lists and records, once nothing changes any more: what goes on meanwhile looks like it, but not three times. */
export async function listsDisagree(redis: Redis, tag: string): Promise<string[]> {
  let found: string[] = [];
  for (let reading = 0; reading < 3; reading++) {
    found = disagreements(await readIndexes(redis, tag));
    if (found.length === 0) break;
  }
  return found;
}

function fieldsOf(values: readonly (string | null)[]): Record<string, string> {
  return Object.fromEntries(
    RECORD.flatMap((name, i) => (values[i] === null || values[i] === undefined ? [] : [[name, values[i]]])),
  );
}
