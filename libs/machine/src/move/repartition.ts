import type { AuditRecord } from '../core/audit';
import { StoreUnfitError } from '../core/errors';
import { Keyspace } from '../redis/keyspace';
import { processesSeen } from '../redis/process-presence';
import { scanKeys } from '../redis/scan-keys';
import { Mover, type MoverOptions } from './mover';
import type { RedisConnection } from '../redis/connect';

export interface RepartitionOptions extends Partial<Omit<MoverOptions, 'keys'>> {
  readonly prefix: string;
  /** Partitions that there shall be. */
  readonly to: number;
  /** Told once it is sure that it will be done, and when it is done; nothing of what is refused, which changes nothing. */
  readonly record?: (told: Pick<AuditRecord, 'phase' | 'details' | 'after'>) => Promise<void>;
}

export interface RepartitionReport {
  readonly from: number;
  readonly to: number;
  /** Machines that were moved by this call; others were moved before, or are where they belong. */
  readonly moved: number;
}

/**
 * Moves a drained deployment to another number of partitions. The layout is locked from the first to the last: processes that start meanwhile
 * refuse. A crash at any point leaves the lock and each machine in its old partition, its new one, or the same in both; the same call again
 * goes on from there.
 *
 * @throws StoreUnfitError where processes are there, operations run, or another move is unfinished: nothing has changed then
 */
export async function repartition(redis: RedisConnection, options: RepartitionOptions): Promise<RepartitionReport> {
  const { prefix, to, forget, reach = () => undefined, record, onProgress = () => undefined } = options;
  const keys = new Keyspace(prefix, to);
  const [known, unfinished, rebuilding] = await redis.hmget(keys.layout, 'partitions', 'moving', 'rebuilding');
  const from = Number(known ?? 0);
  if (from === 0)
    throw new StoreUnfitError(
      `there is nothing under the prefix "${prefix}" in this Redis: see STILE_REDIS_URL and STILE_PREFIX`,
    );
  if (rebuilding)
    throw new StoreUnfitError(`this Redis is being rebuilt from ${rebuilding}: run "stile rebuild" to its end first`);
  if (unfinished && Number(unfinished) !== to) {
    throw new StoreUnfitError(`a move to ${unfinished} partitions is not finished: run "stile repartition ${unfinished}" first`);
  }
  if (!unfinished && from === to) return { from, to, moved: 0 };
  // The lock before the look: a process says that it is there before it looks for the lock.
  const locked = await redis.hsetnx(keys.layout, 'moving', to);
  const problem = await problemOf(redis, keys);
  if (problem !== undefined) {
    if (locked === 1) await redis.hdel(keys.layout, 'moving');
    throw new StoreUnfitError(problem);
  }
  await record?.({ phase: 'asked', details: { from, to } }); // a crash before it: the lock is there, and the next call writes it
  await reach('locked');
  const mover = new Mover(redis, { keys, reach, onProgress, ...(forget && { forget }) });
  const moved = await mover.machines();
  await mover.tombstones();
  await mover.quarantines(Math.max(from, to));
  for (let partition = to; partition < from; partition++) await dropRest(redis, keys, partition);
  await reach('moved');
  await redis.multi().hset(keys.layout, 'partitions', to).hdel(keys.layout, 'moving').exec();
  await record?.({ phase: 'done', after: { moved } });
  return { from, to, moved };
}

async function problemOf(redis: RedisConnection, keys: Keyspace): Promise<string | undefined> {
  const seen = await processesSeen(redis, keys);
  if (seen.length > 0) {
    const told = seen.map(
      ({ kind, host, pid, lastSeenMs }) => `${kind} ${pid} on ${host}, ${Math.ceil(lastSeenMs / 1000)} s ago`,
    );
    return `stop all APIs and workers first; seen were: ${told.join('; ')}. One that was killed is forgotten after 15 s`;
  }
  const running = await redis.smembers(`${keys.tag(0)}:operations`);
  if (running.length === 0) return undefined;
  return `operations on many machines are not finished: ${running.join(', ')}. Start a worker and wait for them, or stop them with "stile operations <id> --stop"`;
}

/** Jobs are made anew by the watch, and what is left of the indexes names nothing. Machines and tombstones are gone already. */
async function dropRest(redis: RedisConnection, keys: Keyspace, partition: number): Promise<void> {
  const tag = keys.tag(partition);
  for (const pattern of [`${tag}:q:*`, `${tag}:ix:*`, `${tag}:held:*`]) {
    for await (const names of scanKeys(redis, pattern)) for (const name of names) await redis.unlink(name);
  }
  for (const key of [keys.watch(partition), keys.retention(partition), keys.quarantine(partition), keys.archiving(partition)]) {
    await redis.unlink(key);
  }
}
