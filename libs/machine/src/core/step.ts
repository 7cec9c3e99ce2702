import type { ChildOptions, ChildResult, GroupOptions } from './children';
import type { CallbackOptions } from './events';

/** JSON data, the only thing that a context may hold. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A machine's data: a JSON object, carried from step to step. Actions change it in place; a throw leaves what is stored as it was. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- user data: typed by the user's own annotation, checked at commit
export type Context = Record<string, any>;

export interface StepLog {
  debug(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

/** What an action is told about the step it runs in. */
export interface Step {
  readonly correlationId: string;
  readonly machine: string;
  readonly version: number;
  /** One per start: a machine that is started again under an old id gets another one. */
  readonly runId: string;
  readonly steps: number;
  readonly retries: number;
  readonly maxRetries: number;
  /** Fence token of the lease this step runs under; only ever grows for one machine. */
  readonly fence: number;
  /** correlation id + run id + steps + state and action name: the same for every attempt of one step. */
  readonly idempotencyKey: string;
  /** idempotencyKey + fence: another one for every attempt. */
  readonly fencedKey: string;
  /** What led here; `data` is what its sender gave, or the result of children. */
  readonly event: StepEvent;
  readonly from: string;
  readonly to: string;
  /** Aborted when the lease is lost, the state's time is over, the machine is cancelled, or the worker has to go. */
  readonly signal: AbortSignal;
  readonly log: StepLog;
  /**
   * Delays the event that this step's `do` action returns, by server time.
   * @param ms 0 … 10 years
   */
  delay(ms: number): void;
  /**
   * Runs `fn` unless an earlier attempt of this step has stored its result, which is then returned instead. The result is stored as
   * soon as it is there, under the step's fence, and dropped by the step's commit.
   *
   * A process that dies after `fn` has done its work and before the result is stored runs `fn` again: give {@link idempotencyKey} to
   * what it calls, so that this second call is recognised there.
   *
   * @param key names the call within the action, 1 … 200 characters
   * @returns what `fn` gave, as JSON holds it
   * @throws ResultError when it is no JSON or has more than 64 KB; LeaseLostError when the step is no longer this worker's
   */
  once<T>(key: string, fn: () => T | Promise<T>): Promise<T>;
  /**
   * Says that the action is alive and where it is. The next attempt of this step finds the details in {@link lastHeartbeat}.
   *
   * @throws ResultError as `once`; LeaseLostError
   */
  heartbeat(details?: Json): Promise<void>;
  /** What an earlier attempt of this step said last. */
  lastHeartbeat(): Promise<Json | undefined>;
  /**
   * Sends an event to another machine: with this step's commit or not at all, in order, de-duplicated there. A message to a machine
   * that is not there or has ended is dropped and counted as `undelivered`.
   *
   * @throws RangeError, ResultError for what cannot be sent
   */
  send(correlationId: string, event: string, data?: Json): void;
  /** Starts another machine, with this step's commit or not at all. @returns its correlation id */
  start(machine: string, context?: Context, options?: ChildOptions): string;
  /** Starts a machine for each context, in batches, and joins them. @returns the group's name */
  startAll(machine: string, contexts: readonly Context[], options: GroupOptions): string;
  /** What has become of the children of a group so far, in order. */
  results(group: string): Promise<readonly ChildResult[]>;
  /**
   * A token with which an outside program completes what this state waits for, through `POST /v1/callbacks/:token`. The same for
   * every attempt of the step; usable from now on, once, until it expires or the machine leaves the state.
   */
  callback(options?: CallbackOptions): Promise<string>;
}

export interface StepEvent {
  readonly name: string;
  readonly data?: Json;
}

/** Only what a `do` action returns counts: the next event, or nothing to wait for one. */
export type ActionResult = string | void | undefined | null;
export type ActionHandler = (context: Context, step: Step) => ActionResult | Promise<ActionResult>;

/** What a class registered with `@Action('name')` looks like. */
export interface ActionClass {
  execute(context: Context, step: Step): ActionResult | Promise<ActionResult>;
}
