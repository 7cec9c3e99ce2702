import type { OverlapPolicy } from './schedules';
import type { SealedError } from './sealed-error';
import type { Context } from './step';

export const MAX_SCHEDULES = 10_000;
/** Slots of one schedule that may wait (`overlap: queue`). */
export const MAX_WAITING = 1000;

/** A schedule as it is stored: checked, and every default filled in. Times and durations in ms. */
export interface ScheduleSpec {
  readonly name: string;
  readonly machine: string;
  readonly version: number | null;
  readonly context: Context;
  readonly tags: Readonly<Record<string, string>>;
  readonly timing: Timing;
  readonly overlap: OverlapPolicy;
  readonly catchUpMs: number;
  readonly endAt: number | null;
}

/** What its slots are computed from. Where it changes, the schedule begins anew. */
export interface Timing {
  readonly cron: string | null;
  readonly timeZone: string | null;
  readonly everyMs: number | null;
  readonly startAt: number | null;
}

/** A schedule as it was found at one instant, `now`. */
export interface ScheduleState {
  readonly spec: ScheduleSpec;
  /** Why the context could not be opened: it is empty then, and nothing must be started with it. */
  readonly unreadable?: SealedError;
  /** Raised by every change of the schedule; never by its slots. */
  readonly rev: number;
  readonly stopped: boolean;
  /** When its timing was put: `every` counts from here where there is no `startAt`. */
  readonly anchor: number;
  /** Slots up to this time have been decided on. */
  readonly last: number;
  readonly lastSlot: number | null;
  readonly lastCorrelationId: string | null;
  readonly started: number;
  readonly missed: number;
  readonly skipped: number;
  readonly failed: number;
  readonly error: { readonly code: string; readonly message: string; readonly slot: string } | null;
  readonly created: number;
  readonly updated: number;
  /** The first of the slots that have been taken and not started yet, and their number. */
  readonly head: number | null;
  readonly waiting: number;
  /** Server time, ms. */
  readonly now: number;
}

/** What is decided about slots after `from`, up to `to`. */
export interface SlotDecision {
  readonly rev: number;
  readonly from: number;
  readonly to: number;
  /** To be started. */
  readonly slot?: number;
  readonly missed: number;
  readonly skipped: number;
}

/** What became of a slot that was taken. */
export type SlotEnd =
  | { readonly outcome: 'started'; readonly correlationId: string }
  | { readonly outcome: 'failed'; readonly error: { readonly code: string; readonly message: string; readonly slot: string } };

export interface ScheduleStore {
  /** @returns `full` when there are as many schedules as allowed */
  put(spec: ScheduleSpec): Promise<'created' | 'changed' | 'same' | 'full'>;
  read(name: string): Promise<ScheduleState | undefined>;
  names(): Promise<readonly string[]>;
  remove(name: string): Promise<boolean>;
  /** @returns whether there is one */
  switch(name: string, to: 'stopped' | 'running'): Promise<boolean>;
  /** Moves `last` on, unless another has, or the schedule was changed, stopped or removed, or the server's clock is not there yet. */
  take(name: string, decision: SlotDecision): Promise<boolean>;
  /** Whether the head may be started now: not when the schedule was stopped or removed since. */
  claim(name: string, head: number): Promise<boolean>;
  /** Takes the head away, once. */
  finish(name: string, head: number, end: SlotEnd): Promise<void>;
}

/** Wakes a worker at the time of a slot. Only a hint: what is due is decided by the store. */
export interface ScheduleAlarms {
  set(state: ScheduleState, nextAt: number | undefined): Promise<void>;
  remove(name: string): Promise<void>;
}
