import { QuarantinedError } from '../core/errors';
import { MachinePlaces } from '../move/machine-places';
import { readMachineKey } from '../move/partition-keys';
import type { Keyspace } from '../redis/keyspace';
import { copyMachine, fieldsIn, PARTS } from '../redis/machine-copy';
import { serverMs } from '../redis/process-presence';
import { NO_FIELDS, wantedArgs } from '../redis/listing/sources';
import { callScript } from '../redis/scripts';
import { scanKeys } from '../redis/scan-keys';
import { readKey } from './plain-keys';
import { SnapshotFile } from './snapshot-folder';
import { FORMAT, type KeyLine } from './snapshot-line';
import type { RedisConnection } from '../redis/connect';

/** Machines read at the same time: between two of them Redis serves others. */
const PAGE = 20;
/** Ids read at once of machines that were started since. */
const SINCE = 1000;

/** Not restored: what only says who is there now, and figures of the last hours. */
const PASSING = /^:(layout|workers|processes|snapshot|snapshotting|session:.*|figures:.*)$/;
/** What has a tag and is no machine's: schedules and operations in partition 0, limits of tenants and definitions. */
const TAGGED = [
  ...['schedules', 'sch:*', 'schw:*', 'operations', 'operations-ended', 'op:*'].map((key) => `:0}:${key}`),
  ':shares}:limits',
];

export interface SnapshotTaken {
  readonly name: string;
  /** Server ms at which it was begun. */
  readonly at: number;
  readonly machines: number;
}

/**
 * Writes all machines that the store has, live and ended, each as one moment has it, and what they need. Machines are read one after the
 * other while they go on: each is restored to the moment at which it was read.
 *
 * @param ours asked after every page: false gives it up
 * @returns nothing where it was given up
 */
export async function takeSnapshot(
  redis: RedisConnection,
  keys: Keyspace,
  folder: string,
  ours: () => Promise<boolean>,
): Promise<SnapshotTaken | undefined> {
  const at = await serverMs(redis);
  const file = await SnapshotFile.create(folder, at);
  try {
    await file.write({ snapshot: FORMAT, prefix: keys.prefix, partitions: keys.partitions, at });
    const machines = await new Machines(redis, keys, file, at, ours).write();
    if (machines === undefined) {
      await file.abandon();
      return undefined;
    }
    await writeTombstones(redis, keys, file);
    await writeDataKeys(redis, keys, file);
    await writeKeys(redis, keys, file);
    await file.write({ end: true, machines });
    await file.finish();
    return { name: file.name, at, machines };
  } catch (error) {
    await file.abandon();
    throw error;
  }
}

class Machines {
  private written = 0;
  /** Those of `written` that were started since the snapshot was begun. */
  private readonly young = new Set<string>();
  private readonly places: MachinePlaces;

  constructor(
    private readonly redis: RedisConnection,
    private readonly keys: Keyspace,
    private readonly file: SnapshotFile,
    private readonly begun: number,
    private readonly ours: () => Promise<boolean>,
  ) {
    this.places = new MachinePlaces(redis, keys);
  }

  /** @returns how many, or nothing where it was given up */
  async write(): Promise<number | undefined> {
    for (let partition = 0; partition < this.keys.partitions; partition++) {
      for (let last = '-'; ;) {
        const ids = await this.redis.zrangebylex(this.keys.ids(partition), last, '+', 'LIMIT', 0, PAGE);
        if (!(await this.page(ids))) return undefined;
        if (ids.length < PAGE) break;
        last = `(${ids.at(-1)}`;
      }
    }
    // Those that were started behind the back of the walk: a parent that was read after it had started a child must find it again.
    for (let partition = 0; partition < this.keys.partitions; partition++) {
      const ids = (await this.startedSince(partition)).filter((id) => !this.young.has(id));
      for (let i = 0; i < ids.length; i += PAGE) if (!(await this.page(ids.slice(i, i + PAGE)))) return undefined;
    }
    return this.written;
  }

  private async startedSince(partition: number): Promise<readonly string[]> {
    const found: string[] = [];
    for (let [score, id] = [String(this.begun), '']; ;) {
      const args = ['rising', score, id, '+inf', SINCE, NO_FIELDS, ...wantedArgs({ machines: [], kinds: [] })];
      const pairs = await callScript<string[]>(this.redis, 'list', [this.keys.places(partition)], args);
      for (let i = 0; i + 1 < pairs.length; i += 2) [id, score] = [pairs[i] as string, pairs[i + 1] as string];
      found.push(...pairs.filter((_, i) => i % 2 === 0));
      if (pairs.length < 2 * SINCE) return found;
    }
  }

  private async page(ids: readonly string[]): Promise<boolean> {
    const copies = await Promise.all(ids.map((id) => this.copy(id)));
    for (const copy of copies) {
      if (!copy) continue;
      const { id, at, retention, parts } = copy;
      const title = await this.places.titleOf(copy);
      const some = Object.fromEntries(PARTS.filter((part) => parts[part].length > 0).map((part) => [part, parts[part]]));
      const more = { ...(retention === undefined ? {} : { retention }), ...(title === '' ? {} : { title }) };
      await this.file.write({ machine: id, at, ...more, parts: some });
      this.written++;
      if (Number(fieldsIn(parts.record).created) >= this.begun) this.young.add(id);
    }
    return this.ours();
  }

  /** One that somebody has written into by hand cannot be read, and not be restored. */
  private async copy(id: string): ReturnType<typeof copyMachine> {
    return copyMachine(this.redis, this.keys, id).catch((error: unknown) => {
      if (error instanceof QuarantinedError) return undefined;
      throw error;
    });
  }
}

async function writeTombstones(redis: RedisConnection, keys: Keyspace, file: SnapshotFile): Promise<void> {
  for await (const names of scanKeys(redis, `{${keys.prefix}:*}:x:*`)) {
    for (const name of names) {
      const id = readMachineKey(keys.prefix, 'x', name)?.id;
      const found = id === undefined ? undefined : await readKey(redis, name);
      if (id === undefined || found?.type !== 'hash' || found.ttl === undefined) continue;
      await file.write({ tombstone: id, ttl: found.ttl, items: found.items as readonly string[] });
    }
  }
}

/** Of machines that have gone. After the machines: one that goes meanwhile has been written with its key, or is found here. */
async function writeDataKeys(redis: RedisConnection, keys: Keyspace, file: SnapshotFile): Promise<void> {
  for await (const names of scanKeys(redis, `{${keys.prefix}:*}:k:*`)) {
    const ids = names.flatMap((name) => readMachineKey(keys.prefix, 'k', name)?.id ?? []);
    const there = await Promise.all(ids.map((id) => redis.exists(keys.record(id))));
    for (const dataKey of ids.filter((_, i) => there[i] === 0)) {
      const found = await readKey(redis, keys.dataKey(dataKey));
      if (found?.type !== 'hash') continue;
      await file.write({
        dataKey,
        items: found.items as readonly string[],
        ...(found.ttl === undefined ? {} : { ttl: found.ttl }),
      });
    }
  }
}

async function writeKeys(redis: RedisConnection, keys: Keyspace, file: SnapshotFile): Promise<void> {
  for (let partition = 0; partition < keys.partitions; partition++) {
    const reasons = await redis.hgetall(keys.quarantine(partition));
    for (const [quarantined, reason] of Object.entries(reasons)) await file.write({ quarantined, reason });
  }
  await writeUnder(redis, file, keys.prefix, [':*'], false);
  await writeUnder(redis, file, `{${keys.prefix}`, TAGGED, true);
}

async function writeUnder(
  redis: RedisConnection,
  file: SnapshotFile,
  begin: string,
  patterns: readonly string[],
  tagged: KeyLine['tagged'],
): Promise<void> {
  const seen = new Set<string>(); // SCAN may give one twice
  for (const pattern of patterns) {
    for await (const names of scanKeys(redis, begin + pattern)) {
      for (const name of names) {
        const key = name.slice(begin.length);
        const found = seen.has(key) || PASSING.test(key) ? undefined : await readKey(redis, name);
        seen.add(key);
        if (found) await file.write({ key, tagged, ...found });
      }
    }
  }
}
