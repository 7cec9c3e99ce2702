import { isCluster, type RedisConnection } from './connect';
import type { Keyspace } from './keyspace';

/**
 * What was read of one machine and is done to another (a message, the start, the end or the cancellation of a child) is refused once
 * another server has taken over: the scripts compare the identity of the server on which it was read with their own. On a cluster the other
 * machine may be on another node, whose identity is another one at all times, and which cannot know whether the first has failed over. So
 * there it is compared only within a partition. Between partitions nothing is compared: what a failover loses there unless replicas confirm
 * what is read (`STILE_ACK_REPLICAS`) is told in docs/guide/engines.md.
 *
 * @param id of the machine that was read · @param server its identity, as a script has told it
 */
export function tellServer(redis: RedisConnection, keys: Keyspace, id: string, server: string): string {
  return isCluster(redis) ? `${keys.partitionOf(id)} ${server}` : server;
}

/** @param id of the machine it is done to · @returns what its script is to compare; '' for nothing */
export function serverFor(redis: RedisConnection, keys: Keyspace, id: string, told: string): string {
  const space = told.indexOf(' ');
  if (!isCluster(redis) || space < 0) return told;
  return Number(told.slice(0, space)) === keys.partitionOf(id) ? told.slice(space + 1) : '';
}
