import type { Clock, Timer } from '@stile/lease';
import type { Redis } from 'ioredis';
import { CounterTotals } from '../core/machines';
import type { Count, CountLabels, Counters } from '../core/counts';
import type { Keyspace } from './keyspace';

const FLUSH_MS = 1000;
const SEPARATOR = '\t';

/**
 * Counts in this process and adds them up in Redis once a second, so that the API shows the totals of all workers. A worker that
 * is killed takes what it counted in its last second with it: counters are for looking at, history is the record.
 */
export class RedisCounters extends CounterTotals implements Counters {
  private counted = new Map<string, number>();
  private timer?: Timer;

  constructor(
    private readonly redis: Redis,
    private readonly keys: Keyspace,
    private readonly clock: Clock,
  ) {
    super();
  }

  add(count: Count, { machine, state, event }: CountLabels): void {
    const field = count + SEPARATOR + machine + SEPARATOR + state + SEPARATOR + event;
    this.counted.set(field, (this.counted.get(field) ?? 0) + 1);
    this.timer ??= this.clock.after(FLUSH_MS, () => void this.flush());
  }

  /** Sends what has been counted. What cannot be sent is kept for the next time. */
  async flush(): Promise<void> {
    this.timer?.cancel();
    this.timer = undefined;
    const batch = this.counted;
    this.counted = new Map();
    if (batch.size === 0) return;
    const entries = [...batch];
    const pipeline = this.redis.pipeline();
    for (const [field, value] of entries) pipeline.hincrby(this.keys.counts, field, value);
    const replies = await pipeline.exec().catch(() => null);
    entries.forEach(([field, value], i) => {
      const failed = replies?.[i]?.[0] !== null; // each command has an error of its own
      if (failed) this.counted.set(field, (this.counted.get(field) ?? 0) + value);
    });
  }

  async totals(): ReturnType<CounterTotals['totals']> {
    const fields = await this.redis.hgetall(this.keys.counts);
    return Object.entries(fields).map(([field, value]) => {
      const [count, machine = '', state = '', event = ''] = field.split(SEPARATOR);
      return { count: count as Count, machine, state, event, value: Number(value) };
    });
  }
}
