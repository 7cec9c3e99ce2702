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
  readonly event: { readonly name: string };
  readonly from: string;
  readonly to: string;
  /** Aborted when the lease is lost or the worker has to go. */
  readonly signal: AbortSignal;
  readonly log: StepLog;
  /**
   * Delays the event that this step's `do` action returns, by server time.
   * @param ms 0 … 10 years
   */
  delay(ms: number): void;
}

/** Only what a `do` action returns counts: the next event, or nothing to wait for one. */
export type ActionResult = string | void | undefined | null;
export type ActionHandler = (context: Context, step: Step) => ActionResult | Promise<ActionResult>;

/** What a class registered with `@Action('name')` looks like. */
export interface ActionClass {
  execute(context: Context, step: Step): ActionResult | Promise<ActionResult>;
}
