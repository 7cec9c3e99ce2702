import type { RedisConnection } from './connect';

/**
 * Spares others the same work for a while. It ends by itself, so a process that dies holds up nobody; and it is no lock: one that was
 * paused past its end works beside the next. Only for what may be done twice.
 */
export class ExpiringClaim {
  constructor(
    private readonly redis: RedisConnection,
    private readonly key: string,
    /** Tells this process from all others. */
    private readonly owner: string,
    private readonly ttlMs: number,
  ) {}

  /** Takes it, or keeps it for another while. @returns whether it is ours */
  async take(): Promise<boolean> {
    if ((await this.redis.set(this.key, this.owner, 'PX', this.ttlMs, 'NX')) !== null) return true;
    if ((await this.redis.get(this.key)) !== this.owner) return false;
    await this.redis.pexpire(this.key, this.ttlMs);
    return true;
  }

  async leave(): Promise<void> {
    if ((await this.redis.get(this.key)) === this.owner) await this.redis.del(this.key);
  }
}
