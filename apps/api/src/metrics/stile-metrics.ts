import { Injectable, Optional } from '@nestjs/common';
import { CounterTotals, Figures, MachineListing, Workers } from '@stile/machine';
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import { SEEN_MS } from '../health/readiness';
import { QueueDirectory } from '../queues/queue-directory';
import { TimingMetrics } from './timing-metrics';

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
  private readonly oldest = this.gauge(
    'stile_queue_oldest_job_seconds',
    'How long the job has been due that a worker is to take next; 0 where none waits',
    ['queue', 'partition'],
  );
  private readonly machines = this.gauge('stile_machines', 'Machines that are kept, live or ended', [
    'machine',
    'status',
    'state',
  ]);
  private readonly timings: TimingMetrics;
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
    figures: Figures,
    @Optional() private readonly listing?: MachineListing,
  ) {
    this.timings = new TimingMetrics(figures, this.registry);
    collectDefaultMetrics({ register: this.registry });
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** Prometheus' text format. Without the store: only `stile_up 0` and the figures of this process. */
  async text(): Promise<string> {
    try {
      const reads = [this.readCounts(), this.readWorkers(), this.readQueues(), this.readMachines(), this.timings.read()];
      await Promise.all(reads);
      this.up.set(1);
    } catch {
      const { seen, active, lag, jobs, oldest, counts, machines, timings } = this;
      for (const metric of [seen, active, lag, jobs, oldest, counts, machines, timings]) metric.reset();
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
      const [next] = await queue.getWaiting(0, 0);
      const dueAt = next ? next.timestamp + (next.opts.delay ?? 0) : Infinity;
      this.oldest.set({ queue: queue.name, partition: String(partition) }, Math.max(0, Date.now() - dueAt) / 1000);
    }
  }

  /** All versions of a machine together: labels must stay few. */
  private async readMachines(): Promise<void> {
    const counts = (await this.listing?.counts()) ?? [];
    this.machines.reset();
    for (const { machine, status, state, count } of counts) this.machines.inc({ machine, status, state }, count);
  }

  private gauge(name: string, help: string, labelNames: string[] = []): Gauge {
    return new Gauge({ name, help, labelNames, registers: [this.registry] });
  }
}
