import type { ChildOptions, ChildResult, GroupOptions } from '../core/children';
import type { CallbackOptions } from '../core/events';
import type { Claim } from '../core/ports';
import type { Context, Json, Step, StepEvent, StepLog } from '../core/step';
import type { StepEffects } from './step-effects';
import type { StepNotes } from './step-notes';

export const MAX_DELAY_MS = 10 * 365 * 24 * 3600 * 1000;

/** What all actions of one attempt share. */
export interface StepScope {
  readonly claim: Claim;
  readonly signal: () => AbortSignal;
  readonly log: () => StepLog;
  readonly effects: StepEffects;
  readonly notes: StepNotes;
  /** Largest context that the step may leave, bytes of JSON. @default 262144 */
  readonly contextBytes?: number;
  readonly results: (group: string) => Promise<readonly ChildResult[]>;
  /** Set by `step.delay`, ms. */
  delayMs: number;
  /** How often each action has run in this step, by state and name. */
  readonly runs: Map<string, number>;
}

/** Where in the step an action runs. */
export interface ActionPlace {
  readonly event: StepEvent;
  readonly from: string;
  readonly to: string;
  readonly maxRetries: number;
  readonly action: string;
  /** Of the state's time, or of the step. */
  readonly signal: () => AbortSignal;
}

/** The `step` handed to one action. Keys and signal are made when asked for: most actions ask for neither. */
export class StepView implements Step {
  /** Runs of the same action in the same step before this one. */
  private readonly run: number;

  constructor(
    private readonly scope: StepScope,
    private readonly place: ActionPlace,
  ) {
    const name = `${place.to}/${place.action}`;
    this.run = scope.runs.get(name) ?? 0;
    scope.runs.set(name, this.run + 1);
  }

  get event(): StepEvent {
    return this.place.event;
  }
  get from(): string {
    return this.place.from;
  }
  get to(): string {
    return this.place.to;
  }
  get maxRetries(): number {
    return this.place.maxRetries;
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
    return `${correlationId}/${runId}/${steps}/${this.nameInStep}`;
  }
  get fencedKey(): string {
    return `${this.idempotencyKey}/${this.fence}`;
  }
  get signal(): AbortSignal {
    return this.place.signal();
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
  once<T>(key: string, fn: () => T | Promise<T>): Promise<T> {
    return this.scope.notes.once(this.nameInStep, key, fn);
  }
  heartbeat(details?: Json): Promise<void> {
    return this.scope.notes.heartbeat(details);
  }
  lastHeartbeat(): Promise<Json | undefined> {
    return this.scope.notes.lastHeartbeat();
  }
  send(correlationId: string, event: string, data?: Json): void {
    this.scope.effects.send(correlationId, event, data);
  }
  start(machine: string, context: Context = {}, options: ChildOptions = {}): string {
    return this.scope.effects.start(machine, context, options);
  }
  startAll(machine: string, contexts: readonly Context[], options: GroupOptions): string {
    return this.scope.effects.startAll(machine, contexts, options);
  }
  results(group: string): Promise<readonly ChildResult[]> {
    return this.scope.results(group);
  }
  callback(options: CallbackOptions = {}): Promise<string> {
    return this.scope.notes.callback(this.idempotencyKey, options);
  }

  private get nameInStep(): string {
    const name = `${this.place.to}/${this.place.action}`;
    return this.run === 0 ? name : `${name}/${this.run}`;
  }
}
