import type { MemoryProbe } from '../core/share-ports';
import { mastersOf, type RedisConnection } from './connect';
import { answered } from './store-error';

/** Of the server; of a cluster, of each master: machines are spread over all of them, so the fullest one tells for all. */
export class RedisMemoryProbe implements MemoryProbe {
  constructor(private readonly redis: RedisConnection) {}

  async used(): Promise<number> {
    const shares = await answered(Promise.all(mastersOf(this.redis).map((node) => node.info('memory').then(shareOf))));
    return Math.max(0, ...shares);
  }
}

function shareOf(info: string): number {
  const field = (name: string): number => Number(info.split(`\n${name}:`)[1]?.split('\r')[0] ?? 0);
  const most = field('maxmemory');
  return most > 0 ? field('used_memory') / most : 0;
}
