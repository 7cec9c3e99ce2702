import type { Context, Json } from './step';

export const STATUSES = ['queued', 'running', 'waiting', 'delayed', 'paused', 'completed', 'failed', 'cancelled'] as const;
export type MachineStatus = (typeof STATUSES)[number];

/** A hint that says "look at this machine"; the record is the truth. */
export interface Job {
  readonly correlationId: string;
  readonly steps: number;
  /** Raised by every operator's act (O1): orders jobs before retries do. */
  readonly rev: number;
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

/** `committed` and `failed` are attempts of a worker; the others what an operator, a parent or the deadline did to the machine. */
export const HISTORY_OUTCOMES = [
  'committed',
  'failed',
  'cancelling',
  'cancelled',
  'paused',
  'resumed',
  'retried',
  'edited',
  'moved',
] as const;
export type HistoryOutcome = (typeof HISTORY_OUTCOMES)[number];

export interface HistoryItem {
  readonly steps: number;
  readonly retries: number;
  readonly fence: number;
  readonly from: string;
  readonly event: string;
  readonly to: string;
  readonly outcome: HistoryOutcome;
  readonly error: StepError | null;
  /** ISO 8601, server time. */
  readonly startedAt: string;
  readonly durationMs: number;
  /** Name of the worker; empty where none was part of it. */
  readonly worker: string;
  /** Who did it and why, for what an operator did. */
  readonly by?: string;
  readonly why?: string;
  /** What the step began with; left out where that has not changed since the item before. */
  readonly context?: Context;
  /** Instead of `context`: its bytes of JSON, where it has changed and was not kept: more than 16 KiB, or a worker that keeps none. */
  readonly contextBytes?: number;
  /** What came with the event, at the step's first attempt. */
  readonly data?: Json;
  /** Instead of `data`, as above. */
  readonly dataBytes?: number;
}

/** What the outside sees of a machine. Times are ISO 8601, server time. */
export interface MachineView {
  readonly correlationId: string;
  readonly machine: string;
  readonly version: number;
  /** One per start: a machine that is started again under an old id gets another one. */
  readonly runId: string;
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
  /** Changes with every commit and every operator's act: what an edit names as the version it was read at. */
  readonly revision: string;
  /** Events that wait in the inbox. */
  readonly inbox: number;
  /** What the machine waits for by the clock, soonest first: its timers, its delay, its next attempt. */
  readonly timers: readonly { readonly event: string; readonly at: string }[];
  readonly deadlineAt: string | null;
  /** What has been asked of a machine that is still running: it pauses, or cleans up, when the step in hand ends. */
  readonly asked: 'pause' | 'cancel' | null;
  /** The definition or state whose hold it was stopped by, e.g. `order`, `order@2`, `order/charge`. */
  readonly heldBy: string | null;
  readonly parent: ParentLink | null;
  /** Number of children it has asked for. */
  readonly children: number;
  /** What the attempt in hand, or the last one, said in `step.heartbeat`. */
  readonly heartbeat: Json | null;
  /** Who runs it at this moment; null when nobody does. */
  readonly lease: MachineLease | null;
  /** The recorded step of another machine that it began with. */
  readonly replayOf: ReplayOrigin | null;
  /** It has gone from the store, and comes out of the archive. @default false */
  readonly archived?: true;
  /**
   * Why context, error and heartbeat cannot be shown, where data is encrypted: they are empty then. `KEY_MISSING`: this process lacks the key;
   * `DATA_DESTROYED`: its key was destroyed; `DATA_DAMAGED`: it is not what was stored. Null where they can.
   */
  readonly unreadable: { readonly code: string; readonly message: string } | null;
}

export interface MachineLease {
  /** Name of the worker. */
  readonly worker: string;
  readonly fence: number;
  /** When it runs out unless it is renewed, ISO 8601, server time. */
  readonly until: string;
}

/** Where a replayed machine comes from. */
export interface ReplayOrigin {
  readonly correlationId: string;
  readonly runId: string;
  readonly step: number;
  readonly by?: string;
  readonly why?: string;
}

/** Where a machine's result goes. */
export interface ParentLink {
  readonly correlationId: string;
  readonly runId: string;
  readonly group: string;
  /** Its place in the group, from 0. */
  readonly index: number;
  /** Its generation: 1 for a child of a machine that has no parent. None where a version before started it. */
  readonly depth?: number;
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
  /** Wait until then, ISO 8601; a time that is past is now. Instead of `delayMs`. */
  readonly startAt?: string;
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
