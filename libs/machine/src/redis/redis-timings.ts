import type { Clock, Timer } from '@stile/lease';
import type { RedisConnection } from './connect';
import { Histogram, octaveOf } from '../core/histogram';
import type { MachineTimings, Timing, Timings } from '../core/timings';
import { HashSums } from './hash-sums';
import type { Keyspace } from './keyspace';
import { SLOT_SECONDS, SUM, totalField, windowField } from './timing-fields';

const FLUSH_MS = 1000;

/** Times of one definition in this process. */
class DefinitionTimings implements MachineTimings {
  private readonly byTiming = new Map<Timing, Map<string, Histogram>>();

  constructor(
    readonly machine: string,
    readonly version: number,
  ) {}

  note(timing: Timing, ms: number, state = ''): void {
    let states = this.byTiming.get(timing);
    if (!states) {
      states = new Map<string, Histogram>();
      this.byTiming.set(timing, states);
    }
    let histogram = states.get(state);
    if (!histogram) states.set(state, (histogram = new Histogram()));
    histogram.add(ms);
  }

  *take(): Generator<{ timing: Timing; state: string; counts: ReadonlyMap<number, number>; sumMs: number }> {
    for (const [timing, states] of this.byTiming) {
      for (const [state, histogram] of states) {
        const taken = histogram.take();
        if (taken) yield { timing, state, ...taken };
      }
    }
  }
}

/**
 * Times in this process, added up in Redis once a second, as counts are and for the same reason: totals of all workers for Prometheus, and
 * a ring of minutes for each definition (see {@link RedisFigures}). A worker that is killed takes its last second with it.
 */
export class RedisTimings implements Timings {
  private readonly definitions = new Map<string, DefinitionTimings>();
  private readonly worker = new DefinitionTimings('', 0);
  private readonly sums: HashSums;
  private timer?: Timer;
  private flushing?: Promise<void>;
  private stopped = false;

  constructor(
    private readonly redis: RedisConnection,
    private readonly keys: Keyspace,
    private readonly clock: Clock,
  ) {
    this.sums = new HashSums(redis);
  }

  of(machine: string, version: number): MachineTimings {
    const name = `${machine}@${version}`;
    let timings = this.definitions.get(name);
    if (!timings) this.definitions.set(name, (timings = new DefinitionTimings(machine, version)));
    return timings;
  }

  start(): void {
    if (this.stopped) return;
    this.timer = this.clock.after(FLUSH_MS, () => {
      this.flushing = this.flush().then(() => this.start());
    });
  }

  /** Sends what is left. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.timer?.cancel();
    await this.flushing;
    await this.flush();
  }

  /** Sends what has been timed. What cannot be sent is kept for the next time. */
  async flush(): Promise<void> {
    const minute = await this.minute();
    if (minute === undefined) return;
    for (const timings of [this.worker, ...this.definitions.values()]) this.collect(timings, minute);
    const totals = this.keys.timings;
    await this.sums.send((key) => (key === totals ? undefined : SLOT_SECONDS));
  }

  /** The minute that it is, by the server's clock; asking for it is the round trip that is timed. Nothing while the store is away. */
  private async minute(): Promise<number | undefined> {
    const sentAt = this.clock.monotonic();
    const time = await this.redis.time().catch(() => undefined);
    if (!time) return undefined;
    this.worker.note('redis', this.clock.monotonic() - sentAt);
    return Math.floor(Number(time[0]) / 60);
  }

  private collect(timings: DefinitionTimings, minute: number): void {
    const { machine, version } = timings;
    const window = this.keys.figures(machine, version, minute);
    for (const { timing, state, counts, sumMs } of timings.take()) {
      if (timing !== 'dwell') {
        this.sums.add(this.keys.timings, totalField(timing, machine, state, SUM), Math.round(sumMs * 1000));
      }
      for (const [bucket, count] of counts) {
        if (timing !== 'dwell') this.sums.add(this.keys.timings, totalField(timing, machine, state, octaveOf(bucket)), count);
        if (timing === 'dwell' || timing === 'step') this.sums.add(window, windowField(timing, state, bucket), count);
      }
    }
  }
}
