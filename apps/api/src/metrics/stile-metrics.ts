import { Injectable } from '@nestjs/common';
import { CounterTotals, Workers } from '@stile/machine';
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import { SEEN_MS } from '../health/readiness';
import { QueueDirectory } from '../queues/queue-directory';

const JOB_STATES = ['waiting', 'active', 'delayed', 'prioritized', 'failed'] as const;

/** What Prometheus is told: totals of all workers, read when it asks, and figures of this process. */
@Injectable()
export class StileMetrics {
  // Not prom-client's global registry: two applications in one process must not see each other's figures.
  private readonly registry = new Registry();
  private readonly up = this.gauge('stile_up', 'Whether the store answered when these figures were read: 1 or 0');
  private readonly seen = this.gauge('stile_workers', 'Workers seen in the last 10 seconds');
  private readonly active = this.gauge('stile_machines_active', 'Machines being run at this moment by these workers');
  private readonly lag = this.gauge(
    'stile_worker_loop_lag_seconds',
    'Longest time that the event loop of one of these workers stood still in the last 30 seconds; leases are not renewed meanwhile',
  );
  private readonly jobs = this.gauge('stile_queue_jobs', 'Jobs in the queues', ['queue', 'partition', 'state']);
  private readonly counts = new Counter({
    name: 'stile_counts_total',
    help: 'What all workers have counted since the store was first used',
    labelNames: ['count', 'machine', 'state', 'event'],
    registers: [this.registry],
  });

  constructor(
    private readonly totals: CounterTotals,
    private readonly workers: Workers,
    private readonly queues: QueueDirectory,
  ) {
    collectDefaultMetrics({ register: this.registry });
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** Prometheus' text format. Without the store: only `stile_up 0` and the figures of this process. */
  async text(): Promise<string> {
    try {
      await Promise.all([this.readCounts(), this.readWorkers(), this.readQueues()]);
      this.up.set(1);
    } catch {
      for (const metric of [this.seen, this.active, this.lag, this.jobs, this.counts]) metric.reset();
      this.up.set(0);
    }
    return this.registry.metrics();
  }

  private async readCounts(): Promise<void> {
    const totals = await this.totals.totals();
    this.counts.reset();
    for (const { value, ...labels } of totals) this.counts.inc(labels, value);
  }

  private async readWorkers(): Promise<void> {
    const seen = (await this.workers.list()).filter((worker) => worker.lastSeenMs < SEEN_MS);
    this.seen.set(seen.length);
    this.active.set(seen.reduce((sum, worker) => sum + worker.active, 0));
    this.lag.set(Math.max(0, ...seen.map((worker) => worker.lagMs)) / 1000);
  }

  private async readQueues(): Promise<void> {
    for (const { queue, partition } of await this.queues.list()) {
      const counts = await queue.getJobCounts(...JOB_STATES);
      for (const [state, count] of Object.entries(counts)) {
        this.jobs.set({ queue: queue.name, partition: String(partition), state }, count);
      }
    }
  }

  private gauge(name: string, help: string, labelNames: string[] = []): Gauge {
    return new Gauge({ name, help, labelNames, registers: [this.registry] });
  }
}
