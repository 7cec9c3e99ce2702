import type { RedisConnection } from './connect';
import { askTogether, type Ask } from './grouped-reads';

/** Sums in hashes, to which many processes add. What is added here is sent when asked for, a command each. */
export class HashSums {
  /** By key and field. */
  private pending = new Map<string, Map<string, number>>();

  constructor(private readonly redis: RedisConnection) {}

  add(key: string, field: string, value: number): void {
    let fields = this.pending.get(key);
    if (!fields) {
      fields = new Map<string, number>();
      this.pending.set(key, fields);
    }
    fields.set(field, (fields.get(field) ?? 0) + value);
  }

  /**
   * Sends what has been added; what cannot be sent is kept for the next time.
   *
   * @param ttl of a key, seconds; nothing where it is kept for ever
   */
  async send(ttl: (key: string) => number | undefined = () => undefined): Promise<void> {
    const batch = this.pending;
    if (batch.size === 0) return;
    this.pending = new Map();
    const entries = [...batch].flatMap(([key, fields]) => [...fields].map(([field, value]) => ({ key, field, value })));
    const asks = entries.map(({ key, field, value }): Ask => ({ key, ask: (pipeline) => pipeline.hincrby(key, field, value) }));
    for (const key of batch.keys()) {
      const seconds = ttl(key);
      if (seconds !== undefined) asks.push({ key, ask: (pipeline) => pipeline.expire(key, seconds) });
    }
    const replies = await askTogether(this.redis, asks).catch(() => null);
    entries.forEach(({ key, field, value }, i) => {
      const failed = replies?.[i]?.[0] !== null; // each command has an error of its own
      if (failed) this.add(key, field, value);
    });
  }
}
