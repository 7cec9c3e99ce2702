import type { Deadline, Definition, Timer } from './definition';
import type { Machines } from './machines';
import type { SealedError } from './sealed-error';
import type {
  DueJob,
  HistoryItem,
  Job,
  MachineStatus,
  MachineView,
  ParentLink,
  ReplayOrigin,
  StartRequest,
  StartResult,
  StepError,
} from './model';

/** The right to run one step, and all that is needed to run it. */
export interface Claim {
  /** The job that stands for this attempt. */
  readonly job: Job;
  readonly correlationId: string;
  readonly nonce: string;
  readonly fence: number;
  /** Monotonic ms at which the request that was granted was sent: the lease lasts at least until then + ttl (L5). */
  readonly sentAt: number;
  /** Server time of the grant, ms. */
  readonly now: number;
  readonly steps: number;
  readonly retries: number;
  readonly maxRetries: number;
  readonly machine: string;
  readonly version: number;
  readonly queue: string;
  readonly runId: string;
  readonly state: string;
  readonly event: string;
  /** What came with the event, as JSON text; none where nothing did. */
  readonly data?: string;
  /** The stored context, as JSON text. */
  readonly context: string;
  /** How many claims of this (steps, retries), this one included, have not ended in a word of their own (C4). */
  readonly claims: number;
  /** The machine has more than the plain: results of earlier attempts, events, messages, children, flags. */
  readonly more: boolean;
  /** Server ms; none where the machine has no deadline, or it has been seen to. */
  readonly deadlineAt?: number;
  /** Event that the deadline sends; none where it fails the machine. */
  readonly lateEvent?: string;
  /** Server ms at which the attempt that entered the state began; none where no step was committed yet. */
  readonly since?: number;
  /** `traceparent` of whoever caused this attempt; none where that is not known. */
  readonly traceparent?: string;
  /** Why context or data could not be opened: they are empty then, and the step must not be run. */
  readonly unreadable?: SealedError;
}

export type ClaimResult =
  | { readonly outcome: 'claimed'; readonly claim: Claim }
  /** Another worker runs it; `leftMs` is what its lease has left. */
  | { readonly outcome: 'held'; readonly leftMs: number }
  /** Not due yet, by the server's clock. */
  | { readonly outcome: 'early'; readonly delayMs: number }
  /** The record has gone past this job (`duplicate`) or not reached it (`future`: the store went back in time). */
  | { readonly outcome: 'duplicate' | 'future'; readonly redrive?: DueJob }
  | { readonly outcome: 'missing' }
  | { readonly outcome: 'garbage'; readonly reason: string }
  /** It has one claim left, which it gets from a worker that has nothing else in hand (C4). */
  | { readonly outcome: 'crowded' }
  /** The lease is no good for this record any more; try again. */
  | { readonly outcome: 'stale' }
  /** This process cannot seal what the step would leave. Nothing was claimed. */
  | { readonly outcome: 'locked'; readonly cause: SealedError }
  /** No lease store could answer. */
  | { readonly outcome: 'unavailable'; readonly cause: Error };

/** What follows a commit: go on at once under an advanced lease, or rest. */
export type Next = 'continue' | 'queued' | 'delayed' | 'waiting' | 'completed';

/** What of a step goes into its history item beside the rest: JSON texts, moved as they are, or their bytes where they are not kept. */
export interface Trace {
  /** What the step began with, where it has left another context. */
  readonly began?: string | number;
  /** What came with its event; at the first attempt. */
  readonly data?: string | number;
}

export interface Change {
  readonly next: Next;
  readonly state: string;
  readonly event: string;
  /** JSON text. */
  readonly context: string;
  readonly item: HistoryItem;
  readonly trace?: Trace;
  /** For `delayed`. */
  readonly delayMs: number;
  readonly retentionMs: number;
  /** For `waiting`. */
  readonly rest?: Rest;
  readonly effects?: Effects;
}

/** How a machine waits in its state. */
export interface Rest {
  /** By event: what the state does with it. All others are kept. */
  readonly takes: ReadonlyMap<string, 'take' | 'ignore' | 'reject'>;
  /** Soonest first. */
  readonly timers: readonly Timer[];
  /** An internal transition has led here: the timers that run go on. */
  readonly stayed: boolean;
  /** Whether to go on under an advanced lease where an event waits already; else through the queue. */
  readonly goOn: boolean;
}

/** What belongs to a commit and happens after it: delivered at least once, recognised by whom it reaches. */
export interface Effects {
  readonly messages: readonly { readonly to: string; readonly event: string; readonly data: string }[];
  readonly groups: readonly ChildGroup[];
  /** `traceparent` of the step, for those whom they reach. */
  readonly traceparent?: string;
}

export interface ChildGroup {
  readonly name: string;
  readonly spec: ChildSpec;
  readonly limit: number;
  /** Completed children that join it; 0 for all. */
  readonly first: number;
  /** Failed or cancelled ones that it bears; for all. */
  readonly tolerate: number;
  /** Empty where nobody waits for it. */
  readonly event: string;
  readonly failed: string;
  /** One child, whose result is the event's data as it is. */
  readonly single: boolean;
  readonly outlive: boolean;
  /** JSON texts. */
  readonly children: readonly { readonly correlationId: string; readonly context: string }[];
}

/** What the children of a group have in common. */
export interface ChildSpec {
  /** `traceparent` of the step that starts them. */
  readonly traceparent?: string;
  readonly machine: string;
  readonly version?: number;
  readonly tags?: Record<string, string>;
  readonly delayMs?: number;
  readonly awaited: boolean;
  /** Of a single child that was given a name. */
  readonly correlationId?: string;
}

export type CommitResult =
  | { readonly outcome: 'committed'; readonly next: 'continue'; readonly claim: Claim }
  /** `job` is what the record now waits for, where it waits for a job. */
  | { readonly outcome: 'committed'; readonly next: Exclude<Next, 'continue'> | 'paused' | 'cancelled'; readonly job?: DueJob }
  | Cancelled
  | Moved
  | Refused;

/** Not committed, not failed: the machine was cancelled meanwhile. `job` is what its cleaning up waits for. */
export interface Cancelled {
  readonly outcome: 'cancelled';
  readonly job?: DueJob;
}

/**
 * Not committed, not failed, and handed back: the record's server is not the one that granted the claim, so a later one of this step may
 * have been committed there and lost. `job` is what the machine waits for now.
 */
export interface Moved {
  readonly outcome: 'moved';
  readonly job?: DueJob;
}

/** Nothing was changed. */
export type Refused =
  { readonly outcome: 'stale' } | { readonly outcome: 'missing' } | { readonly outcome: 'garbage'; readonly reason: string };

export interface Failure {
  readonly next: 'retry' | 'failed';
  readonly error: StepError;
  readonly item: HistoryItem;
  readonly trace?: Trace;
  /** For `retry`. */
  readonly delayMs: number;
  readonly retentionMs: number;
  /** `traceparent` of the attempt, for the next one. */
  readonly traceparent?: string;
}

export type FailResult =
  | { readonly outcome: 'failed'; readonly next: 'retry' | 'failed' | 'paused'; readonly job?: DueJob }
  | Cancelled
  | Moved
  | Refused;

/**
 * The four verbs of a step, and the renewal of its lease.
 *
 * Two implementations: fused (lease and record on one Redis, one script a verb) and split (the lease in another store). Every
 * verb answers a repeat of itself as it answered the first time. All reject when the record's Redis cannot answer; nothing is
 * known then, and the watchdog re-drives what was left behind.
 */
export interface StepStore {
  /** @param barred of how many claims this one may not be, nor of more; 0 for any number. @default 0 */
  claim(job: Job, nonce: string, barred?: number): Promise<ClaimResult>;
  commit(claim: Claim, change: Change): Promise<CommitResult>;
  fail(claim: Claim, failure: Failure): Promise<FailResult>;
  /**
   * Hands the claim back: no retry spent, no claim counted. Gives the job to queue, or nothing when it was not ours any more.
   *
   * @param hold stops the machine until the hold of this name is taken off
   */
  release(claim: Claim, hold?: string): Promise<DueJob | undefined>;
  /** Keeps something for the next attempt at this step, or a callback token; `false` when the step is no longer this claim's. */
  note(claim: Claim, note: Note): Promise<boolean>;
  /** What earlier attempts at this step have left. */
  notes(claim: Claim): Promise<{ readonly results: ReadonlyMap<string, string>; readonly heartbeat?: string }>;
  /** Of machines that run here for a while: which must not go on, and why. */
  lookAt(claims: readonly Claim[]): Promise<readonly ('cancel' | 'gone' | undefined)[]>;
  renew(claim: Claim): Promise<'renewed' | 'lost' | 'unavailable'>;
}

export type Note =
  | { readonly kind: 'result'; readonly key: string; readonly json: string }
  | { readonly kind: 'beat'; readonly json: string }
  /** `hash` of a callback token; `failed`: the event of its failure. */
  | { readonly kind: 'token'; readonly hash: string; readonly ttlMs: number; readonly failed: string };

export interface Overdue {
  /** Jobs that may be missing. */
  readonly drive: readonly DueJob[];
  /** Jobs of machines whose time has come: they are not there yet. */
  readonly fired: readonly DueJob[];
  /** Machines with something in the outbox, or children to start. */
  readonly deliver: readonly string[];
  /** Time until the next entry is due, ms; none when nothing is watched. */
  readonly nextMs?: number;
  readonly garbage: readonly { readonly correlationId: string; readonly reason: string }[];
}

/** What came of a batch of machines whose time of keeping is over. */
export interface Retired {
  readonly dropped: number;
  /** Those that cannot be read as they are, since somebody has written into the store by hand: kept for an hour more. */
  readonly kept: readonly { readonly correlationId: string; readonly reason: string }[];
  /** Whether there may be others that can go now. */
  readonly more: boolean;
}

/** What the watchdog needs. A partition is named by its number. */
export interface WatchStore {
  sweep(partition: number, batch: number): Promise<Overdue>;
  /** Raises the drive generation of a machine whose job is dead; nothing when it has moved on. */
  wake(job: Job): Promise<DueJob | undefined>;
  /** Sets a machine aside whose record cannot be used; `claim` when the one who found it holds it. */
  quarantine(correlationId: string, reason: string, claim?: Claim): Promise<boolean>;
  /** Drops a batch of finished machines whose time of keeping is over. */
  retire(partition: number, batch: number): Promise<Retired>;
}

/** A start that has been checked against its definition. */
export interface CheckedStart {
  readonly request: StartRequest;
  readonly correlationId: string;
  readonly runId: string;
  readonly version: number;
  readonly queue: string;
  readonly maxRetries: number;
  readonly state: string;
  readonly event: string;
  readonly contextJson: string;
  /** Tells a repeat from another payload. */
  readonly digest: string;
  readonly inboxLimit?: number;
  readonly deadline?: Deadline;
  readonly parent?: ParentLink;
  /** The parent waits for the result. */
  readonly awaited?: boolean;
  /** JSON text that came with the event. @default nothing */
  readonly data?: string;
  readonly replayOf?: ReplayOrigin;
  /** `traceparent` of whoever starts it. */
  readonly traceparent?: string;
  /** A child: identity of the server on which it was read. Another one refuses it (STORE_UNAVAILABLE). */
  readonly readOn?: string;
}

export interface RecordStore {
  start(start: CheckedStart): Promise<{ readonly result: StartResult; readonly job: DueJob }>;
  get(correlationId: string): Promise<MachineView | undefined>;
  history(correlationId: string): Promise<readonly HistoryItem[] | undefined>;
  historyAfter: Machines['historyAfter'];
  /** Status of each, without reading all of it; nothing for those that are not there. */
  statuses(correlationIds: readonly string[]): Promise<readonly (MachineStatus | undefined)[]>;
}

/** Jobs, as the engine and the watchdog see them. */
export interface JobQueue {
  /** Adds jobs that are not there; an id that exists is left as it is. */
  add(jobs: readonly DueJob[]): Promise<void>;
  /** What became of a job. `gone` when there is none under this id. */
  inspect(job: Job): Promise<'gone' | 'waiting' | 'delayed' | 'active' | 'ended'>;
  /** Makes a delayed job run now; nothing happens when it is not delayed any more. @returns whether it was, where that is known */
  promote(job: Job): Promise<boolean | void>;
}

/** Published definitions, as the API sees them: no user code needed. */
export interface DefinitionCatalog {
  /** @returns those that were published before with other content, as `name@version` */
  publish(definitions: readonly Definition[]): Promise<readonly string[]>;
  /** The given version, or the highest. */
  find(name: string, version?: number): Promise<Definition | undefined>;
  all(): Promise<readonly Definition[]>;
}
