import type { FaultInjector } from './chaos/fault-injector';
import type { Limits } from './core/limits';
import type { EncryptionKey } from './crypto/data-key';
import type { KeyScope } from './crypto/ring-cipher';
import type { LogOptions } from './engine/options';
import type { RedisDoor } from './redis/door';

/** Where Stile keeps things, and how it runs them. */
export interface StileOptions {
  /** The Redis of records and queues. */
  readonly redis: RedisDoor & {
    /**
     * `redis://[user:password@]host[:port][/database]`, `redis-cluster://[user:password@]host[:port],…` or
     * `redis-sentinel://[user:password@]host[:port],…/name`, each with `rediss` for TLS.
     */
    readonly url: string;
    /**
     * Replicas that must have a start, an event, an act or a commit before it is acknowledged: docs/guide/engines.md says what that is worth.
     * @default 0: nothing waits for them
     */
    readonly ackReplicas?: number;
  };
  /** Begins every key. @default 'stile' */
  readonly prefix?: string;
  /** Number of partitions; fixed at the first start. @default 1 */
  readonly partitions?: number;
  readonly lease?: {
    /** A lease store of its own, on another server: redis://, redis-sentinel:// or postgres://. @default leases live beside the records */
    readonly url?: string;
    /** Takes over, machine by machine, when the first one cannot answer; a URL of either kind. @default none */
    readonly secondaryUrl?: string;
    /** Time of a lease between renewals, ms. @default 15000 */
    readonly ttlMs?: number;
  };
  /** How long finished machines are kept, ms. @default 7 days */
  readonly retentionMs?: number;
  /** Entries that the audit log keeps at least, the oldest go first; 0 keeps all. @default 100000 */
  readonly auditEntries?: number;
  /** Where machines that have ended are kept beyond that. @default nowhere: they go */
  readonly archive?: {
    /** `postgres://…`, or `file:///…` of a folder; `none` does without one that there was. */
    readonly url: string;
    /** Those that ended so are written, others go without. @default completed, failed, cancelled */
    readonly statuses?: readonly EndStatus[];
  };
  /** Attempts a machine's history keeps. @default 1000 */
  readonly historyLimit?: number;
  /** Seals what users' data is in before it is stored. @default it is stored as it is */
  readonly encryption?: EncryptionOptions;
  /** How much there may be of what users put in; see {@link Limits} for each. */
  readonly limits?: Partial<Limits>;
  /** Share of Redis' memory from which on starts are refused (MEMORY_SHORT), 0 to 1; 1 for never. @default 0.8 */
  readonly memoryLimit?: number;
  /** A span for each attempt, through @opentelemetry/api: the app registers the SDK. @default false */
  readonly telemetry?: boolean;
  /** What is logged beside what is out of the ordinary. @default nothing */
  readonly logs?: Partial<Omit<LogOptions, 'redact'>>;
  /** Fields of user data that logs do not show, see `makeRedactor`. @default none */
  readonly redact?: readonly string[];
  /** For tests: told of every operation on stores and queue, which it may disturb. @default none */
  readonly faults?: FaultInjector;
  /**
   * Told once, when machines are being moved to another number of partitions: this process has to end, and to be started again with the new
   * one. @default the runtime stops
   */
  readonly onMoved?: () => void;
  /** Runs machines in this process. @default false: only starts and shows them */
  readonly worker?: false | WorkerOptions;
}

/** How a machine ends. */
export type EndStatus = 'completed' | 'failed' | 'cancelled';
export interface EncryptionOptions {
  /** Master keys, 32 bytes each: the first one wraps data keys, all unwrap them. */
  readonly keys: readonly EncryptionKey[];
  /** Whose data key seals a machine's data: its tenant's, or one of its own, so that it can be shredded alone. @default 'tenant' */
  readonly per?: KeyScope;
}

export interface WorkerOptions {
  /** Copies of all machines, taken on a schedule by one worker at a time: what `rebuild` restores. @default none */
  readonly snapshots?: {
    /** `file:///…` of a folder. */
    readonly url: string;
    /** Time between the beginnings of two, ms. @default one hour */
    readonly everyMs?: number;
    /** Older ones are deleted. @default 24 */
    readonly keep?: number;
  };
  /** Shown in history. @default host name and process id */
  readonly name?: string;
  /** Queues to serve. @default all that its definitions name */
  readonly queues?: readonly string[];
  /** Partitions to serve; schedules and operations go with partition 0. @default all */
  readonly partitions?: readonly number[];
  /** Machines run at the same time per queue and partition. @default 50 */
  readonly concurrency?: number;
  /** How long a shutdown waits for steps in hand before it hands them over, ms. @default 10000 */
  readonly shutdownMs?: number;
  /** Steps that one claim may run before it yields through the queue. @default 100 */
  readonly stickySteps?: number;
  /** Time after which a claim yields through the queue, ms. @default 500 */
  readonly stickyMs?: number;
  /** Claims of one attempt that may end without a word before the machine fails as crashed. @default 5 */
  readonly crashLimit?: number;
  /** Whether histories keep the contexts and data that steps began with, up to 16 KiB each; else their sizes only. @default true */
  readonly historyContexts?: boolean;
}
