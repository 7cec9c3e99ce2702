import { LeaseKeeper, LeaseLostError } from '@stile/lease';
import type { BoundDefinition } from '../core/bound-definition';
import { CancelledError, DeadlineError, StoreUnavailableError } from '../core/errors';
import { holdsOn } from '../core/hold-name';
import type { Change, Claim, CommitResult, Effects, Next, Trace } from '../core/ports';
import { lacksKey, type SealedError } from '../core/sealed-error';
import { findTransition } from '../core/transition';
import { AttemptScope } from './attempt-scope';
import { ClaimSignal } from './claim-signal';
import { withinChildren } from './child-limit';
import type { Count } from '../core/counts';
import type { DueJob, HistoryItem, StepError } from '../core/model';
import type { EngineParts } from './engine-parts';
import { describeError, judge } from './failure';
import { parseContext } from './parse-context';
import { historyItem, nextOf, restIn } from './plan';
import { runStep, type StepOutcome } from './run-step';
import { StepWatch } from './step-watch';
import { traceOf } from './trace';

/** Below the two seconds after which the watch drives a queued machine. */
const STORE_AWAY_MAX_MS = 1500;

/** `undefined` ends the claim with nothing to queue; a job ends it and is queued; a claim goes on. */
type After = { readonly job?: DueJob } | { readonly claim: Claim };

/**
 * One claim from its grant to its end: step after step while the budget lasts, each committed and fenced on its own.
 *
 * Whatever happens to this process between two awaits, the record says what is next and the watch has the machine: dying
 * costs a lease's time, being paused costs the commit, which the fence refuses.
 */
export class ClaimRun {
  private readonly keeper: LeaseKeeper;
  private readonly signal: ClaimSignal;
  private readonly startedAt: number;
  private stepsRun = 0;
  private abandoned = false;
  private handedBack?: Promise<DueJob | undefined>;
  /** The word on the step is on its way: whoever abandons the claim now leaves its end to the answer. */
  private speaking = false;
  private ended = false;
  private leave!: (job: DueJob | undefined) => void;
  private readonly watch: StepWatch;

  /** @param dueAt monotonic ms at which the job was due; none where that is not known */
  constructor(
    private readonly parts: EngineParts,
    private readonly bound: BoundDefinition,
    private claim: Claim,
    private readonly stopping: () => boolean,
    private readonly dueAt?: number,
  ) {
    const { clock, options, steps } = parts;
    this.startedAt = clock.monotonic();
    this.keeper = new LeaseKeeper({
      ttlMs: options.leaseTtlMs,
      sentAt: claim.sentAt,
      fence: claim.fence,
      clock,
      renew: () => steps.renew(this.claim),
      onLost: () => this.onLost(),
    });
    this.signal = new ClaimSignal(this.keeper);
    this.watch = new StepWatch(parts, claim);
  }

  /** The claim in hand, and for how long steps have been run under it, ms. */
  get current(): { readonly claim: Claim; readonly runningMs: number } {
    return { claim: this.claim, runningMs: this.parts.clock.monotonic() - this.startedAt };
  }

  /** The machine must not go on: its action is told, and what it comes to is not committed. */
  interrupt(why: 'cancel' | 'gone'): void {
    if (this.ended || this.speaking) return;
    if (why === 'cancel') this.signal.abort(new CancelledError('the machine is being cancelled'));
    else this.keeper.abort(new LeaseLostError('the machine was cancelled, or is run by another worker'));
  }

  /** Runs to the claim's end. Gives the job to queue, if the machine waits for one. */
  finish(): Promise<DueJob | undefined> {
    return new Promise((resolve, reject) => {
      this.leave = resolve;
      this.loop().then(resolve, reject);
    }).finally(() => {
      this.ended = true;
      this.watch.end(this.keeper.lost ? 'lost' : 'unknown');
      this.keeper.stop();
    }) as Promise<DueJob | undefined>;
  }

  /** Leaves an action that does not end: its signal is aborted, the claim handed back; what it does later is refused. */
  async abandon(reason: string): Promise<void> {
    if (this.abandoned || this.ended) return;
    this.abandoned = true;
    this.parts.log.warn(`machine ${this.claim.correlationId} is handed over in step ${this.claim.steps}: ${reason}`);
    this.keeper.abort(new LeaseLostError(reason));
    if (!this.speaking) this.leave(await this.handBack());
  }

  private async loop(): Promise<DueJob | undefined> {
    for (;;) {
      const after = await this.step();
      this.watch.end(this.keeper.lost ? 'lost' : 'released'); // unless it has ended in a word
      if (!('claim' in after)) return after.job;
      this.claim = after.claim;
      this.speaking = false;
      this.keeper.extend(this.claim.fence, this.claim.sentAt);
      this.stepsRun++;
    }
  }

  private async step(): Promise<After> {
    const { clock, options } = this.parts;
    const { claim } = this;
    this.watch.begin(claim);
    // Granted by an answer that was so long on its way that nothing can be relied on: no action is begun.
    if (this.stepsRun === 0 && this.keeper.lost) return { job: await this.handBack() };
    if (claim.unreadable) return this.unreadable(claim.unreadable);
    if (claim.claims > options.crashLimit) return this.crashed();
    const context = parseContext(claim.context);
    if (!context || claim.state === '' || claim.event === '' || claim.runId === '') {
      return this.garbage(context ? 'state, event or run is missing' : 'the context is not a JSON object');
    }
    if (isLate(claim)) return this.fail('failed', claim.state, describeError(new DeadlineError()), 0, 0);
    const hold = this.parts.holds.any ? this.heldBy() : undefined;
    if (hold !== undefined) return { job: await this.handBack(hold) };
    const began = clock.monotonic();
    if (this.stepsRun === 0 && this.dueAt !== undefined) this.watch.started(began - this.dueAt);
    const scope = new AttemptScope(claim, this.parts, () => this.signal.get());
    const ran = await (this.watch.traceparent === undefined
      ? runStep(this.bound, scope, context, clock)
      : this.watch.within(() => runStep(this.bound, scope, context, clock)));
    const outcome = scope.taken ? await withinChildren(ran, claim, scope.taken, this.parts.outbox, options.limits.children) : ran;
    const durationMs = clock.monotonic() - began;
    if (this.abandoned) return { job: await this.handBack() };
    return outcome.kind === 'done' ? this.commit(outcome, scope.taken, durationMs) : this.threw(outcome, durationMs);
  }

  private heldBy(): string | undefined {
    const { machine, version, state, event } = this.claim;
    const target = findTransition(this.bound.definition, state, event)?.target ?? state;
    return this.parts.holds.first(holdsOn(machine, version, target));
  }

  private commit(outcome: StepOutcome & { kind: 'done' }, effects: Effects | undefined, durationMs: number): Promise<After> {
    const { state, event, ledBy, context, delayMs, stayed } = outcome;
    const next = nextOf(outcome, () => this.immediate());
    return this.apply({
      next,
      state: state.name,
      event: event ?? ledBy,
      context,
      delayMs,
      item: historyItem(this.claim, 'committed', state.name, { durationMs, worker: this.parts.worker, error: null }),
      trace: this.traceOf(context),
      retentionMs: this.retentionMs,
      rest: next === 'waiting' ? restIn(state, stayed, this.immediate() === 'continue') : undefined,
      effects: effects && { ...effects, traceparent: this.watch.traceparent },
    });
  }

  private async threw(outcome: StepOutcome & { kind: 'threw' }, durationMs: number): Promise<After> {
    const { claim } = this;
    // Never `fail` (K2): no retry is spent. Nor is the claim handed back: losing the lease over and over counts as dying (C4).
    if (this.keeper.lost) return {};
    if (outcome.error instanceof StoreUnavailableError && outcome.error.passes) return this.storeAway(outcome.error);
    const verdict = judge(outcome.error, outcome.at, claim, this.parts.random, this.bound.definition);
    const error = describeError(outcome.error);
    const to = outcome.at?.name ?? claim.state;
    if (!this.signal.aborted) this.count('error', to);
    if (verdict.kind === 'exhausted' && !this.signal.aborted) {
      // The last failure becomes an ordinary transition: the state is taken with the stored context (K6).
      this.parts.log.warn(`${this.place(to)} is exhausted, event "${verdict.event}" follows: ${this.told(error)}`);
      const item = historyItem(claim, 'committed', to, { durationMs, worker: this.parts.worker, error });
      const { event } = verdict;
      const { retentionMs } = this;
      const stays = { state: to, context: claim.context, trace: this.traceOf() };
      return this.apply({ next: this.immediate(), event, ...stays, delayMs: 0, item, retentionMs });
    }
    if (verdict.kind === 'retry' || this.signal.aborted) {
      const delayMs = verdict.kind === 'retry' ? verdict.delayMs : 0;
      if (!this.signal.aborted) {
        this.parts.log.warn(`${this.place(to)} failed, again in ${delayMs} ms: ${this.told(error)}`);
      }
      return this.fail('retry', to, error, durationMs, delayMs);
    }
    return this.fail('failed', to, error, durationMs, 0);
  }

  /**
   * Stile's own store gave the action no answer: an outage spends no retry. Handed back, and not again at once, as it may last; where the
   * store does not take even that, the lease ends by itself.
   */
  private async storeAway({ message }: StoreUnavailableError): Promise<After> {
    this.parts.log.warn(`${this.place(this.claim.state)}: ${message}; the step is made again, no retry is spent`);
    const job = await this.handBack();
    return { job: job && { ...job, delayMs: Math.round(this.parts.random() * STORE_AWAY_MAX_MS) } };
  }

  /** Who lacks the key leaves the machine to others: no retry is spent. What nobody can read is set aside. */
  private async unreadable(error: SealedError): Promise<After> {
    if (!lacksKey(error)) return this.garbage(error.message);
    this.parts.log.warn(`machine ${this.claim.correlationId} is left to other workers: ${error.message}`);
    this.count('dispatch', this.claim.state);
    const job = await this.handBack();
    return { job: job && { ...job, delayMs: Math.round(this.parts.random() * STORE_AWAY_MAX_MS) } };
  }

  /** Always tried, even when the lease seems lost: the fence decides, and it knows better than this worker's clock. */
  private async apply(change: Change): Promise<After> {
    const saidAt = this.speak();
    const result = await this.parts.steps.commit(this.claim, change);
    this.watch.answered(this.parts.clock.monotonic() - saidAt);
    if (result.outcome !== 'committed') return this.ending(result, change.item);
    this.watch.committed(change.item, change.rest?.stayed ?? false);
    this.count('committed', change.state);
    if (result.next === 'completed' || result.next === 'cancelled') this.count(result.next, change.state);
    const ended = result.next === 'completed' || result.next === 'cancelled';
    if (change.effects || (ended && this.claim.more)) this.parts.outbox.poke(this.claim.correlationId);
    return result.next === 'continue' ? { claim: result.claim } : { job: result.job };
  }

  private async fail(
    next: 'retry' | 'failed',
    to: string,
    error: StepError,
    durationMs: number,
    delayMs: number,
  ): Promise<After> {
    if (next === 'failed') {
      this.parts.log.error(`${this.place(to)} failed for good: ${this.told(error)}`);
    }
    const item = historyItem(this.claim, 'failed', to, { durationMs, worker: this.parts.worker, error });
    const { traceparent } = this.watch;
    const failure = { next, error, item, trace: this.traceOf(), delayMs, retentionMs: this.retentionMs, traceparent };
    const saidAt = this.speak();
    const result = await this.parts.steps.fail(this.claim, failure);
    this.watch.answered(this.parts.clock.monotonic() - saidAt);
    if (result.outcome !== 'failed') return this.ending(result, item);
    this.watch.end(next, item);
    this.count(next === 'retry' ? 'retry' : 'fatal', to);
    if (next === 'failed' && this.claim.more) this.parts.outbox.poke(this.claim.correlationId);
    return { job: result.job };
  }

  /** The step came to nothing: the machine was cancelled meanwhile, or another one has gone on, or may have. */
  private async ending(result: Exclude<CommitResult, { outcome: 'committed' }>, item: HistoryItem): Promise<After> {
    const { claim } = this;
    if (result.outcome === 'garbage') return this.garbage(result.reason);
    if (result.outcome === 'cancelled') {
      this.watch.end('cancelled', item);
      if (!result.job) this.count('cancelled', claim.state);
      this.parts.outbox.poke(claim.correlationId);
      return { job: result.job };
    }
    this.count('stale', claim.state);
    this.watch.end(result.outcome === 'moved' ? 'moved' : 'refused', item);
    if (result.outcome === 'moved') {
      this.parts.log.warn(
        `${this.place(claim.state)}: the store has failed over or was restarted since the claim, it is made again`,
      );
      return { job: result.job };
    }
    this.parts.log.warn(`${this.place(claim.state)}: the write under fence ${claim.fence} was refused: another one has gone on`);
    return {};
  }

  /** Once, whoever asks first: the action that has ended by its signal, or the one who aborted it. */
  private handBack(hold?: string): Promise<DueJob | undefined> {
    this.handedBack ??= this.parts.steps.release(this.claim, hold).catch(() => undefined);
    return this.handedBack;
  }

  /** Commit and fail may take the token that a renewal would ask for: none is sent meanwhile. @returns when, monotonic ms */
  private speak(): number {
    this.speaking = true;
    this.keeper.pause();
    return this.parts.clock.monotonic();
  }

  private async garbage(reason: string): Promise<After> {
    this.parts.log.error(`machine ${this.claim.correlationId} is quarantined: ${reason}`);
    this.count('quarantined', '');
    this.watch.end('quarantined');
    await this.parts.watch.quarantine(this.claim.correlationId, reason, this.claim);
    return {};
  }

  /** C4: so many claims have ended without a word that running it once more would only kill another worker. */
  private crashed(): Promise<After> {
    const attempts = this.claim.claims - 1;
    this.count('crashed', this.claim.state);
    const message = `${attempts} workers in a row have died or lost their lease in this step; it is not tried again`;
    return this.fail('failed', this.claim.state, { code: 'CRASHED', message }, 0, 0);
  }

  private onLost(): void {
    const { clock, options } = this.parts;
    this.parts.log.warn(`${this.place(this.claim.state)}: the lease was lost, the signal is aborted`);
    clock.after(options.leaseTtlMs, () => this.giveUp());
  }

  /** Its action goes on long after the lease was lost: the job is let go, the watch has the machine, the fence its late commit. */
  private giveUp(): void {
    if (this.abandoned || this.ended || this.speaking) return;
    this.parts.log.warn(`${this.place(this.claim.state)}: its action goes on long after the lease was lost, it is left alone`);
    this.leave(undefined);
  }

  private immediate(): Next {
    const { clock, options } = this.parts;
    const within = this.stepsRun + 1 < options.stickySteps && clock.monotonic() - this.startedAt < options.stickyMs;
    return within && !this.stopping() && !this.keeper.lost ? 'continue' : 'queued';
  }

  private get retentionMs(): number {
    return this.bound.definition.retentionMs ?? this.parts.options.retentionMs;
  }

  /** @param left the context that the step has changed to, where it may have */
  private traceOf(left?: string): Trace | undefined {
    return traceOf(this.claim, left, this.parts.options.historyContexts);
  }

  private place(to: string): string {
    const { correlationId, machine, state, event, steps, retries } = this.claim;
    return `machine ${correlationId} (${machine}: ${state} --${event}--> ${to}, step ${steps}, retry ${retries})`;
  }

  /** What an error says may hold user data; history keeps it in any case. */
  private told({ code, message }: StepError): string {
    return this.parts.logs.data ? `${code}: ${message}` : code;
  }

  private count(count: Count, state: string): void {
    this.parts.counters.add(count, { machine: this.claim.machine, state, event: this.claim.event });
  }
}

/** Past a deadline that fails the machine; one that sends an event is the store's affair. */
function isLate({ deadlineAt, lateEvent, now }: Claim): boolean {
  return deadlineAt !== undefined && lateEvent === undefined && now >= deadlineAt;
}
