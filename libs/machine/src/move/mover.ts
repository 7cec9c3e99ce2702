import { QuarantinedError, StoreUnfitError } from '../core/errors';
import type { Keyspace } from '../redis/keyspace';
import { copyMachine } from '../redis/machine-copy';
import { scanKeys } from '../redis/scan-keys';
import { readKey, writeKey } from '../snapshot/plain-keys';
import { MachinePlaces } from './machine-places';
import { PartitionKeys, readMachineKey } from './partition-keys';
import type { RedisConnection } from '../redis/connect';

/** Machines that are under way at the same time. */
const LANES = 50;

/** Where a process may die in a test. */
export type MovePoint = 'locked' | 'placed' | 'evicted' | 'moved';

export interface MoverOptions {
  /** Where machines belong from now on. */
  readonly keys: Keyspace;
  /** Takes their counters out of a lease store of its own; none where leases live beside the records. */
  readonly forget?: (from: Keyspace, id: string) => Promise<void>;
  readonly reach: (point: MovePoint) => void | Promise<void>;
  /** @param moved so far */
  readonly onProgress: (moved: number) => void;
}

/**
 * Moves what is not where it belongs, one machine after the other: copied as one moment has it, put as a whole where it belongs, and only
 * then dropped where it was. The two places may be on two servers, so there is a moment at which it is in both: whoever comes after
 * a crash finds it in the old one, and does the same again. Nobody runs machines meanwhile, so both are the same.
 */
export class Mover {
  private readonly places: MachinePlaces;

  constructor(
    private readonly redis: RedisConnection,
    private readonly options: MoverOptions,
  ) {
    this.places = new MachinePlaces(redis, options.keys);
  }

  /** @returns how many were moved */
  async machines(): Promise<number> {
    let moved = 0;
    const { keys, onProgress } = this.options;
    for await (const names of scanKeys(this.redis, `{${keys.prefix}:*}:m:*`)) {
      const away = names.flatMap((name) => readMachineKey(keys.prefix, 'm', name) ?? []).filter((each) => this.isAway(each));
      for (let i = 0; i < away.length; i += LANES) {
        const done = await Promise.all(away.slice(i, i + LANES).map((each) => this.machine(each)));
        moved += done.filter(Boolean).length;
        onProgress(moved);
      }
    }
    return moved;
  }

  /**
   * What is left of machines that have been removed, for as long as it was to be left: tombstones, and data keys of their own, without
   * which nobody reads them in the archive. Those of machines that are there have been moved with them.
   */
  async leftovers(): Promise<void> {
    const { keys } = this.options;
    for (const letter of ['x', 'k'] as const) {
      for await (const names of scanKeys(this.redis, `{${keys.prefix}:*}:${letter}:*`)) {
        for (const name of names) {
          const at = readMachineKey(keys.prefix, letter, name);
          if (at && this.isAway(at)) await this.leftover(name, letter === 'x' ? keys.tombstone(at.id) : keys.dataKey(at.id));
        }
      }
    }
  }

  /** Why machines were set aside. @param partitions that there were */
  async quarantines(partitions: number): Promise<void> {
    const { keys } = this.options;
    for (let partition = 0; partition < partitions; partition++) {
      const from = keys.quarantine(partition);
      for (const [id, reason] of Object.entries(await this.redis.hgetall(from))) {
        if (!this.isAway({ partition, id })) continue;
        await this.redis.hset(keys.quarantine(keys.partitionOf(id)), id, reason);
        await this.redis.hdel(from, id); // a crash before this: it is there twice, and is moved again
      }
    }
  }

  private isAway({ partition, id }: { partition: number; id: string }): boolean {
    return this.options.keys.partitionOf(id) !== partition;
  }

  private async machine({ partition, id }: { partition: number; id: string }): Promise<boolean> {
    const { keys, forget, reach } = this.options;
    const from = new PartitionKeys(keys.prefix, partition);
    const old = new MachinePlaces(this.redis, from);
    const copy = await copyMachine(this.redis, from, id).catch((error: unknown) => {
      if (!(error instanceof QuarantinedError)) throw error;
      throw new StoreUnfitError(
        `${error.message}. Mend or delete the keys {${keys.prefix}:${partition}}:?:${id}, then run this again`,
      );
    });
    if (!copy) return false;
    const title = await old.titleOf(copy);
    if (!(await this.places.put({ copy, title }, forget ? 'moved-apart' : 'moved'))) {
      throw new StoreUnfitError(
        `machine "${id}" is in two partitions, and they differ: a process ran it while it was moved. Keep the one you trust: ` +
          `delete {${keys.prefix}:${partition}}:m:${id}, or ${keys.record(id)}; then run this again`,
      );
    }
    await reach('placed');
    await forget?.(from, id);
    await old.evict(copy);
    await reach('evicted');
    return true;
  }

  /** One of a restart finds the old one, and writes the same again. */
  private async leftover(from: string, to: string): Promise<void> {
    const found = await readKey(this.redis, from);
    if (found) await writeKey(this.redis, to, found);
    await this.redis.del(from);
  }
}
