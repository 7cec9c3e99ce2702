import type { Clock } from '@stile/lease';
import type { Archiving, Leaving } from '../core/archive';
import type { EngineLog } from '../engine/options';
import type { Keyspace } from '../redis/keyspace';
import type { RedisConnection } from '../redis/connect';

const FIELD = 'archive';
const WARN_MS = 60_000;

/** Says to all workers that nothing may be dropped unwritten, or that it may again. */
export async function markArchive(redis: RedisConnection, keys: Keyspace, on: boolean): Promise<void> {
  if (on) await redis.hset(keys.layout, FIELD, 'on');
  else await redis.hdel(keys.layout, FIELD);
}

/** Of a worker without an archive: where others have one, as in the middle of a rollout, it drops nothing. */
export class NoArchive implements Archiving {
  private warnedAt = -Infinity;

  constructor(
    private readonly redis: RedisConnection,
    private readonly keys: Keyspace,
    private readonly clock: Pick<Clock, 'monotonic'>,
    private readonly log: EngineLog,
  ) {}

  async write(): Promise<ReadonlyMap<string, Leaving> | 'all'> {
    if ((await this.redis.hget(this.keys.layout, FIELD)) !== 'on') return 'all';
    if (this.clock.monotonic() - this.warnedAt >= WARN_MS) {
      this.warnedAt = this.clock.monotonic();
      this.log.warn(
        'other workers write finished machines into an archive, this one has none: it drops nothing. ' +
          'Set STILE_ARCHIVE_URL as theirs is, or STILE_ARCHIVE_URL=none on all of them to do without',
      );
    }
    return new Map();
  }
}
