import type { Definition } from './definition';
import type { Context } from './step';

export const STATUSES = ['queued', 'running', 'waiting', 'delayed', 'paused', 'completed', 'failed', 'cancelled'] as const;
export type MachineStatus = (typeof STATUSES)[number];

/** A hint that says "look at this machine"; the record is the truth. */
export interface Job {
  readonly correlationId: string;
  readonly steps: number;
  readonly retries: number;
  /** Drive generation (J1): part of the job's id, bumped by every wake-up. */
  readonly drive: number;
  readonly machine: string;
  readonly version: number;
  readonly queue: string;
}

/** A job and how long it has to wait, in ms by the server's clock. */
export interface DueJob extends Job {
  readonly delayMs: number;
}

export interface StepError {
  readonly code: string;
  readonly message: string;
  readonly stack?: string;
}

export interface HistoryItem {
  readonly steps: number;
  readonly retries: number;
  readonly fence: number;
  readonly from: string;
  readonly event: string;
  readonly to: string;
  readonly outcome: 'committed' | 'failed';
  readonly error: StepError | null;
  /** ISO 8601, server time. */
  readonly startedAt: string;
  readonly durationMs: number;
  /** Name of the worker. */
  readonly worker: string;
}

/** What the outside sees of a machine. Times are ISO 8601, server time. */
export interface MachineView {
  readonly correlationId: string;
  readonly machine: string;
  readonly version: number;
  readonly status: MachineStatus;
  readonly state: string;
  /** The event to be handled next; the one that led here when the machine waits or has ended. */
  readonly event: string;
  readonly steps: number;
  readonly retries: number;
  readonly maxRetries: number;
  readonly fence: number;
  readonly context: Context;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly finishedAt: string | null;
  readonly error: StepError | null;
}

export interface StartRequest {
  /** `[A-Za-z0-9_.-]{1,128}`. @default a new UUID */
  readonly correlationId?: string;
  readonly machine: string;
  /** @default the highest version published */
  readonly version?: number;
  /** A JSON object. @default {} */
  readonly context?: Context;
  readonly tags?: Record<string, string>;
  /** Wait this long before the first step, ms by the server's clock. @default 0 */
  readonly delayMs?: number;
  /** @default the definition's */
  readonly maxRetries?: number;
  /** Start as if the machine were in this state and `event` had just come; both or neither. @default pseudo_init */
  readonly state?: string;
  readonly event?: string;
}

export type StartResult =
  | { readonly outcome: 'created' | 'existing'; readonly machine: MachineView }
  /** The id is taken by a start with another payload. */
  | { readonly outcome: 'conflict'; readonly correlationId: string };

/** Published definitions, as the API sees them: no user code needed. */
export interface DefinitionCatalog {
  /** @returns those that were published before with other content, as `name@version` */
  publish(definitions: readonly Definition[]): Promise<readonly string[]>;
  /** The given version, or the highest. */
  find(name: string, version?: number): Promise<Definition | undefined>;
  all(): Promise<readonly Definition[]>;
}

/** What is counted, per machine name, state and event. */
export const COUNTS = [
  'started',
  'committed',
  'completed',
  /** An action threw, or returned what it may not. */
  'error',
  /** A failed attempt that is followed by another. */
  'retry',
  /** A machine failed for good. */
  'fatal',
  /** It failed because its step kept killing workers; `fatal` as well. */
  'crashed',
  /** A lease store could not answer. */
  'cache',
  /** A job that came twice, or late. */
  'duplicate',
  /** A job from the future: the store went back in time. */
  'future',
  /** A job of a machine that does not exist. */
  'unknown',
  /** A job of a definition that the worker does not have. */
  'dispatch',
  /** A commit or fail refused by its fence. */
  'stale',
  /** A job whose machine another worker holds. */
  'contended',
  /** A job that the watchdog made anew. */
  'redriven',
  /** A machine whose record cannot be used. */
  'quarantined',
] as const;
export type Count = (typeof COUNTS)[number];

/** Labels come from definitions and records, never from user input, so their number is bounded. */
export interface CountLabels {
  readonly machine: string;
  readonly state: string;
  readonly event: string;
}

export interface Counters {
  add(count: Count, labels: CountLabels): void;
}
