import { maskPassword, redisDoor, type ConfigWithoutRedis } from '@stile/config';
import type { Finding } from './finding';
import { readFleetFacts } from './fleet-facts';
import { judgeFleet } from './judge-fleet';
import { judgeServers } from './judge-redis';
import { reachOf } from './reach';
import { readRedisFacts } from './redis-facts';

/** Looks at the store itself, without an API. It changes nothing there, but that workers which are long gone are forgotten. */
export async function lookAtRedis(config: ConfigWithoutRedis): Promise<Finding[]> {
  const { redisUrl: url, prefix, partitions } = config;
  if (!url) {
    const fix = 'export STILE_REDIS_URL=redis://…: "stile up" prints that of its own';
    return [{ check: 'Redis', level: 'skipped', text: 'STILE_REDIS_URL is unset, so it was not looked at', fix }];
  }
  const { mastersOf, StileRuntime } = await import('@stile/machine'); // only now: see read-machines.ts
  const said: string[] = [];
  const log = { debug() {}, log() {}, warn: (text: string) => void said.push(text), error() {} };
  const redis = redisDoor({ ...config, redisUrl: url });
  const runtime = new StileRuntime({ redis, prefix, partitions, worker: false }, log);
  try {
    await runtime.redis.hlen(runtime.keys.layout); // a cluster's client knows its nodes when one has answered
    const servers = mastersOf(runtime.redis);
    const facts = await Promise.all(servers.map((server) => readRedisFacts(runtime, server)));
    const stored = facts[0]?.partitions;
    const fleet = stored === undefined ? [] : judgeFleet(await readFleetFacts(runtime, stored));
    return [...judgeServers(facts, partitions, reachOf(url)), ...fleet];
  } catch (error) {
    const text = `${maskPassword(url)} does not answer: ${said[0] ?? (error as Error).message}`;
    return [{ check: 'Redis', level: 'bad', text, fix: 'start it, or mend STILE_REDIS_URL' }];
  } finally {
    await runtime.stop();
  }
}
