import { maskPassword, type ConfigWithoutRedis } from '@stile/config';
import type { Finding } from './finding';
import { readFleetFacts } from './fleet-facts';
import { judgeFleet } from './judge-fleet';
import { judgeRedis } from './judge-redis';
import { readRedisFacts } from './redis-facts';

const silent = { debug() {}, log() {}, warn() {}, error() {} };

/** Looks at the store itself, without an API. It changes nothing there, but that workers which are long gone are forgotten. */
export async function lookAtRedis({ redisUrl: url, prefix, partitions }: ConfigWithoutRedis): Promise<Finding[]> {
  if (!url) {
    const fix = 'export STILE_REDIS_URL=redis://…: "stile up" prints that of its own';
    return [{ check: 'Redis', level: 'skipped', text: 'STILE_REDIS_URL is unset, so it was not looked at', fix }];
  }
  const { StileRuntime } = await import('@stile/machine'); // only now: see read-machines.ts
  const runtime = new StileRuntime({ redis: { url }, prefix, partitions, worker: false }, silent);
  try {
    const facts = await readRedisFacts(runtime);
    const fleet = facts.partitions === undefined ? [] : judgeFleet(await readFleetFacts(runtime, facts.partitions));
    return [...judgeRedis(facts, partitions), ...fleet];
  } catch (error) {
    const text = `${maskPassword(url)} does not answer: ${(error as Error).message}`;
    return [{ check: 'Redis', level: 'bad', text, fix: 'start it, or mend STILE_REDIS_URL' }];
  } finally {
    await runtime.stop();
  }
}
