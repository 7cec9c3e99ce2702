import type { Step, StepLog } from '../core/step';
import type { Claim } from '../core/machine-store';

export const MAX_DELAY_MS = 10 * 365 * 24 * 3600 * 1000;

/** What all actions of one step share. */
export interface StepScope {
  readonly claim: Claim;
  readonly signal: () => AbortSignal;
  readonly log: () => StepLog;
  /** Set by `step.delay`, ms. */
  delayMs: number;
  /** How often each action has run in this step, by state and name. */
  readonly runs: Map<string, number>;
}

/** The `step` handed to one action. Keys and signal are made when asked for: most actions ask for neither. */
export class StepView implements Step {
  /** Runs of the same action in the same step before this one. */
  private readonly run: number;

  constructor(
    private readonly scope: StepScope,
    readonly event: { readonly name: string },
    readonly from: string,
    readonly to: string,
    readonly maxRetries: number,
    private readonly action: string,
  ) {
    const name = `${to}/${action}`;
    this.run = scope.runs.get(name) ?? 0;
    scope.runs.set(name, this.run + 1);
  }

  get correlationId(): string {
    return this.scope.claim.correlationId;
  }
  get machine(): string {
    return this.scope.claim.machine;
  }
  get version(): number {
    return this.scope.claim.version;
  }
  get runId(): string {
    return this.scope.claim.runId;
  }
  get steps(): number {
    return this.scope.claim.steps;
  }
  get retries(): number {
    return this.scope.claim.retries;
  }
  get fence(): number {
    return this.scope.claim.fence;
  }
  /**
   * K5: the action is named, not counted: inserting another one does not change the keys of those behind it. Only where `local`
   * transitions bring the same action round again in one step, a number tells the runs apart.
   */
  get idempotencyKey(): string {
    const { correlationId, runId, steps } = this.scope.claim;
    const key = `${correlationId}/${runId}/${steps}/${this.to}/${this.action}`;
    return this.run === 0 ? key : `${key}/${this.run}`;
  }
  get fencedKey(): string {
    return `${this.idempotencyKey}/${this.fence}`;
  }
  get signal(): AbortSignal {
    return this.scope.signal();
  }
  get log(): StepLog {
    return this.scope.log();
  }

  delay(ms: number): void {
    if (!Number.isFinite(ms) || ms < 0 || ms > MAX_DELAY_MS) {
      throw new RangeError(`step.delay: ms is ${ms}; give a number from 0 to ${MAX_DELAY_MS} (10 years)`);
    }
    this.scope.delayMs = Math.round(ms);
  }
}
