/** What the routes under /v1 answer with, as far as the page shows it. Times are ISO 8601 by the server's clock. */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

export const STATUSES = ['queued', 'running', 'waiting', 'delayed', 'paused', 'completed', 'failed', 'cancelled'] as const;
export type Status = (typeof STATUSES)[number];
/** What counts tell apart: `active` is queued or running. */
export type CountedStatus = 'active' | Exclude<Status, 'queued' | 'running'>;

export interface List<T> {
  readonly items: readonly T[];
}

export interface Fault {
  readonly code: string;
  readonly message: string;
  readonly stack?: string;
}

export interface MachineSummary {
  readonly correlationId: string;
  readonly machine: string;
  readonly version: number;
  readonly runId: string;
  readonly status: Status;
  readonly state: string;
  readonly event: string;
  readonly steps: number;
  readonly retries: number;
  readonly maxRetries: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly finishedAt: string | null;
  readonly error: Fault | null;
  readonly inbox: number;
  readonly heldBy: string | null;
}

export interface MachinePage extends List<MachineSummary> {
  /** Where the next page begins. A page may be short, or empty, with more to come. */
  readonly next: string | null;
}

export interface Machine extends MachineSummary {
  readonly fence: number;
  readonly context: JsonObject;
  /** What an edit names in If-Match. */
  readonly revision: string;
  readonly timers: readonly { readonly event: string; readonly at: string }[];
  readonly deadlineAt: string | null;
  readonly asked: 'pause' | 'cancel' | null;
  readonly parent: { readonly correlationId: string; readonly group: string; readonly index: number } | null;
  readonly children: number;
  readonly heartbeat: Json;
  readonly lease?: { readonly worker: string; readonly fence: number; readonly until: string } | null;
  /** The recorded step of another machine that it began with. */
  readonly replayOf?: { readonly correlationId: string; readonly step: number } | null;
  /** Why context, error and heartbeat are not shown, where data is encrypted: they are empty then. */
  readonly unreadable?: { readonly code: string; readonly message: string } | null;
}

export type Outcome = 'committed' | 'failed' | 'cancelling' | 'cancelled' | 'paused' | 'resumed' | 'retried' | 'edited' | 'moved';

export interface HistoryItem {
  /** Its place in the history, from 1. */
  readonly number: number;
  readonly steps: number;
  readonly retries: number;
  readonly fence: number;
  readonly from: string;
  readonly event: string;
  readonly to: string;
  readonly outcome: Outcome;
  readonly error: Fault | null;
  readonly startedAt: string;
  readonly durationMs: number;
  /** Empty where none was part of it. */
  readonly worker: string;
  readonly by?: string;
  readonly why?: string;
  /** What the step began with; left out where unchanged since the item before. */
  readonly context?: JsonObject;
  /** Instead of `context`, where it was too large to be kept. */
  readonly contextBytes?: number;
  /** What came with the event. */
  readonly data?: Json;
  readonly dataBytes?: number;
}

export interface Explanation {
  readonly reason: string;
  readonly text: string;
  readonly since: string | null;
  readonly until: string | null;
}

export interface InboxItem {
  readonly id: number;
  readonly event: string;
  readonly data: Json;
  readonly receivedAt: string;
}

export interface Child {
  readonly group: string;
  readonly index: number;
  readonly correlationId: string;
  readonly machine: string;
  readonly outcome: 'pending' | 'running' | 'completed' | 'failed' | 'cancelled';
  readonly error: Fault | null;
}

export interface Transition {
  readonly event: string;
  readonly target: string;
  readonly action?: string;
  readonly local: boolean;
  readonly internal?: boolean;
}

export interface State {
  readonly name: string;
  readonly final: boolean;
  readonly doAction?: string;
  readonly transitions: Readonly<Record<string, Transition>>;
  readonly onExhausted?: string;
  readonly after?: readonly { readonly afterMs: number; readonly event: string }[];
  readonly events?: Readonly<Record<string, 'defer' | 'ignore' | 'reject'>>;
}

export interface Definition {
  readonly name: string;
  readonly version: number;
  readonly maxRetries: number;
  readonly queue: string;
  readonly deadline?: { readonly afterMs: number; readonly event?: string };
  readonly onCancel?: string;
  readonly initial: string;
  readonly states: Readonly<Record<string, State>>;
  /** Only where one is asked for by its name. */
  readonly versions?: readonly number[];
}

export interface MachineCount {
  readonly machine: string;
  readonly version: number;
  readonly status: CountedStatus;
  readonly state: string;
  readonly count: number;
}

export interface StateFigures {
  readonly state: string;
  readonly perMinute: number;
  /** Of one attempt; null where there was none in the window. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  /** From entering the state to leaving it. */
  readonly dwellP50Ms: number | null;
  readonly dwellP95Ms: number | null;
}

export interface Figures {
  readonly states: readonly StateFigures[];
  readonly windowMs: number;
}

export interface FailureGroup {
  readonly group: string;
  readonly machine: string;
  readonly version: number;
  readonly state: string;
  readonly code: string;
  readonly message: string;
  readonly count: number;
  readonly firstAt: string;
  readonly lastAt: string;
  readonly example: string;
}

export interface Worker {
  readonly name: string;
  /** Null, as others here, where it is of a version that does not say. */
  readonly host?: string | null;
  readonly pid?: number | null;
  readonly startedAt?: string | null;
  readonly queues: readonly string[];
  readonly concurrency?: number | null;
  readonly active: number;
  readonly lagMs?: number;
  readonly lastSeenMs: number;
  readonly lastJobMs?: number | null;
  readonly definitions?: readonly { readonly name: string; readonly version: number }[];
}

export interface Schedule {
  readonly name: string;
  readonly machine: string;
  readonly version: number | null;
  readonly cron: string | null;
  readonly timeZone: string | null;
  readonly everyMs: number | null;
  readonly overlap: string;
  readonly stopped: boolean;
  readonly nextAt: string | null;
  readonly lastSlot: string | null;
  readonly lastCorrelationId: string | null;
  readonly started: number;
  readonly missed: number;
  readonly skipped: number;
  readonly failed: number;
  readonly waiting: number;
  readonly error: (Fault & { readonly slot: string }) | null;
}

export type BulkAct = 'retry' | 'cancel' | 'pause' | 'resume';

export interface OperationFilter {
  readonly machine?: string;
  readonly version?: number;
  readonly status?: readonly Status[];
  readonly state?: string;
  readonly tag?: { readonly key: string; readonly value: string };
  readonly from?: string;
  readonly to?: string;
  readonly idPrefix?: string;
  readonly failure?: string;
}

export interface Operation {
  readonly id: string;
  readonly act?: BulkAct | 'send' | 'redrive';
  readonly status: 'running' | 'done' | 'stopped';
  readonly machine: string | null;
  readonly tag: { readonly key: string; readonly value: string } | null;
  readonly event: string | null;
  readonly filter?: OperationFilter | { readonly all: true } | null;
  readonly by: string;
  readonly why?: string;
  /** How many matched at the start, about; null where that is not known. */
  readonly total?: number | null;
  /** Done with so far: done, ignored, refused and gone together. */
  readonly matched: number;
  /** Took it; of a send it is `delivered`. */
  readonly done?: number;
  readonly delivered: number;
  readonly kept: number;
  readonly ignored: number;
  readonly refused: number;
  readonly gone: number;
  readonly reasons: Readonly<Record<string, number>>;
  /** Of a redrive. */
  readonly failedAgain?: number;
  readonly stoppedBecause?: 'asked' | 'they fail again' | null;
  readonly startedAt: string;
  readonly finishedAt: string | null;
}

export interface Hold {
  readonly name: string;
  readonly machine: string;
  readonly version?: number;
  readonly state?: string;
  readonly since: string;
  readonly held: number;
  readonly by?: string;
  readonly why?: string;
}

/** Who does it and why, for the history. */
export interface Act {
  readonly by?: string;
  readonly why?: string;
}

export interface StartRequest {
  readonly machine: string;
  readonly version?: number;
  readonly correlationId?: string;
  readonly context?: Json;
  readonly tags?: Readonly<Record<string, string>>;
  readonly startAt?: string;
  readonly maxRetries?: number;
}

export interface FieldProblem {
  readonly field: string;
  readonly problem: string;
}

/** Problem details of RFC 9457. */
export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly errors?: readonly FieldProblem[];
  readonly legal?: readonly string[];
}
