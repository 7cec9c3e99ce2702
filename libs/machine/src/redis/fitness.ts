import type { Redis } from 'ioredis';
import { StoreUnfitError } from '../core/errors';
import type { EngineLog } from '../engine/options';
import { isCluster, mastersOf, type RedisConnection } from './connect';
import type { Keyspace } from './keyspace';

/**
 * Refuses a Redis that would lose machines, and a layout other than the one it was first used with.
 *
 * @throws StoreUnfitError saying what to type
 */
export async function checkFitness(redis: RedisConnection, keys: Keyspace): Promise<void> {
  const written = await redis.hget(keys.layout, 'partitions'); // a cluster's client knows its nodes when one has answered
  const many = isCluster(redis);
  for (const node of mastersOf(redis))
    await checkPolicy(node, many ? `the node ${addressOf(node)}` : 'Redis', 'machines and jobs');
  await redis.hsetnx(keys.layout, 'partitions', keys.partitions);
  const partitions = Number(written ?? (await redis.hget(keys.layout, 'partitions')));
  if (partitions !== keys.partitions) {
    throw new StoreUnfitError(
      `this Redis was first used with ${partitions} partitions under the prefix "${keys.prefix}", now ${keys.partitions} are asked for: ` +
        `machines would not be found. Use ${partitions} (STILE_PARTITIONS), or another prefix; \`stile repartition\` moves machines to another number`,
    );
  }
}

/**
 * @param name of the server, to begin the message
 * @param content what it would lose
 * @throws StoreUnfitError when the server may evict
 */
export async function checkPolicy(redis: RedisConnection, name: string, content: string): Promise<void> {
  const memory = await redis.info('memory');
  const policy = /maxmemory_policy:(\S+)/.exec(memory)?.[1];
  if (policy === 'noeviction') return;
  throw new StoreUnfitError(
    `${name} has maxmemory-policy "${policy ?? 'unknown'}": it may evict ${content} when memory is short. ` +
      'Set it to noeviction: redis-cli config set maxmemory-policy noeviction (and in redis.conf)',
  );
}

/** Warns where more replicas are to confirm than there are: nothing would be acknowledged. */
export async function checkReplicas(redis: RedisConnection, wanted: number, log: EngineLog): Promise<void> {
  if (wanted === 0) return;
  for (const node of mastersOf(redis)) {
    const there = Number(/connected_slaves:(\d+)/.exec(await node.info('replication'))?.[1] ?? 0);
    if (there >= wanted) continue;
    log.warn(
      `STILE_ACK_REPLICAS is ${wanted}, but ${addressOf(node)} has ${there} replicas: ` +
        'nothing is acknowledged until it has as many; attach replicas, or lower the number',
    );
  }
}

/** Not the URL: it may carry a password. */
function addressOf({ options: { host, port, sentinels, name } }: Redis): string {
  return sentinels ? `the master "${name ?? ''}"` : `${host}:${port}`;
}
