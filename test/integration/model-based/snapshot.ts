import { createHash } from 'node:crypto';
import { runScript, type Script } from '@stile/lease';
import type { Redis } from 'ioredis';
import type { Keyspace } from '../../../libs/machine/src/redis/keyspace';
import { PLACES } from './places';

const lua = `
local all = {}
for i, key in ipairs(KEYS) do
  local type = redis.call('TYPE', key).ok
  if type == 'hash' then
    all[i] = redis.call('HGETALL', key)
  elseif type == 'zset' then
    all[i] = redis.call('ZRANGE', key, 0, -1, 'WITHSCORES')
  elseif type == 'list' then
    all[i] = redis.call('LRANGE', key, 0, -1)
  elseif type == 'set' then
    all[i] = redis.call('SMEMBERS', key)
    table.sort(all[i])
  else
    all[i] = { type }
  end
end
return cjson.encode(all)`;
const DUMP: Script = { name: 'dump', lua, sha: createHash('sha1').update(lua).digest('hex') };

/** All that is kept of a few machines at one moment, read in one round trip. */
export class Snapshot {
  private lists: string[][] | undefined;

  private constructor(
    private readonly names: readonly string[],
    readonly text: string,
  ) {}

  static async take(redis: Redis, names: readonly string[]): Promise<Snapshot> {
    return new Snapshot(names, (await runScript(redis, DUMP, names, [])) as string);
  }

  /** @param without keys, and fields of hashes, that are left out */
  equals(other: Snapshot, without: readonly string[] = []): boolean {
    if (this.text === other.text) return true;
    return JSON.stringify(this.sorted(without)) === JSON.stringify(other.sorted(without));
  }

  /** By key: what is kept there; fields of a hash in order, whatever order they were written in. */
  sorted(without: readonly string[] = []): Record<string, unknown> {
    const kept = this.names.filter((name) => !without.includes(name)).map((name) => [name, this.list(name)] as const);
    const inOrder = ([name, list]: (typeof kept)[number]) => {
      if (!/:[mlrtcw]:[^:]*$/.test(name) || list.length < 2) return [name, list] as const;
      const fields = Object.entries(this.hash(name)).filter(([field]) => !without.includes(field));
      return [name, Object.fromEntries(fields.sort(([a], [b]) => (a < b ? -1 : 1)))] as const;
    };
    return Object.fromEntries(kept.map(inOrder));
  }

  /** Empty where there is no such key. */
  list(name: string): readonly string[] {
    this.lists ??= JSON.parse(this.text) as string[][];
    const list = this.lists[this.names.indexOf(name)];
    if (!Array.isArray(list)) return [];
    return list.length === 1 && list[0] === 'none' ? [] : list;
  }

  hash(name: string): Readonly<Record<string, string | undefined>> {
    const list = this.list(name);
    const fields: Record<string, string> = {};
    for (let i = 0; i + 1 < list.length; i += 2) fields[list[i] as string] = list[i + 1] as string;
    return fields;
  }

  score(name: string, member: string): number | undefined {
    const list = this.list(name);
    const at = list.indexOf(member);
    return at < 0 ? undefined : Number(list[at + 1]);
  }
}

/** Every key that a machine, its lease and its partition may have. */
export function keysOf(keys: Keyspace, leaseKeys: Keyspace, ids: readonly string[]): string[] {
  const places = [keys.places(0), keys.failureGroups(0), ...PLACES.map((place) => keys.place(0, place))];
  const common = [keys.quarantine(0), keys.held(0, ''), keys.ids(0), ...places];
  const own = ids.flatMap((id) => [
    ...keys.ofMachine(id),
    keys.seen(id),
    keys.highWater(id),
    keys.tombstone(id),
    leaseKeys.lease(id),
  ]);
  return [...new Set([...own, ...common])];
}
