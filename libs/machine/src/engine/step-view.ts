import type { Step, StepLog } from '../core/step';
import type { Claim } from '../core/machine-store';

export const MAX_DELAY_MS = 10 * 365 * 24 * 3600 * 1000;

/** What all actions of one step share. */
export interface StepScope {
  readonly claim: Claim;
  readonly signal: () => AbortSignal;
  readonly log: StepLog;
  /** Set by `step.delay`, ms. */
  delayMs: number;
}

/** The `step` handed to one action. Keys and signal are made when asked for: most actions ask for neither. */
export class StepView implements Step {
  constructor(
    private readonly scope: StepScope,
    readonly event: { readonly name: string },
    readonly from: string,
    readonly to: string,
    readonly maxRetries: number,
    private readonly action: string,
  ) {}

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
  /** K5: the action is named, not counted: inserting another one does not change the keys of those behind it. */
  get idempotencyKey(): string {
    const { correlationId, runId, steps } = this.scope.claim;
    return `${correlationId}/${runId}/${steps}/${this.to}/${this.action}`;
  }
  get fencedKey(): string {
    return `${this.idempotencyKey}/${this.fence}`;
  }
  get signal(): AbortSignal {
    return this.scope.signal();
  }
  get log(): StepLog {
    return this.scope.log;
  }

  delay(ms: number): void {
    if (!Number.isFinite(ms) || ms < 0 || ms > MAX_DELAY_MS) {
      throw new RangeError(`step.delay: ms is ${ms}; give a number from 0 to ${MAX_DELAY_MS} (10 years)`);
    }
    this.scope.delayMs = Math.round(ms);
  }
}
