import type { Figures, TimingTotal } from '@stile/machine';
import type { Registry } from 'prom-client';
import { StoredHistogram } from './stored-histogram';

type Shown = TimingTotal['timing'];

/** Octaves with these bounds, ms: 0.25 ms to a minute for what a computer does, 1 ms to nine hours for what has to wait. */
const QUICK = { from: 2, to: 20 };
const WAITING = { from: 4, to: 29 };

const SHAPES: Record<Shown, { name: string; help: string; labelNames: ('machine' | 'state')[]; from: number; to: number }> = {
  step: {
    name: 'stile_step_duration_seconds',
    help: 'Actions of committed steps, by the state they led to',
    labelNames: ['machine', 'state'],
    ...{ from: 4, to: 24 },
  },
  queue: {
    name: 'stile_queue_wait_seconds',
    help: 'From a job being due until a worker took it for the first time',
    labelNames: ['machine'],
    ...WAITING,
  },
  start: {
    name: 'stile_schedule_to_start_seconds',
    help: 'From a job being due until its first action began',
    labelNames: ['machine'],
    ...WAITING,
  },
  lease: {
    name: 'stile_lease_wait_seconds',
    help: 'From the first time that a lease was asked for until it was granted, with other workers that had it in between',
    labelNames: ['machine'],
    ...QUICK,
  },
  commit: {
    name: 'stile_commit_duration_seconds',
    help: "From a worker's word on a step until the store has answered",
    labelNames: ['machine'],
    ...QUICK,
  },
  redis: {
    name: 'stile_redis_round_trip_seconds',
    help: 'One command to Redis and back, measured by each worker once a second',
    labelNames: [],
    ...QUICK,
  },
};

/** What workers have timed, since the store was first used. */
export class TimingMetrics {
  private readonly histograms: readonly (readonly [Shown, StoredHistogram])[];

  constructor(
    private readonly figures: Figures,
    registry: Registry,
  ) {
    this.histograms = (Object.keys(SHAPES) as Shown[]).map(
      (timing) => [timing, new StoredHistogram({ ...SHAPES[timing], registers: [registry] })] as const,
    );
  }

  async read(): Promise<void> {
    const totals = await this.figures.totals();
    for (const [timing, histogram] of this.histograms) histogram.set(totals.filter((total) => total.timing === timing));
  }

  reset(): void {
    for (const [, histogram] of this.histograms) histogram.reset();
  }
}
