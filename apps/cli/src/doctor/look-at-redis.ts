import { maskPassword, type ConfigWithoutRedis } from '@stile/config';
import type { Finding } from './finding';
import { readFleetFacts } from './fleet-facts';
import { judgeFleet } from './judge-fleet';
import { judgeServers } from './judge-redis';
import { readRedisFacts } from './redis-facts';

const silent = { debug() {}, log() {}, warn() {}, error() {} };

/** Looks at the store itself, without an API. It changes nothing there, but that workers which are long gone are forgotten. */
export async function lookAtRedis({ redisUrl: url, prefix, partitions }: ConfigWithoutRedis): Promise<Finding[]> {
  if (!url) {
    const fix = 'export STILE_REDIS_URL=redis://…: "stile up" prints that of its own';
    return [{ check: 'Redis', level: 'skipped', text: 'STILE_REDIS_URL is unset, so it was not looked at', fix }];
  }
  const { mastersOf, StileRuntime } = await import('@stile/machine'); // only now: see read-machines.ts
  const runtime = new StileRuntime({ redis: { url }, prefix, partitions, worker: false }, silent);
  try {
    await runtime.redis.hlen(runtime.keys.layout); // a cluster's client knows its nodes when one has answered
    const servers = mastersOf(runtime.redis);
    const facts = await Promise.all(servers.map((server) => readRedisFacts(runtime, server)));
    const stored = facts[0]?.partitions;
    const fleet = stored === undefined ? [] : judgeFleet(await readFleetFacts(runtime, stored));
    return [...judgeServers(facts, partitions), ...fleet];
  } catch (error) {
    const text = `${maskPassword(url)} does not answer: ${(error as Error).message}`;
    return [{ check: 'Redis', level: 'bad', text, fix: 'start it, or mend STILE_REDIS_URL' }];
  } finally {
    await runtime.stop();
  }
}
