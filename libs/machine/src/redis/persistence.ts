import type { EngineLog } from '../engine/options';
import { mastersOf, type RedisConnection } from './connect';

/**
 * Says so where a restart of Redis would lose machines. No reason to refuse: tests and trials want it so, and only INFO is asked, which
 * does not tell all.
 */
export async function warnOfLoss(redis: RedisConnection, log: EngineLog): Promise<void> {
  const losses = await Promise.all(mastersOf(redis).map(async (server) => lossOf(await server.info('persistence'))));
  for (const loss of new Set(losses)) if (loss !== undefined) log.warn(loss);
}

/** @param info the section `persistence` of INFO */
export function lossOf(info: string): string | undefined {
  const field = (name: string): string | undefined => `\n${info}`.split(`\n${name}:`)[1]?.split('\r')[0];
  if (field('aof_enabled') === '1') {
    return field('aof_last_write_status') === 'err'
      ? 'Redis could not write its append-only file the last time: what is done now may be lost; look at its log and its disk'
      : undefined;
  }
  if (field('aof_enabled') === undefined) return undefined; // a server that does not tell
  return (
    'Redis keeps no append-only file: a restart loses every step since its last snapshot, or all machines where it takes none. ' +
    'redis-cli config set appendonly yes, and in redis.conf; "stile doctor" says more'
  );
}
