import type { Clock, Timer } from '@stile/lease';
import type { RedisConnection } from './connect';
import { CounterTotals } from '../core/machines';
import type { Count, CountLabels, Counters } from '../core/counts';
import { HashSums } from './hash-sums';
import type { Keyspace } from './keyspace';

const FLUSH_MS = 1000;
const SEPARATOR = '\t';

/**
 * Counts in this process and adds them up in Redis once a second, so that the API shows the totals of all workers. A worker that
 * is killed takes what it counted in its last second with it: counters are for looking at, history is the record.
 */
export class RedisCounters extends CounterTotals implements Counters {
  private readonly sums: HashSums;
  private timer?: Timer;

  constructor(
    private readonly redis: RedisConnection,
    private readonly keys: Keyspace,
    private readonly clock: Clock,
  ) {
    super();
    this.sums = new HashSums(redis);
  }

  add(count: Count, { machine, state, event }: CountLabels): void {
    this.sums.add(this.keys.counts, count + SEPARATOR + machine + SEPARATOR + state + SEPARATOR + event, 1);
    this.timer ??= this.clock.after(FLUSH_MS, () => void this.flush());
  }

  /** Sends what has been counted. What cannot be sent is kept for the next time. */
  async flush(): Promise<void> {
    this.timer?.cancel();
    this.timer = undefined;
    await this.sums.send();
  }

  async totals(): ReturnType<CounterTotals['totals']> {
    const fields = await this.redis.hgetall(this.keys.counts);
    return Object.entries(fields).map(([field, value]) => {
      const [count, machine = '', state = '', event = ''] = field.split(SEPARATOR);
      return { count: count as Count, machine, state, event, value: Number(value) };
    });
  }
}
