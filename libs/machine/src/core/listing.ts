import { StileError } from './errors';
import type { MachineStatus } from './model';

/** A filter, or what goes with it, that cannot be used. */
export class InvalidFilterError extends StileError {
  readonly code = 'INVALID_FILTER';
  constructor(
    /** `machine`, `machines`, `version`, `statuses`, `state`, `tag`, `from`, `to`, `idPrefix`, `failure`, `cursor`, `limit` or `archived`. */
    readonly field: string,
    /** What is wrong with it, and the way out. */
    problem: string,
  ) {
    super(`${field} ${problem}`);
  }
}

/** Which machines: all conditions that are given must hold. */
export interface MachineFilter {
  readonly machine?: string;
  /** Of one of these definitions: the scope of whoever asks. */
  readonly machines?: readonly string[];
  /** Of `machine`. */
  readonly version?: number;
  /** One of these. */
  readonly statuses?: readonly MachineStatus[];
  readonly state?: string;
  readonly tag?: { readonly key: string; readonly value: string };
  /** Started then or later, ISO 8601. */
  readonly from?: string;
  /** Started before then, ISO 8601. */
  readonly to?: string;
  readonly idPrefix?: string;
  /** Id of a group of failures. */
  readonly failure?: string;
}

/** A machine as lists show it. Times are ISO 8601, server time. */
export interface MachineSummary {
  readonly correlationId: string;
  readonly machine: string;
  readonly version: number;
  readonly runId: string;
  readonly status: MachineStatus;
  readonly state: string;
  readonly event: string;
  readonly steps: number;
  readonly retries: number;
  readonly maxRetries: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly finishedAt: string | null;
  readonly error: { readonly code: string; readonly message: string } | null;
  /** Events that wait in the inbox. */
  readonly inbox: number;
  readonly heldBy: string | null;
  /** It has gone from the store, and comes out of the archive. @default false */
  readonly archived?: true;
}

export interface MachinePage {
  readonly items: readonly MachineSummary[];
  /** Where the next page begins; null after the last one. Work is bounded: a page may be short, or empty, with more to come. */
  readonly next: string | null;
}

/** What counts tell apart: a machine that runs or is about to changes its status too often to be counted finer. */
export const COUNTED_STATUSES = ['active', 'delayed', 'waiting', 'paused', 'completed', 'failed', 'cancelled'] as const;
export type CountedStatus = (typeof COUNTED_STATUSES)[number];

export interface MachineCount {
  readonly machine: string;
  readonly version: number;
  /** `active`: queued or running. One in hand counts in the state in which it was taken up. */
  readonly status: CountedStatus;
  readonly state: string;
  readonly count: number;
}

/** Failed machines of one definition and state whose errors are alike. */
export interface FailureGroup {
  /** `[0-9a-f]{16}`, stable across workers and restarts. */
  readonly group: string;
  readonly machine: string;
  readonly version: number;
  /** Whose code failed, or that could not be entered; the machine itself is still in the state before. */
  readonly state: string;
  readonly code: string;
  /** With placeholders for what differs: ids, numbers, quoted texts, paths. */
  readonly message: string;
  readonly count: number;
  /** Of the machines in it: start of the oldest and of the newest, ISO 8601. */
  readonly firstAt: string;
  readonly lastAt: string;
  /** Correlation id of one of them. */
  readonly example: string;
}

/** Counts and groups of failures of a part of all machines, which no index counts. */
export interface MachineTally {
  readonly counts: readonly MachineCount[];
  readonly failures: readonly FailureGroup[];
  /** Whether all were looked at. */
  readonly complete: boolean;
}

/** Finds machines. Injectable. All throw StoreUnavailableError. */
export abstract class MachineListing {
  /**
   * Newest first; by id where an id's prefix is asked for.
   *
   * @param page.cursor `next` of the page before. @default the first page
   * @param page.limit 1 to 200. @default 50
   * What is returned agrees with the machines as they are read. One that moves to another state while the list is read may be left out of a
   * list by state or status, as if it had moved a moment later or earlier.
   *
   * @throws InvalidFilterError naming the field
   */
  abstract list(filter: MachineFilter, page?: { readonly cursor?: string; readonly limit?: number }): Promise<MachinePage>;
  /** Live ones and those that are kept, of one definition or of all; by name, version, status. @throws InvalidFilterError */
  abstract counts(machine?: string, version?: number): Promise<readonly MachineCount[]>;
  /** The largest first. @throws InvalidFilterError */
  abstract failures(machine?: string, version?: number): Promise<readonly FailureGroup[]>;
  /**
   * The same of machines whose ids begin so, by looking at them one by one.
   *
   * @param filter with `idPrefix`, and `machine`, `machines` or `version` where they are wanted
   * @param atMost machines to look at. @default 10000
   * @throws InvalidFilterError
   */
  abstract tally(filter: MachineFilter & { readonly idPrefix: string }, atMost?: number): Promise<MachineTally>;
}
