import type { DueJob, HistoryItem, Job, MachineView, StartRequest, StartResult, StepError } from './ports';

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
  /** The stored context, as JSON text. */
  readonly context: string;
  /** How many claims of this (steps, retries), this one included, have not ended in a word of their own (C4). */
  readonly claims: number;
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
  /** The lease is no good for this record any more; try again. */
  | { readonly outcome: 'stale' }
  /** No lease store could answer. */
  | { readonly outcome: 'unavailable'; readonly cause: Error };

/** What follows a commit: go on at once under an advanced lease, or rest. */
export type Next = 'continue' | 'queued' | 'delayed' | 'waiting' | 'completed';

export interface Change {
  readonly next: Next;
  readonly state: string;
  readonly event: string;
  /** JSON text. */
  readonly context: string;
  readonly item: HistoryItem;
  /** For `delayed`. */
  readonly delayMs: number;
  readonly retentionMs: number;
}

export type CommitResult =
  | { readonly outcome: 'committed'; readonly next: 'continue'; readonly claim: Claim }
  /** `job` is what the record now waits for, where it waits for a job. */
  | { readonly outcome: 'committed'; readonly next: Exclude<Next, 'continue'>; readonly job?: DueJob }
  | Refused;

/** Nothing was changed. */
export type Refused =
  { readonly outcome: 'stale' } | { readonly outcome: 'missing' } | { readonly outcome: 'garbage'; readonly reason: string };

export interface Failure {
  readonly next: 'retry' | 'failed';
  readonly error: StepError;
  readonly item: HistoryItem;
  /** For `retry`. */
  readonly delayMs: number;
  readonly retentionMs: number;
}

export type FailResult = { readonly outcome: 'failed'; readonly next: 'retry' | 'failed'; readonly job?: DueJob } | Refused;

/**
 * The four verbs of a step, and the renewal of its lease.
 *
 * Two implementations: fused (lease and record on one Redis, one script a verb) and split (the lease in another store). Every
 * verb answers a repeat of itself as it answered the first time. All reject when the record's Redis cannot answer; nothing is
 * known then, and the watchdog re-drives what was left behind.
 */
export interface StepStore {
  claim(job: Job, nonce: string): Promise<ClaimResult>;
  commit(claim: Claim, change: Change): Promise<CommitResult>;
  fail(claim: Claim, failure: Failure): Promise<FailResult>;
  /** Hands the claim back: no retry spent, no claim counted. Gives the job to queue, or nothing when it was not ours any more. */
  release(claim: Claim): Promise<DueJob | undefined>;
  renew(claim: Claim): Promise<'renewed' | 'lost' | 'unavailable'>;
}

export interface Overdue {
  readonly drive: readonly DueJob[];
  readonly garbage: readonly { readonly correlationId: string; readonly reason: string }[];
}

/** What the watchdog needs. A partition is named by its number. */
export interface WatchStore {
  sweep(partition: number, batch: number): Promise<Overdue>;
  /** Raises the drive generation of a machine whose job is dead; nothing when it has moved on. */
  wake(job: Job): Promise<DueJob | undefined>;
  /** Sets a machine aside whose record cannot be used; `claim` when the one who found it holds it. */
  quarantine(correlationId: string, reason: string, claim?: Claim): Promise<boolean>;
  /** Drops a batch of finished machines whose time of keeping is over; returns how many. */
  retire(partition: number, batch: number): Promise<number>;
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
}

export interface RecordStore {
  start(start: CheckedStart): Promise<{ readonly result: StartResult; readonly job: DueJob }>;
  get(correlationId: string): Promise<MachineView | undefined>;
  history(correlationId: string): Promise<readonly HistoryItem[] | undefined>;
}

/** Jobs, as the engine and the watchdog see them. */
export interface JobQueue {
  /** Adds jobs that are not there; an id that exists is left as it is. */
  add(jobs: readonly DueJob[]): Promise<void>;
  /** What became of a job. `gone` when there is none under this id. */
  inspect(job: Job): Promise<'gone' | 'waiting' | 'delayed' | 'active' | 'ended'>;
  /** Makes a delayed job run now; nothing happens when it is not delayed any more. */
  promote(job: Job): Promise<void>;
}
