import { join } from 'node:path';
import type { AuditRecord } from '../core/audit';
import { StoreUnfitError } from '../core/errors';
import { MachinePlaces } from '../move/machine-places';
import { checkPolicy } from '../redis/fitness';
import { Keyspace } from '../redis/keyspace';
import { fieldsIn, PARTS, type MachineCopy } from '../redis/machine-copy';
import { isAnyKey } from '../redis/scan-keys';
import { LostChildren } from './lost-children';
import { writeKey } from './plain-keys';
import { checkSnapshot, readSnapshot, snapshotsIn } from './snapshot-folder';
import type { MachineLine, SnapshotLine } from './snapshot-line';
import type { RedisConnection } from '../redis/connect';

/** Machines that are under way at the same time. */
const LANES = 50;

/** Where a process may die in a test. */
export type RebuildPoint = 'locked' | 'machine' | 'restored';

export interface RebuildOptions {
  readonly prefix: string;
  /** Partitions of the new Redis; another number than there was will do. */
  readonly partitions: number;
  readonly folder: string;
  /** Name of a snapshot in the folder. @default the newest that is whole */
  readonly name?: string;
  /** Told when it is done; nothing of what is refused, which changes nothing. */
  readonly record?: (told: Pick<AuditRecord, 'phase' | 'details' | 'after'>) => Promise<void>;
  readonly reach?: (point: RebuildPoint) => void | Promise<void>;
  /** @param done machines so far, of `total` */
  readonly onProgress?: (done: number, total: number) => void;
}

export interface RebuildReport {
  readonly snapshot: string;
  /** When it was begun, server ms of the Redis it was taken from. */
  readonly at: number;
  /** Machines restored by this call; others were restored by one before. */
  readonly restored: number;
  readonly machines: number;
  /** Children that their parents had started after the snapshot: told to them as failed. */
  readonly lostChildren: number;
}

/**
 * Restores machines, with their timers, and what they need from a snapshot into an empty Redis; jobs are made by the watch when workers come.
 * The layout is locked from the first to the last: processes that start meanwhile refuse. A crash at any point leaves the lock and
 * whole machines; the same call again goes on from there.
 *
 * @throws StoreUnfitError where the Redis is not empty, or the snapshot not whole: nothing has changed then
 */
export async function rebuild(redis: RedisConnection, options: RebuildOptions): Promise<RebuildReport> {
  const { prefix, partitions, folder, reach = () => undefined, record } = options;
  const keys = new Keyspace(prefix, partitions);
  await checkPolicy(redis, 'Redis', 'machines and jobs');
  const name = options.name ?? (await snapshotsIn(folder)).at(-1);
  if (name === undefined) throw new StoreUnfitError(`there is no whole snapshot in ${folder}: see STILE_SNAPSHOT_URL`);
  const path = join(folder, name);
  const { head, machines } = await checkSnapshot(path);
  await lock(redis, keys, name);
  await reach('locked');
  const work = new Rebuild(redis, keys, options, machines);
  for await (const line of readSnapshot(path)) await work.take(line);
  await work.flush();
  const lostChildren = await new LostChildren(redis, keys).tell(work.parents);
  await reach('restored');
  await redis.hdel(keys.layout, 'rebuilding');
  // At the end, and alone: the log is restored as well, and before that there is nothing that an act could be told beside.
  await record?.({
    phase: 'done',
    details: { snapshot: name, partitions },
    after: { restored: work.restored, machines, lostChildren },
  });
  return { snapshot: name, at: head.at, restored: work.restored, machines, lostChildren };
}

async function lock(redis: RedisConnection, keys: Keyspace, name: string): Promise<void> {
  const { prefix, partitions } = keys;
  const [there, unfinished] = await redis.hmget(keys.layout, 'partitions', 'rebuilding');
  if (unfinished) {
    if (unfinished === name && Number(there) === partitions) return;
    throw new StoreUnfitError(
      `this Redis is half rebuilt from ${unfinished} with ${there} partitions: run "stile rebuild ${unfinished}" with STILE_PARTITIONS=${there}, ` +
        'or empty it first',
    );
  }
  if ((await isAnyKey(redis, `${prefix}:*`)) || (await isAnyKey(redis, `{${prefix}:*`))) {
    throw new StoreUnfitError(
      `this Redis is not empty under the prefix "${prefix}": what is there would be mixed with what is restored. Stop all APIs and workers and give an ` +
        'empty Redis (STILE_REDIS_URL), or another prefix (STILE_PREFIX)',
    );
  }
  await redis.hset(keys.layout, { partitions, rebuilding: name });
}

class Rebuild {
  restored = 0;
  /** Machines with children. */
  readonly parents: string[] = [];
  private done = 0;
  private lane: MachineLine[] = [];
  private readonly places: MachinePlaces;

  constructor(
    private readonly redis: RedisConnection,
    private readonly keys: Keyspace,
    private readonly options: RebuildOptions,
    private readonly total: number,
  ) {
    this.places = new MachinePlaces(redis, keys);
  }

  async take(line: SnapshotLine): Promise<void> {
    const { redis, keys } = this;
    if ('machine' in line) {
      if (this.lane.push(line) >= LANES) await this.flush();
    } else if ('key' in line) {
      await writeKey(redis, `${line.tagged ? '{' : ''}${keys.prefix}${line.key}`, line);
    } else if ('tombstone' in line) {
      await writeKey(redis, keys.tombstone(line.tombstone), { type: 'hash', ...line });
    } else if ('quarantined' in line) {
      await redis.hset(keys.quarantine(keys.partitionOf(line.quarantined)), line.quarantined, line.reason);
    }
  }

  async flush(): Promise<void> {
    const lane = this.lane;
    this.lane = [];
    await Promise.all(lane.map((line) => this.machine(line)));
    this.done += lane.length;
    this.options.onProgress?.(this.done, this.total);
  }

  private async machine({ machine: id, at, retention, title = '', parts }: MachineLine): Promise<void> {
    const all = Object.fromEntries(PARTS.map((part) => [part, parts[part] ?? []])) as unknown as MachineCopy['parts'];
    const copy = { id, at, ...(retention === undefined ? {} : { retention }), parts: all };
    if (all.children.length > 0 && !isOver(fieldsIn(all.record).status)) this.parents.push(id);
    if (await this.places.put({ copy, title }, 'restored')) this.restored++;
    await this.options.reach?.('machine');
  }
}

function isOver(status: string | undefined): boolean {
  return status === 'completed' || status === 'cancelled';
}
