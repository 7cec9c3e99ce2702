import { DelayedError, Worker, type Job as BullJob } from 'bullmq';
import type { RedisConnection } from '../redis/connect';
import type { Dispatcher, JobTimes } from '../engine/dispatcher';
import type { EngineLog } from '../engine/options';
import type { Job } from '../core/model';
import type { Keyspace } from '../redis/keyspace';
import { PROBE_JOB } from './bull-workers';

export interface ConsumerOptions {
  readonly queues: readonly string[];
  readonly partitions: readonly number[];
  /** Machines run at the same time by this worker, per queue and partition. */
  readonly concurrency: number;
  /** Time of a lease, ms. */
  readonly leaseTtlMs: number;
  readonly monotonic: () => number;
}

/** BullMQ's own lock of a job, ms: its default with the default lease, less with shorter ones. */
const MAX_LOCK_MS = 30_000;
const MIN_LOCK_MS = 2000;

/**
 * Takes jobs from BullMQ, one BullMQ worker per queue and partition, and gives them to the dispatcher. Each has hands of its own, so that a
 * partition or a queue with a backlog takes none from the others.
 */
export class BullConsumer {
  private readonly workers: Worker[] = [];
  private lastJobAt?: number;

  constructor(
    private readonly redis: RedisConnection,
    private readonly keys: Keyspace,
    private readonly dispatcher: Dispatcher,
    private readonly log: EngineLog,
    private readonly options: ConsumerOptions,
  ) {}

  async start(): Promise<void> {
    for (const queue of this.options.queues) {
      for (const partition of this.options.partitions) this.workers.push(this.consume(queue, partition));
    }
    await Promise.all(this.workers.map((worker) => worker.waitUntilReady()));
  }

  get consuming(): boolean {
    return this.redis.status === 'ready' && this.workers.every((worker) => worker.isRunning() && !worker.isPaused());
  }

  /** How long ago a job was taken, ms. */
  get lastJobMs(): number | null {
    return this.lastJobAt === undefined ? null : this.options.monotonic() - this.lastJobAt;
  }

  /** Takes no more jobs, and waits for those in hand. */
  async stop(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.close()));
  }

  private consume(queue: string, partition: number): Worker {
    const lockMs = Math.min(MAX_LOCK_MS, Math.max(MIN_LOCK_MS, 2 * this.options.leaseTtlMs));
    const worker = new Worker(queue, (job, token) => this.process(job, token), {
      connection: this.redis,
      prefix: this.keys.queuePrefix(partition),
      concurrency: this.options.concurrency,
      // Poison is counted by the record, and a lost job re-made by the watchdog: BullMQ must never fail one for stalling.
      maxStalledCount: Number.MAX_SAFE_INTEGER,
      // When a worker has died the watchdog drives its machines on under new jobs; these only clear the old ones away.
      lockDuration: lockMs,
      stalledInterval: lockMs,
    });
    worker.on('error', (error) => this.log.warn(`queue ${queue}: ${error.message}`));
    return worker;
  }

  private async process(job: BullJob, token: string | undefined): Promise<void> {
    this.lastJobAt = this.options.monotonic();
    if (job.name === PROBE_JOB) return;
    const hint = readHint(job.data);
    if (!hint) {
      this.log.warn(`job ${job.id ?? ''} is none of ours: dropped`);
      return;
    }
    const times = this.timesOf(job);
    const disposition = await this.dispatcher.handle(hint, Math.max(0, job.attemptsStarted - 1), times);
    if (disposition.kind === 'done') return;
    // Whoever takes it next knows how long it has been waited for. Lost with a worker that dies here, as all figures are.
    if (disposition.held && times.heldAt === undefined) await job.updateData({ ...hint, heldAt: Date.now() });
    await job.moveToDelayed(Date.now() + disposition.delayMs, token);
    throw new DelayedError();
  }

  /** What BullMQ and other workers have written are their wall clocks' times: as exact as these agree. */
  private timesOf({ timestamp, opts, data }: BullJob): JobTimes {
    const { heldAt } = data as { readonly heldAt?: unknown };
    const here = (wallMs: number): number => this.options.monotonic() - Math.max(0, Date.now() - wallMs);
    return { dueAt: here(timestamp + (opts.delay ?? 0)), ...(typeof heldAt === 'number' ? { heldAt: here(heldAt) } : {}) };
  }
}

/** A job may be handmade: nothing of it is believed but its form. */
function readHint(data: unknown): Job | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const { correlationId, steps, rev, retries, drive, machine, version, queue } = data as Record<string, unknown>;
  const whole = [steps, retries, version].every((value) => Number.isSafeInteger(value) && (value as number) >= 0);
  if (typeof correlationId !== 'string' || correlationId === '' || typeof machine !== 'string' || !whole) return undefined;
  return {
    correlationId,
    steps: steps as number,
    rev: Number.isSafeInteger(rev) ? (rev as number) : 0,
    retries: retries as number,
    drive: typeof drive === 'number' ? drive : 0,
    machine,
    version: version as number,
    queue: typeof queue === 'string' ? queue : '',
  };
}
