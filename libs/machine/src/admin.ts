import { systemClock } from '@stile/lease';
import { StoreUnfitError } from './core/errors';
import type { EngineLog } from './engine/options';
import { repartition, type RepartitionOptions, type RepartitionReport } from './move/repartition';
import { connect, type RedisConnection } from './redis/connect';
import { explainRefusal, type RedisDoor } from './redis/door';
import { Keyspace } from './redis/keyspace';
import { LeaseServers } from './redis/lease-servers';
import { RedisCounters } from './redis/redis-counters';
import type { StileOptions } from './runtime-options';
import { rebuild, type RebuildOptions, type RebuildReport } from './snapshot/rebuild';
import { snapshotFolder } from './snapshot/snapshot-folder';
import { within } from './within';

const ANSWER_MS = 5000;

/** A deployment that nobody runs at the moment. */
export interface AdminOptions extends Pick<StileOptions, 'redis' | 'lease'> {
  readonly prefix: string;
  readonly log: EngineLog;
}

/**
 * Moves all machines to another number of partitions; see `repartition`.
 *
 * @throws StoreUnfitError saying what to do first
 */
export async function repartitionDeployment(
  options: AdminOptions & Pick<RepartitionOptions, 'to' | 'onProgress' | 'reach'>,
): Promise<RepartitionReport> {
  const { prefix, to, onProgress, reach, lease = {}, log } = options;
  return withRedis(options, async (redis, open) => {
    const servers = new LeaseServers(lease, open, log);
    try {
      const forget = async (from: Keyspace, id: string): Promise<void> => {
        await servers.makeStore(redis, from, new RedisCounters(redis, from, systemClock))?.forget(id);
      };
      const apart = lease.url !== undefined || lease.secondaryUrl !== undefined;
      return await repartition(redis, { prefix, to, onProgress, reach, ...(apart ? { forget } : {}) });
    } finally {
      await servers.close();
    }
  });
}

/**
 * Restores all machines from a snapshot into an empty Redis; see `rebuild`.
 *
 * @param options.snapshots URL of the folder
 * @throws StoreUnfitError saying what to do first
 */
export async function rebuildDeployment(
  options: AdminOptions & { readonly snapshots: string } & Pick<RebuildOptions, 'partitions' | 'name' | 'onProgress' | 'reach'>,
): Promise<RebuildReport> {
  const { prefix, partitions, snapshots, name, onProgress, reach } = options;
  const folder = snapshotFolder(snapshots);
  return withRedis(options, (redis) => rebuild(redis, { prefix, partitions, folder, name, onProgress, reach }));
}

/** A server that goes away in the middle is waited for: nothing is half done when it comes back. */
async function withRedis<T>(
  { redis: { url, ackReplicas: _, ...door }, log }: AdminOptions,
  work: (redis: RedisConnection, open: (url: string, name: string) => RedisConnection) => Promise<T>,
): Promise<T> {
  const clients: RedisConnection[] = [];
  const open = (address: string, name: string, own: RedisDoor = { tls: door.tls }): RedisConnection => {
    const onError = (error: Error): void => log.warn(`${name}: ${explainRefusal(error)}`);
    const client = connect({ url: address, door: own, whenAway: 'wait', onError });
    clients.push(client);
    return client;
  };
  try {
    const redis = open(url, 'Redis', door);
    if (!(await within(ANSWER_MS, redis.ping())))
      throw new StoreUnfitError('Redis (STILE_REDIS_URL) does not answer: start it, or mend the URL');
    return await work(redis, open);
  } finally {
    for (const client of clients) client.disconnect();
  }
}
