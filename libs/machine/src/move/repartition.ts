import { setTimeout as sleep } from 'node:timers/promises';
import type { AuditRecord } from '../core/audit';
import { StoreUnfitError } from '../core/errors';
import { Keyspace } from '../redis/keyspace';
import { processesSeen } from '../redis/process-presence';
import { scanKeys } from '../redis/scan-keys';
import { Mover, type MoverOptions } from './mover';
import type { RedisConnection } from '../redis/connect';

/** How often a live move looks whether all have gone, and how long it waits for them, ms. */
const LOOK_MS = 500;
const PATIENCE_MS = 120_000;

export interface RepartitionOptions extends Partial<Omit<MoverOptions, 'keys'>> {
  readonly prefix: string;
  /** Partitions that there shall be. */
  readonly to: number;
  /**
   * Has running processes leave, rather than refuse because of them: each that sees the lock drains and ends, within 5 s and what it has in
   * hand. @default false
   */
  readonly live?: boolean;
  /** Told again and again, while a live move waits, of who is still there. */
  readonly onWaiting?: (processes: number) => void;
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
 * Moves a deployment to another number of partitions, drained or live (see `live`). The layout is locked from the first to the last: processes that start meanwhile
 * refuse. A crash at any point leaves the lock and each machine in its old partition, its new one, or the same in both; the same call again
 * goes on from there.
 *
 * @throws StoreUnfitError where processes are there, operations run, or another move is unfinished: nothing has changed then, but that a
 *   live move that waits in vain has had some leave
 */
export async function repartition(redis: RedisConnection, options: RepartitionOptions): Promise<RepartitionReport> {
  const { prefix, to, forget, live = false, onWaiting, reach = () => undefined, record, onProgress = () => undefined } = options;
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
  const busy = live ? await busyWith(redis, keys) : undefined; // before anybody is asked to leave
  if (busy !== undefined) throw new StoreUnfitError(busy);
  // The lock before the look: a process says that it is there before it looks for the lock.
  const locked = await redis.hsetnx(keys.layout, 'moving', to);
  const problem = live ? await untilAlone(redis, keys, onWaiting) : await problemOf(redis, keys);
  if (problem !== undefined) {
    if (locked === 1) await redis.hdel(keys.layout, 'moving');
    throw new StoreUnfitError(problem);
  }
  await record?.({ phase: 'asked', details: { from, to } }); // a crash before it: the lock is there, and the next call writes it
  await reach('locked');
  const mover = new Mover(redis, { keys, reach, onProgress, ...(forget && { forget }) });
  const moved = await mover.machines();
  await mover.leftovers();
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
    return `stop all APIs and workers first; seen were: ${told.join('; ')}. One that was killed is forgotten after 15 s; --live has them leave`;
  }
  return busyWith(redis, keys);
}

/** Waits until all have drained and said goodbye. One that was killed, or stands still, is forgotten after 15 s. */
async function untilAlone(
  redis: RedisConnection,
  keys: Keyspace,
  onWaiting: RepartitionOptions['onWaiting'],
): Promise<string | undefined> {
  for (let waited = 0; waited < PATIENCE_MS; waited += LOOK_MS) {
    const { length } = await processesSeen(redis, keys);
    if (length === 0) break;
    onWaiting?.(length);
    await sleep(LOOK_MS);
  }
  return problemOf(redis, keys);
}

async function busyWith(redis: RedisConnection, keys: Keyspace): Promise<string | undefined> {
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
