/** Where every machine starts, and the event that takes it to its initial state. */
export const PSEUDO_INIT = 'pseudo_init';
export const DEFAULT_QUEUE = 'machines';
export const DEFAULT_MAX_RETRIES = 5;

/** A way out of a state. */
export interface Transition {
  readonly event: string;
  readonly target: string;
  /** Name of the action run between exit and entry. */
  readonly action?: string;
  /** Chained inside the same step instead of being committed as a step of its own. */
  readonly local: boolean;
}

export interface RetryPolicy {
  /** Failed attempts allowed before the step is exhausted. @default the machine's maxRetries */
  readonly maxRetries?: number;
  /** Base of the full-jitter backoff in ms. @default 1000 */
  readonly baseMs?: number;
  /** Cap of the full-jitter backoff in ms. @default 60000 */
  readonly capMs?: number;
}

export interface State {
  readonly name: string;
  readonly final: boolean;
  /** Names of actions, resolved in the definition's own actions first and then in the action registry. */
  readonly entryAction?: string;
  readonly doAction?: string;
  readonly exitAction?: string;
  /** By event. */
  readonly transitions: Readonly<Record<string, Transition>>;
  readonly retry?: RetryPolicy;
  /** Event that the last failed attempt turns into, instead of failing the machine. */
  readonly onExhausted?: string;
}

/** A named, versioned set of states and transitions. Plain JSON data: published to Redis as it is. */
export interface Definition {
  readonly name: string;
  /** Positive integer. The highest one published is what a start without a version gets. */
  readonly version: number;
  readonly maxRetries: number;
  readonly queue: string;
  /** How long a finished machine is kept, in ms. @default the deployment's STILE_RETENTION, 7 days */
  readonly retentionMs?: number;
  readonly initial: string;
  readonly states: Readonly<Record<string, State>>;
}
