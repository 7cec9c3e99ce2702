import type { BoundDefinition } from '../core/bound-definition';
import type { Claim, ClaimResult } from '../core/machine-store';
import type { Counters, DueJob, Job } from '../core/ports';
import { ClaimRun } from './claim-run';
import type { EngineParts } from './engine-parts';

/** What the queue shall do with the job: forget it, or bring it again in so many ms under the same id. */
export type Disposition = { readonly kind: 'done' } | { readonly kind: 'later'; readonly delayMs: number };

const DONE: Disposition = { kind: 'done' };
const MISSING_HANDLER_MAX_MS = 30_000;
const UNAVAILABLE_MAX_MS = 10_000;
/** Names come from jobs, which may be handmade. */
const TOLD_LIMIT = 100;

/**
 * Takes a job, claims its machine, and runs its steps until it rests. The record is the truth, the job a hint: whatever the
 * queue delivers twice, late or out of order is told by (steps, retries) and dropped.
 */
export class Dispatcher {
  private readonly running = new Set<ClaimRun>();
  private readonly told = new Set<string>();
  private nonces = 0;
  private stopping = false;

  constructor(private readonly parts: EngineParts) {}

  /** Number of machines being run. */
  get active(): number {
    return this.running.size;
  }

  /**
   * @param pickups how often this job has been delivered before; spreads its next delivery
   * @throws when the record's Redis cannot answer; the watchdog then makes the job anew
   */
  async handle(job: Job, pickups: number): Promise<Disposition> {
    const { definitions, steps } = this.parts;
    const bound = definitions.find(job.machine, job.version);
    if (!bound || this.stopping) {
      // C5: before anything is acquired. Another worker may have it.
      if (!bound) this.missing(job);
      return this.later(bound ? 100 : 500, pickups, MISSING_HANDLER_MAX_MS);
    }
    const nonce = `${this.parts.incarnation}.${++this.nonces}`;
    const result = await steps.claim(job, nonce);
    return result.outcome === 'claimed' ? this.run(bound, result.claim) : this.refused(job, result, pickups);
  }

  private async run(bound: BoundDefinition, claim: Claim): Promise<Disposition> {
    const run = new ClaimRun(this.parts, bound, claim, () => this.stopping);
    this.running.add(run);
    try {
      const job = await run.finish();
      if (job) await this.parts.queue.add([job]);
      return DONE;
    } finally {
      this.running.delete(run);
    }
  }

  private async refused(job: Job, result: Exclude<ClaimResult, { outcome: 'claimed' }>, pickups: number): Promise<Disposition> {
    const { log, watch } = this.parts;
    switch (result.outcome) {
      case 'held': {
        // C3: full jitter, no longer than the lease has left. No retry is spent.
        this.count('contended', job);
        const cap = Math.min(result.leftMs, 100 * 2 ** Math.min(pickups, 10));
        return { kind: 'later', delayMs: Math.max(5, Math.round(this.parts.random() * cap)) };
      }
      case 'early':
        return { kind: 'later', delayMs: Math.max(1, result.delayMs) };
      case 'stale':
        return this.later(50, pickups, 1000);
      case 'duplicate':
        this.count('duplicate', job);
        await this.redrive(result.redrive);
        return DONE;
      case 'future':
        log.error(
          `job ${describe(job)} is ahead of its record${result.redrive ? ` (${describe(result.redrive)})` : ''}: ` +
            'the store has gone back in time (failover, restore?); the job is dropped, the record is driven',
        );
        this.count('future', job);
        await this.redrive(result.redrive);
        return DONE;
      case 'missing':
        log.warn(`job ${describe(job)} names a machine that does not exist: dropped`);
        this.count('unknown', job);
        return DONE;
      case 'garbage':
        log.error(`machine ${job.correlationId} is quarantined: ${result.reason}`);
        if (await watch.quarantine(job.correlationId, result.reason)) this.count('quarantined', job);
        return DONE;
      case 'unavailable':
        log.warn(`no lease store can answer for ${job.correlationId}: ${result.cause.message}`); // the store has counted it
        return this.later(250, pickups, UNAVAILABLE_MAX_MS);
    }
  }

  /** Counted each time, told once: a worker that was forgotten in a deployment must be seen. */
  private missing(job: Job): void {
    this.count('dispatch', job);
    const name = `${job.machine}@${job.version}`;
    if (this.told.has(name) || this.told.size === TOLD_LIMIT) return;
    this.told.add(name);
    this.parts.log.warn(`this worker does not have ${name}: its jobs are left to others, and wait where there are none`);
  }

  /** From now on no step is begun: running claims commit the step in hand and hand over. */
  beginStop(): void {
    this.stopping = true;
  }

  /** Ends what has not ended by itself: signals are aborted, machines handed over with no retry spent. */
  async handOver(): Promise<void> {
    this.stopping = true;
    await Promise.all([...this.running].map((run) => run.abandon('the worker is shutting down')));
  }

  private redrive(job: DueJob | undefined): Promise<void> {
    return job ? this.parts.queue.add([job]) : Promise.resolve();
  }

  private later(baseMs: number, pickups: number, capMs: number): Disposition {
    const span = Math.min(capMs, baseMs * 2 ** Math.min(pickups, 16));
    return { kind: 'later', delayMs: Math.round(span * (0.5 + this.parts.random() / 2)) };
  }

  /** A job may be handmade: only names that this worker knows become labels. */
  private count(count: Parameters<Counters['add']>[0], job: Job): void {
    const machine = this.parts.definitions.find(job.machine, job.version) ? job.machine : '';
    this.parts.counters.add(count, { machine, state: '', event: '' });
  }
}

function describe(job: Job): string {
  return `${job.correlationId} (steps ${job.steps}, retries ${job.retries})`;
}
