import type { StepError } from './model';
import type { Context } from './step';

/** How one child is started, see `step.start`. */
export interface ChildOptions {
  /** @default a name made from the parent's run and step, the same for every attempt */
  readonly correlationId?: string;
  /** @default the highest version published */
  readonly version?: number;
  readonly tags?: Record<string, string>;
  readonly delayMs?: number;
  /** Event that brings the child's result to this machine. @default the result is not waited for */
  readonly event?: string;
  /** Event that tells of a child that failed, was cancelled, or could not be started. @default `event` */
  readonly failed?: string;
  /** Goes on when this machine has ended. @default only when its result is not waited for */
  readonly outlive?: boolean;
}

/** How a list of children is started and joined, see `step.startAll`. */
export interface GroupOptions {
  /** Begins the group's name, 1 … 32 of A-Z a-z 0-9 _ -; the step's number and the group's place in it follow. @default 'group' */
  readonly group?: string;
  readonly version?: number;
  /** The same for all. */
  readonly tags?: Record<string, string>;
  /** Children that run at the same time, 1 … 10000. @default 100 */
  readonly limit?: number;
  /**
   * When the group is joined: all have ended, or the first n have completed (`'any'`: the first one). What still runs when fewer than
   * all were needed is cancelled. @default 'all'
   */
  readonly join?: 'all' | 'any' | { readonly first: number };
  /** For `all`: how many may fail. The next one joins the group at once, as failed, and cancels the rest. @default none: 0 */
  readonly tolerate?: number | 'any';
  /** Event that brings the {@link JoinResult}. */
  readonly event: string;
  /** Event when too many have failed. @default `event` */
  readonly failed?: string;
  /** The children go on when this machine has ended. @default false */
  readonly outlive?: boolean;
}

/** What became of one child. */
export interface ChildResult {
  readonly index: number;
  readonly correlationId: string;
  readonly outcome: 'completed' | 'failed' | 'cancelled';
  /** Its last context, where it completed. */
  readonly context?: Context;
  /** Why, where it did not. */
  readonly error?: StepError;
}

/** The data of the event that joins a group. */
export interface JoinResult {
  readonly group: string;
  readonly total: number;
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
  /** In the children's order, those that have ended; null where they are more than 256 KB: read them with `step.results(group)`. */
  readonly results: readonly ChildResult[] | null;
}

/** A child, as its parent lists it. */
export interface ChildView {
  readonly group: string;
  readonly index: number;
  readonly correlationId: string;
  readonly machine: string;
  /** `pending`: not started yet; `running`: started, no result yet. */
  readonly outcome: 'pending' | 'running' | ChildResult['outcome'];
  readonly error: StepError | null;
}
