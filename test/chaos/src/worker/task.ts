import type { Moment, Operation } from '@stile/machine';

/** Where a worker kills itself: at an operation, or at the beginning or end of an action of this kind. */
export type CrashPoint = `${Moment} ${Operation | ActionKind}`;
export const ACTION_KINDS = ['exit', 'transition', 'entry', 'do'] as const;
export type ActionKind = (typeof ACTION_KINDS)[number];

/** What a worker process of a fault run is told, as JSON in its first argument. */
export interface WorkerTask {
  readonly redisUrl: string;
  readonly prefix: string;
  readonly leaseUrl?: string;
  readonly leaseSecondaryUrl?: string;
  readonly leaseTtlMs: number;
  readonly concurrency: number;
  readonly shutdownMs: number;
  readonly crashLimit?: number;
  /** Steps of one claim; 1 gives each step a job of its own. @default the product's */
  readonly stickySteps?: number;
  /** Versions of the definitions that it has. @default the first alone */
  readonly versions?: readonly number[];
  /** Folder of the log. */
  readonly log: string;
  /** URL of the sink, see rig/sink.ts. */
  readonly sink: string;
  /** Dies by SIGKILL when it comes to this point for the n-th time, from 1. */
  readonly crash?: { readonly at: CrashPoint; readonly nth: number };
  /** Writes nothing down and has no effects: for runs so long that a log would fill the disk. @default false */
  readonly silent?: boolean;
  /** How long machines are kept that have ended, ms. @default an hour: until they are looked at */
  readonly retentionMs?: number;
  /** How far its clock is off, ms. @default 0 */
  readonly clockOffsetMs?: number;
}
