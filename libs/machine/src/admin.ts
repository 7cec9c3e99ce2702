import { systemClock } from '@stile/lease';
import type { AuditAct, AuditRecord } from './core/audit';
import { StoreUnfitError } from './core/errors';
import type { EngineLog } from './engine/options';
import { repartition, type RepartitionOptions, type RepartitionReport } from './move/repartition';
import { connect, type RedisConnection } from './redis/connect';
import { DEFAULT_AUDIT_ENTRIES, RedisAuditLog } from './redis/redis-audit-log';
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
export interface AdminOptions extends Pick<StileOptions, 'redis' | 'lease' | 'auditEntries'> {
  readonly prefix: string;
  readonly log: EngineLog;
  /** For the audit log. @default nothing is written there */
  readonly act?: Pick<AuditAct, 'id' | 'who'>;
}

/**
 * Moves all machines to another number of partitions; see `repartition`.
 *
 * @throws StoreUnfitError saying what to do first
 */
export async function repartitionDeployment(
  options: AdminOptions & Pick<RepartitionOptions, 'to' | 'live' | 'onWaiting' | 'onProgress' | 'reach'>,
): Promise<RepartitionReport> {
  const { prefix, to, live, onWaiting, onProgress, reach, lease = {}, log } = options;
  return withRedis(options, async (redis, open) => {
    const servers = new LeaseServers(lease, open, log);
    try {
      const forget = async (from: Keyspace, id: string): Promise<void> => {
        await servers.makeStore(redis, from, new RedisCounters(redis, from, systemClock))?.forget(id);
      };
      const apart = lease.url !== undefined || lease.secondaryUrl !== undefined;
      const record = recorder(redis, new Keyspace(prefix, to), options, 'repartition');
      return await repartition(redis, { prefix, to, live, onWaiting, onProgress, reach, record, ...(apart ? { forget } : {}) });
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
  return withRedis(options, (redis) => {
    const record = recorder(redis, new Keyspace(prefix, partitions), options, 'rebuild');
    return rebuild(redis, { prefix, partitions, folder, name, onProgress, reach, record });
  });
}

/** Tells the audit log of an act on everything there is. */
function recorder(
  redis: RedisConnection,
  keys: Keyspace,
  { act, auditEntries = DEFAULT_AUDIT_ENTRIES }: AdminOptions,
  name: string,
) {
  if (!act) return undefined;
  const log = new RedisAuditLog(redis, keys, auditEntries);
  return (told: Pick<AuditRecord, 'phase' | 'details' | 'after'>): Promise<void> =>
    log.append({ ...act, act: name, on: `all machines under "${keys.prefix}"`, ...told });
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
