import type { BoundDefinition } from '../core/bound-definition';
import type { Claim, ClaimResult } from '../core/ports';
import type { Counters } from '../core/counts';
import type { DueJob, Job } from '../core/model';
import type { SealedError } from '../core/sealed-error';
import type { MachineTimings } from '../core/timings';
import { ClaimRun } from './claim-run';
import type { EngineParts } from './engine-parts';
import { LastChance } from './last-chance';

/** What the queue shall do with the job: forget it, or bring it again in so many ms under the same id. */
export type Disposition =
  | { readonly kind: 'done' }
  /** `held`: another worker has the machine. */
  | { readonly kind: 'later'; readonly delayMs: number; readonly held?: true };

/** When a job could have been run, monotonic ms of this process, as far as the clocks of those who queued it can tell. */
export interface JobTimes {
  readonly dueAt: number;
  /** When a worker first found that another one had the machine; none where that never happened. */
  readonly heldAt?: number;
}

const DONE: Disposition = { kind: 'done' };
const MISSING_HANDLER_MAX_MS = 30_000;
/**
 * In the middle of a rolling update every other worker lacks the new version: a job meets eight of them in a row once in 256 times, so until
 * then it comes again soon. At its beginning nine of ten may lack it: as long as somebody has it, it comes again within a second. What nobody
 * has grows to the maximum.
 */
const MISSING_HANDLER_MS = 20;
const EVEN_PICKUPS = 8;
const ELSEWHERE_MAX_MS = 1000;
const UNAVAILABLE_MAX_MS = 10_000;
/** A machine that waits for a slot is woken when it has one; by itself it only sees whether that was lost. */
const IN_LINE_MS = 60_000;
/** Steps that have been running for so long are looked after, ms. */
const LONG_MS = 200;
/** Names come from jobs, which may be handmade. */
const TOLD_LIMIT = 100;

/**
 * Takes a job, claims its machine, and runs its steps until it rests. The record is the truth, the job a hint: whatever the
 * queue delivers twice, late or out of order is told by (steps, retries) and dropped.
 */
export class Dispatcher {
  private readonly running = new Set<ClaimRun>();
  private readonly told = new Set<string>();
  private readonly lastChance: LastChance;
  /** Jobs from before their claim until nothing of them is left to do. */
  private inHand = 0;
  private nonces = 0;
  private stopping = false;

  constructor(private readonly parts: EngineParts) {
    this.lastChance = new LastChance(parts.clock, parts.options.leaseTtlMs);
  }

  /** Number of machines being run. */
  get active(): number {
    return this.running.size;
  }

  /**
   * @param pickups how often this job has been delivered before; spreads its next delivery
   * @param times none where nobody knows
   * @throws when the record's Redis cannot answer; the watchdog then makes the job anew
   */
  async handle(job: Job, pickups: number, times?: JobTimes): Promise<Disposition> {
    const { definitions } = this.parts;
    const bound = definitions.find(job.machine, job.version);
    // C5: before anything is acquired. Another worker may have it.
    if (!bound) return this.leave(job, pickups);
    if (this.stopping) return this.later(100, pickups, MISSING_HANDLER_MAX_MS);
    while (this.lastChance.alone) await this.lastChance.alone; // from the last look to the count nothing can come between
    if (this.stopping) return this.later(500, pickups, MISSING_HANDLER_MAX_MS);
    if (times && pickups === 0) this.timings(job).note('queue', this.parts.clock.monotonic() - times.dueAt);
    this.inHand++;
    try {
      return await this.inTurn(bound, job, pickups, times);
    } finally {
      this.inHand--;
    }
  }

  /**
   * Where limits concern the machine it gets its slots before its claim. Dying with them: they end by themselves, later than the lease. One
   * that finds none stands in line, its job delayed: as with a lease that is held, no retry is spent.
   */
  private async inTurn(bound: BoundDefinition, job: Job, pickups: number, times?: JobTimes): Promise<Disposition> {
    const { slots } = this.parts;
    if (!slots?.concerns(job)) return this.attend(bound, job, pickups, times);
    const turn = await slots.take(job);
    if (turn === 'wait') {
      this.count('limited', job);
      return this.later(IN_LINE_MS, 0, IN_LINE_MS);
    }
    try {
      return await this.attend(bound, job, pickups, times);
    } finally {
      await slots.give(turn);
    }
  }

  private async attend(bound: BoundDefinition, job: Job, pickups: number, times?: JobTimes): Promise<Disposition> {
    const { crashLimit } = this.parts.options;
    // Beside a last claim that has been alone for its time only steps that have not died yet may run.
    const barred = this.lastChance.taken ? Math.min(2, crashLimit) : crashLimit;
    const result = await this.claim(job, barred, times);
    if (result.outcome === 'crowded') return this.runAlone(bound, job, pickups, times);
    return result.outcome === 'claimed' ? this.run(bound, result.claim, times) : this.refused(job, result, pickups);
  }

  /** @param barred of how many claims it may not be; with a limit of 1 all would be last, and none is barred */
  private async claim(job: Job, barred: number, times?: JobTimes): Promise<ClaimResult> {
    const { clock, incarnation, steps } = this.parts;
    const nonce = `${incarnation}.${++this.nonces}`;
    const askedAt = times?.heldAt ?? clock.monotonic();
    const result = await steps.claim(job, nonce, barred > 1 ? barred : 0);
    if (result.outcome === 'claimed') this.timings(job).note('lease', clock.monotonic() - askedAt);
    return result;
  }

  /**
   * C4: it has one claim left. Its job stays in hand until it is the only one; claims that are on their way, or have just been answered and
   * not begun to run, are in hand, too. Dying meanwhile costs a lease's time: the refusal has moved the machine's watch that far, so that no
   * other worker makes room for it, too.
   */
  private async runAlone(bound: BoundDefinition, job: Job, pickups: number, times?: JobTimes): Promise<Disposition> {
    const { lastChance } = this;
    if (lastChance.taken) return this.later(1000, pickups, MISSING_HANDLER_MAX_MS);
    this.parts.log.warn(`machine ${job.correlationId} has died with its worker over and over: its last claim is made alone`);
    return lastChance.take(async () => {
      await lastChance.quiet(() => this.inHand === 1 || this.stopping);
      if (this.stopping) return this.later(500, pickups, MISSING_HANDLER_MAX_MS);
      const result = await this.claim(job, 0, times);
      return result.outcome === 'claimed' ? this.run(bound, result.claim, times) : this.refused(job, result, pickups);
    });
  }

  private async run(bound: BoundDefinition, claim: Claim, times?: JobTimes): Promise<Disposition> {
    const run = new ClaimRun(this.parts, bound, claim, () => this.stopping, times?.dueAt);
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
        return { kind: 'later', delayMs: Math.max(5, Math.round(this.parts.random() * cap)), held: true };
      }
      case 'early':
        return { kind: 'later', delayMs: Math.max(1, result.delayMs) };
      case 'stale':
      case 'crowded':
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
      case 'locked':
        this.locked(job, result.cause);
        return this.later(500, pickups, MISSING_HANDLER_MAX_MS);
      case 'unavailable':
        log.warn(`no lease store can answer for ${job.correlationId}: ${result.cause.message}`); // the store has counted it
        return this.later(250, pickups, UNAVAILABLE_MAX_MS);
    }
  }

  private async leave(job: Job, pickups: number): Promise<Disposition> {
    this.missing(job);
    const beyond = Math.max(0, pickups - EVEN_PICKUPS);
    const long = MISSING_HANDLER_MS * 2 ** beyond > ELSEWHERE_MAX_MS;
    const elsewhere = long && (await this.parts.colleagues?.have(job.machine, job.version));
    return this.later(MISSING_HANDLER_MS, beyond, elsewhere ? ELSEWHERE_MAX_MS : MISSING_HANDLER_MAX_MS);
  }

  /** Counted each time, told once: a worker that was forgotten in a deployment must be seen. */
  private missing(job: Job): void {
    this.count('dispatch', job);
    const name = `${job.machine}@${job.version}`;
    if (this.told.has(name) || this.told.size === TOLD_LIMIT) return;
    this.told.add(name);
    this.parts.log.warn(`this worker does not have ${name}: its jobs are left to others, and wait where there are none`);
  }

  /** Another worker may have the key, or this one with the next start: as with a missing handler, nothing was claimed. */
  private locked(job: Job, { keyId, message }: SealedError): void {
    this.count('dispatch', job);
    const name = `key ${keyId}`;
    if (this.told.has(name) || this.told.size === TOLD_LIMIT) return;
    this.told.add(name);
    this.parts.log.warn(`machine ${job.correlationId} is left to other workers, and all that need this key, too: ${message}`);
  }

  /** From now on no step is begun: running claims commit the step in hand and hand over. */
  beginStop(): void {
    this.stopping = true;
    this.lastChance.letGo();
  }

  /**
   * Looks after steps that take long: whether their machine was cancelled, or is another worker's. Two fields for each, nothing for steps
   * that end at once.
   */
  async lookAtLong(): Promise<void> {
    const long = [...this.running].filter((run) => run.current.runningMs >= LONG_MS);
    if (long.length === 0) return;
    const claims = long.map((run) => run.current.claim);
    const found = await this.parts.steps.lookAt(claims);
    // A claim that has moved on while we asked is another one: what was found is not of it.
    long.forEach((run, i) => {
      const why = found[i];
      if (why && run.current.claim === claims[i]) run.interrupt(why);
    });
  }

  /** Ends what has not ended by itself: signals are aborted, machines handed over with no retry spent. */
  async handOver(): Promise<void> {
    this.beginStop();
    await Promise.all([...this.running].map((run) => run.abandon('the worker is shutting down')));
  }

  private redrive(job: DueJob | undefined): Promise<void> {
    return job ? this.parts.queue.add([job]) : Promise.resolve();
  }

  private later(baseMs: number, pickups: number, capMs: number): Disposition {
    const span = Math.min(capMs, baseMs * 2 ** Math.min(pickups, 16));
    return { kind: 'later', delayMs: Math.round(span * (0.5 + this.parts.random() / 2)) };
  }

  /** Of a job whose definition this worker has. */
  private timings({ machine, version }: Job): MachineTimings {
    return this.parts.timings.of(machine, version);
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
