/** Where every machine starts, and the event that takes it to its initial state. */
export const PSEUDO_INIT = 'pseudo_init';
/** The event that leads from any state to the definition's `onCancel`. */
export const PSEUDO_CANCEL = 'pseudo_cancel';
/** The event of a machine that waited past its deadline: a worker fails it. */
export const PSEUDO_DEADLINE = 'pseudo_deadline';
/** Begins the event of a move by hand, `pseudo_move:<state>`. No name holds a colon, so nothing else can look like it. */
export const PSEUDO_MOVE = 'pseudo_move:';
export const DEFAULT_QUEUE = 'machines';
export const DEFAULT_MAX_RETRIES = 5;
export const DEFAULT_INBOX_LIMIT = 1000;

/** A way out of a state. */
export interface Transition {
  readonly event: string;
  readonly target: string;
  /** Name of the action run between exit and entry. */
  readonly action?: string;
  /** Chained inside the same step instead of being committed as a step of its own. */
  readonly local: boolean;
  /**
   * The state is not left: only the transition's action runs, the state's timers go on, and the machine waits on. `target` is the state
   * itself. @default false
   */
  readonly internal?: boolean;
}

/** What becomes of an event that the state has no transition for: kept for a later state, dropped, or refused to its sender. */
export const EVENT_POLICIES = ['defer', 'ignore', 'reject'] as const;
export type EventPolicy = (typeof EVENT_POLICIES)[number];

/** An event that comes by itself when the machine has waited so long in a state. */
export interface Timer {
  /** Counted from the commit that brought the machine to rest in the state, ms by the server's clock. */
  readonly afterMs: number;
  readonly event: string;
}

/** For the whole machine, counted from its start. */
export interface Deadline {
  readonly afterMs: number;
  /** Sent to the machine when it is late, before all that is in its inbox. @default it fails with code DEADLINE */
  readonly event?: string;
}

export interface RetryPolicy {
  /** Failed attempts allowed before the step is exhausted. @default the machine's maxRetries */
  readonly maxRetries?: number;
  /** Base of the full-jitter backoff in ms. @default 1000 */
  readonly baseMs?: number;
  /** Cap of the full-jitter backoff in ms. @default 60000 */
  readonly capMs?: number;
  /** What each failed attempt multiplies the backoff by, 1 … 100. @default 2 */
  readonly factor?: number;
  /** `full`: a random part of the backoff; `none`: all of it. @default 'full' */
  readonly jitter?: 'full' | 'none';
  /** Codes of the errors that are worth another attempt; any other exhausts the step at once. @default all */
  readonly retryable?: readonly string[];
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
  /** Soonest first. */
  readonly after?: readonly Timer[];
  /** For events that the state has no transition for. @default 'defer' */
  readonly events?: Readonly<Record<string, EventPolicy>>;
  /** Time of one attempt at the state's actions, ms; then the signal is aborted and the attempt has failed. @default none */
  readonly timeoutMs?: number;
}

/** A named, versioned set of states and transitions. Plain JSON data: published to Redis as it is. */
export interface Definition {
  readonly name: string;
  /** Positive integer. The highest one published is what a start without a version gets. */
  readonly version: number;
  readonly maxRetries: number;
  /** For all states that do not say otherwise, field by field. */
  readonly retry?: RetryPolicy;
  readonly queue: string;
  /** How long a finished machine is kept, in ms. @default the deployment's STILE_RETENTION, 7 days */
  readonly retentionMs?: number;
  readonly deadline?: Deadline;
  /** The state that cleans up when the machine is cancelled gracefully. @default it is cancelled at once */
  readonly onCancel?: string;
  /** Events that wait for a state to take them, at most. @default 1000 */
  readonly inboxLimit?: number;
  readonly initial: string;
  readonly states: Readonly<Record<string, State>>;
}
