import { LeaseKeeper, LeaseLostError } from '@stile/lease';
import type { BoundDefinition } from '../core/bound-definition';
import type { Change, Claim, Next } from '../core/machine-store';
import type { Count, DueJob, HistoryItem, StepError } from '../core/ports';
import type { EngineParts } from './engine-parts';
import { describeError, judge } from './failure';
import { parseContext } from './parse-context';
import { runStep, type StepOutcome } from './run-step';
import { stepLog } from './step-log';
import type { StepScope } from './step-view';

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
  private readonly startedAt: number;
  private stepsRun = 0;
  private abandoned = false;
  private handedBack?: Promise<DueJob | undefined>;
  /** The word on the step is on its way: whoever abandons the claim now leaves its end to the answer. */
  private speaking = false;
  private ended = false;
  private leave!: (job: DueJob | undefined) => void;

  constructor(
    private readonly parts: EngineParts,
    private readonly bound: BoundDefinition,
    private claim: Claim,
    private readonly stopping: () => boolean,
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
  }

  /** Runs to the claim's end. Gives the job to queue, if the machine waits for one. */
  finish(): Promise<DueJob | undefined> {
    return new Promise((resolve, reject) => {
      this.leave = resolve;
      this.loop().then(resolve, reject);
    }).finally(() => {
      this.ended = true;
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
    if (claim.claims > options.crashLimit) return this.crashed();
    const context = parseContext(claim.context);
    if (!context || claim.state === '' || claim.event === '' || claim.runId === '') {
      return this.garbage(context ? 'state, event or run is missing' : 'the context is not a JSON object');
    }
    const began = clock.monotonic();
    const scope: StepScope = {
      claim,
      signal: () => this.keeper.signal,
      log: () => stepLog(this.parts.log, claim),
      delayMs: 0,
      runs: new Map(),
    };
    const outcome = await runStep(this.bound, scope, context);
    const durationMs = round(clock.monotonic() - began);
    if (this.abandoned) return { job: await this.handBack() };
    return outcome.kind === 'done' ? this.commit(outcome, durationMs) : this.threw(outcome, durationMs);
  }

  private commit(outcome: StepOutcome & { kind: 'done' }, durationMs: number): Promise<After> {
    const { state, event, ledBy, context, delayMs } = outcome;
    let next: Next = 'waiting';
    if (state.final) next = 'completed';
    else if (event !== undefined) next = delayMs > 0 ? 'delayed' : this.immediate();
    return this.apply(
      {
        next,
        state: state.name,
        event: event ?? ledBy,
        context,
        delayMs,
        item: this.item('committed', state.name, durationMs, null),
        retentionMs: this.retentionMs,
      },
      next === 'completed' ? 'completed' : undefined,
    );
  }

  private async threw(outcome: StepOutcome & { kind: 'threw' }, durationMs: number): Promise<After> {
    const { claim } = this;
    // Never `fail` (K2): no retry is spent. Nor is the claim handed back: losing the lease over and over counts as dying (C4).
    if (this.keeper.lost) return {};
    const verdict = judge(outcome.error, outcome.at, claim, this.parts.random);
    const error = describeError(outcome.error);
    const to = outcome.at?.name ?? claim.state;
    this.count('error', to);
    if (verdict.kind === 'exhausted') {
      // The last failure becomes an ordinary transition: the state is taken with the stored context (K6).
      this.parts.log.warn(`${this.place(to)} is exhausted, event "${verdict.event}" follows: ${error.code}: ${error.message}`);
      const item = this.item('committed', to, durationMs, error);
      const { event } = verdict;
      const { retentionMs } = this;
      return this.apply({ next: this.immediate(), state: to, event, context: claim.context, delayMs: 0, item, retentionMs });
    }
    if (verdict.kind === 'retry') {
      this.parts.log.warn(`${this.place(to)} failed, again in ${verdict.delayMs} ms: ${error.code}: ${error.message}`);
      return this.fail('retry', to, error, durationMs, verdict.delayMs);
    }
    return this.fail('failed', to, error, durationMs, 0);
  }

  /** Always tried, even when the lease seems lost: the fence decides, and it knows better than this worker's clock. */
  private async apply(change: Change, alsoCount?: Count): Promise<After> {
    const { steps } = this.parts;
    this.speak();
    const result = await steps.commit(this.claim, change);
    if (result.outcome !== 'committed') return this.refused(result);
    this.count('committed', change.state);
    if (alsoCount) this.count(alsoCount, change.state);
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
      this.parts.log.error(`${this.place(to)} failed for good: ${error.code}: ${error.message}`);
    }
    const item = this.item('failed', to, durationMs, error);
    this.speak();
    const result = await this.parts.steps.fail(this.claim, { next, error, item, delayMs, retentionMs: this.retentionMs });
    if (result.outcome !== 'failed') return this.refused(result);
    this.count(next === 'retry' ? 'retry' : 'fatal', to);
    return { job: result.job };
  }

  private async refused(result: { outcome: 'stale' | 'missing' | 'garbage'; reason?: string }): Promise<After> {
    const { claim } = this;
    if (result.outcome === 'garbage') return this.garbage(result.reason ?? '');
    this.count('stale', claim.state);
    this.parts.log.warn(`${this.place(claim.state)}: the write under fence ${claim.fence} was refused: another one has gone on`);
    return {};
  }

  /** Once, whoever asks first: the action that has ended by its signal, or the one who aborted it. */
  private handBack(): Promise<DueJob | undefined> {
    this.handedBack ??= this.parts.steps.release(this.claim).catch(() => undefined);
    return this.handedBack;
  }

  /** Commit and fail may take the token that a renewal would ask for: none is sent meanwhile. */
  private speak(): void {
    this.speaking = true;
    this.keeper.pause();
  }

  private async garbage(reason: string): Promise<After> {
    this.parts.log.error(`machine ${this.claim.correlationId} is quarantined: ${reason}`);
    this.count('quarantined', '');
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

  /** One per attempt. The last attempt of an exhausted step is `committed`, and keeps the error it was committed for. */
  private item(outcome: HistoryItem['outcome'], to: string, durationMs: number, error: StepError | null): HistoryItem {
    const { steps, retries, fence, state, event, now } = this.claim;
    const startedAt = new Date(now).toISOString();
    return { steps, retries, fence, from: state, event, to, outcome, error, startedAt, durationMs, worker: this.parts.worker };
  }

  private get retentionMs(): number {
    return this.bound.definition.retentionMs ?? this.parts.options.retentionMs;
  }

  private place(to: string): string {
    const { correlationId, machine, state, event, steps, retries } = this.claim;
    return `machine ${correlationId} (${machine}: ${state} --${event}--> ${to}, step ${steps}, retry ${retries})`;
  }

  private count(count: Count, state: string): void {
    this.parts.counters.add(count, { machine: this.claim.machine, state, event: this.claim.event });
  }
}

function round(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
