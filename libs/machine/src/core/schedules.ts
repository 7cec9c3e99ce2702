import { StileError } from './errors';
import type { Context } from './step';

/** What happens to a slot while the machine of the slot before it is still live. */
export const OVERLAP_POLICIES = ['skip', 'queue', 'allow'] as const;
export type OverlapPolicy = (typeof OVERLAP_POLICIES)[number];

/** A machine to be started again and again. Each time is a *slot*; the machine of a slot is named by {@link slotId}. */
export interface Schedule {
  /** `[A-Za-z0-9_.-]{1,100}`. */
  readonly name: string;
  readonly machine: string;
  /** @default the highest version published when a slot is started */
  readonly version?: number;
  /** What each machine starts with. @default {} */
  readonly context?: Context;
  /** At most 31: each machine is tagged `schedule: <name>` as well. @default {} */
  readonly tags?: Readonly<Record<string, string>>;
  /** Five fields, or six with seconds first, or `@daily` and the like. Either this or `every`. */
  readonly cron?: string;
  /** An IANA name such as `Europe/Berlin`, in which `cron` is read. @default 'UTC' */
  readonly timeZone?: string;
  /** A duration such as `'5m'`, or ms; 1 s … 366 days. Counted from `startAt`, or from when the schedule was made. */
  readonly every?: string | number;
  /**
   * `skip`: the slot is left out, and counted · `queue`: it waits until that machine has ended, behind those that wait already (1,000 at
   * most, further ones are skipped) · `allow`: it is started beside it. @default 'skip'
   */
  readonly overlap?: OverlapPolicy;
  /**
   * A duration, or ms. After an outage, slots that were missed within this time are started, in order. The latest slot is started in any
   * case, however late; those before it that are older are counted as missed. @default 0: only the latest one
   */
  readonly catchUp?: string | number;
  /** No slot is before this time. ISO 8601. @default none */
  readonly startAt?: string;
  /** No slot is after this time. ISO 8601. @default none */
  readonly endAt?: string;
}

/** A schedule and how it stands. Times are ISO 8601, server time. */
export interface ScheduleView {
  readonly name: string;
  readonly machine: string;
  readonly version: number | null;
  readonly context: Context;
  readonly tags: Readonly<Record<string, string>>;
  readonly cron: string | null;
  readonly timeZone: string | null;
  readonly everyMs: number | null;
  readonly overlap: OverlapPolicy;
  readonly catchUpMs: number;
  readonly startAt: string | null;
  readonly endAt: string | null;
  readonly stopped: boolean;
  /** The next slot; null when it is stopped, or there is none before its end. */
  readonly nextAt: string | null;
  /** The slot started last, and its machine. */
  readonly lastSlot: string | null;
  readonly lastCorrelationId: string | null;
  /** Slots whose machine was started. */
  readonly started: number;
  /** Slots that an outage took, or that waited when the schedule was stopped. */
  readonly missed: number;
  /** Slots left out by the overlap policy. */
  readonly skipped: number;
  /** Slots whose machine could not be started, and why for the last of them. */
  readonly failed: number;
  readonly error: { readonly code: string; readonly message: string; readonly slot: string } | null;
  /** Slots that are due and not started yet. */
  readonly waiting: number;
  /** Why the context cannot be shown, where data is encrypted: it is empty then. Null where it can. */
  readonly unreadable: { readonly code: string; readonly message: string } | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/**
 * Starts machines by the clock. Injectable. Any number of processes may put the same schedule at once, and each slot starts one machine,
 * whoever sees that it is due.
 *
 * All throw StoreUnavailableError; those that take the name of a schedule throw ScheduleNotFoundError when there is none.
 */
export abstract class Schedules {
  /**
   * Makes a schedule, or replaces it. The same one again changes nothing. Where `cron`, `timeZone`, `every` or `startAt` change, it begins
   * anew now; slots that wait stay. A stopped schedule stays stopped.
   *
   * @throws InvalidScheduleError
   */
  abstract put(schedule: Schedule): Promise<ScheduleView>;
  abstract get(name: string): Promise<ScheduleView | undefined>;
  /** By name. */
  abstract list(): Promise<readonly ScheduleView[]>;
  /** Slots that wait are dropped; machines that were started go on. @returns whether it was there */
  abstract remove(name: string): Promise<boolean>;
  /** Nothing more is started, slots that wait are dropped as missed. A stopped schedule stays as it is. */
  abstract stop(name: string): Promise<ScheduleView>;
  /** From now on: slots that passed while it was stopped are neither started nor counted. */
  abstract start(name: string): Promise<ScheduleView>;
  /**
   * Starts its machine now, beside its slots: whatever its overlap policy, also while it is stopped. Overlap is judged among slots only.
   *
   * @throws what `Machines.start` throws
   */
  abstract trigger(name: string): Promise<{ readonly correlationId: string }>;
}

/** Correlation id of a slot's machine: `nightly.20261124T013000Z`, with `.123` before the `Z` where a slot has milliseconds. */
export function slotId(schedule: string, slotMs: number): string {
  return `${schedule}.${compactIso(slotMs)}`;
}

export function compactIso(ms: number): string {
  return new Date(ms).toISOString().replace(/[-:]/g, '').replace('.000', '');
}

/** A field of a schedule cannot be used. */
export class InvalidScheduleError extends StileError {
  readonly code = 'INVALID_SCHEDULE';
  constructor(
    readonly field: string,
    readonly value: unknown,
    problem: string,
  ) {
    super(`${field} ${problem}`);
  }
}

export class ScheduleNotFoundError extends StileError {
  readonly code = 'SCHEDULE_NOT_FOUND';
  constructor(readonly schedule: string) {
    super(`there is no schedule "${schedule}"`);
  }
}
