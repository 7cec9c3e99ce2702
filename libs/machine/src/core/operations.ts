import { StileError } from './errors';
import type { MachineFilter } from './listing';
import type { Act } from './steering';
import type { Json } from './step';

/** An event for all machines of one name, or all with one tag: those that were started before the operation, in the order of their start. */
export interface SendToMany {
  /** Names the operation, `[A-Za-z0-9_.-]{1,100}`: the same one twice, with the same request, is one operation. @default a new UUID */
  readonly id?: string;
  /** Name of a machine. Either this or `tag`. */
  readonly machine?: string;
  readonly tag?: { readonly key: string; readonly value: string };
  readonly event: string;
  /** Any JSON, at most 256 KB of it. @default none */
  readonly data?: Json;
  /** Who does it, at most 128 characters. @default '' */
  readonly by?: string;
}

export const BULK_ACTS = ['retry', 'cancel', 'pause', 'resume'] as const;
export type BulkAct = (typeof BULK_ACTS)[number];

/** Machines that an operation is for. All of them only where that is said: an empty filter is more often a mistake than a wish. */
export type OperationFilter = MachineFilter | { readonly all: true };

/** What `MachineSteering` does to one machine, done to each that matches: those that were started before the operation, newest first. */
export interface ActOnMany extends Act {
  /** As in `SendToMany`. @default a new UUID */
  readonly id?: string;
  readonly act: BulkAct;
  /** Of `cancel`. @default graceful */
  readonly mode?: 'graceful' | 'now';
  readonly filter: OperationFilter;
}

/** Retries the machines of a group of failures in waves of 1, 2, 4 … up to 100, and stops by itself where they fail again. */
export interface Redrive extends Act {
  /** As in `SendToMany`. @default a new UUID */
  readonly id?: string;
  /** Id of the group. */
  readonly group: string;
  /** Machines to retry, from 1. @default all that are in it */
  readonly count?: number;
}

export const OPERATION_ACTS = ['send', ...BULK_ACTS, 'redrive'] as const;
export type OperationAct = (typeof OPERATION_ACTS)[number];

export const OPERATION_STATUSES = ['running', 'done', 'stopped'] as const;
export type OperationStatus = (typeof OPERATION_STATUSES)[number];

/** `they fail again`: of a wave of a redrive, more than half. */
export const STOP_CAUSES = ['asked', 'they fail again'] as const;
export type StopCause = (typeof STOP_CAUSES)[number];

/** How an operation stands. Kept for 7 days after its end. Times are ISO 8601, server time. */
export interface OperationView {
  readonly id: string;
  readonly act: OperationAct;
  readonly status: OperationStatus;
  /** Null where it was not stopped. */
  readonly stoppedBecause: StopCause | null;
  /** Whom it is for. Of a send: `machine` or `tag`; of a redrive: `failure`. */
  readonly filter: OperationFilter;
  /** `machine` of the filter. */
  readonly machine: string | null;
  /** `tag` of the filter. */
  readonly tag: { readonly key: string; readonly value: string } | null;
  /** Of a send. */
  readonly event: string | null;
  /** Of a cancel. */
  readonly mode: 'graceful' | 'now' | null;
  readonly by: string;
  readonly why: string;
  /** How many matched when it was started, where counts tell: an estimate, for machines come and go. Null where they do not. */
  readonly total: number | null;
  /** Machines that are done with so far; the sum of `done`, `ignored`, `refused` and `gone`. */
  readonly matched: number;
  /** Machines that took it: are retried, cancelled, paused or resumed; of a send: have the event. */
  readonly done: number;
  /** Of a send: machines that have the event, the same as `done`; else 0. */
  readonly delivered: number;
  /** Of those, machines in whose inbox it waited for a later state. One that a worker reached before it died is not told again. */
  readonly kept: number;
  /** Of a send: machines whose state drops this event. */
  readonly ignored: number;
  /** Machines that do not take it. Of a send: undeclared there, rejected by the state, inbox full, set aside; of an act: it does not suit their status. */
  readonly refused: number;
  /** Machines that were removed; of a send: or had ended. */
  readonly gone: number;
  /** Of the refused ones, how many by error code. */
  readonly reasons: Readonly<Record<string, number>>;
  /** Of a redrive: machines whose step has failed again within the time that their wave was watched; else 0. */
  readonly failedAgain: number;
  readonly startedAt: string;
  readonly finishedAt: string | null;
}

/** Acts on many machines, in the background: workers do it, and go on where one of them died. Injectable. All throw StoreUnavailableError. */
export abstract class Operations {
  /**
   * Sends an event to each machine, de-duplicated there: a machine that is reached twice takes it once.
   *
   * @returns the operation's id
   * @throws InvalidOperationError, UnknownMachineError, UndeclaredEventError (no published version has it), OperationTakenError
   */
  abstract sendToMany(request: SendToMany): Promise<string>;
  /**
   * Retries, cancels, pauses or resumes each machine that matches when the operation comes by. A machine that it has reached is not
   * acted on again, also where it matches again later.
   *
   * @returns the operation's id
   * @throws InvalidOperationError, UnknownMachineError, UnknownVersionError, InvalidFilterError, OperationTakenError
   */
  abstract act(request: ActOnMany): Promise<string>;
  /**
   * Retries the machines of a group of failures, a few at first, and stops when they fail again.
   *
   * @returns the operation's id
   * @throws InvalidOperationError, FailureGroupNotFoundError, OperationTakenError
   */
  abstract redrive(request: Redrive): Promise<string>;
  /** Those that run and those that are kept, newest first, at most 100. */
  abstract list(): Promise<readonly OperationView[]>;
  /** Nothing when there is none, or no longer. */
  abstract get(id: string): Promise<OperationView | undefined>;
  /** No further machine is reached, but for those that a worker has in hand; one that has ended stays as it is. @throws OperationNotFoundError */
  abstract stop(id: string): Promise<OperationView>;
}

/** A field of an operation cannot be used. */
export class InvalidOperationError extends StileError {
  readonly code = 'INVALID_OPERATION';
  constructor(
    /** As a path, e.g. `filter.tag`. */
    readonly field: string,
    readonly value: unknown,
    problem: string,
  ) {
    super(`${field} ${problem}`);
  }
}

export class OperationNotFoundError extends StileError {
  readonly code = 'OPERATION_NOT_FOUND';
  constructor(readonly operation: string) {
    super(`there is no operation "${operation}"; it may have been removed, 7 days after its end`);
  }
}

/** The id belongs to another request. */
export class OperationTakenError extends StileError {
  readonly code = 'OPERATION_ID_TAKEN';
  constructor(readonly operation: string) {
    super(`operation "${operation}" is another request; send that one again, or take another id`);
  }
}

/** No failed machine is in such a group, or no longer. */
export class FailureGroupNotFoundError extends StileError {
  readonly code = 'FAILURE_GROUP_NOT_FOUND';
  constructor(readonly group: string) {
    super(
      `there is no group "${group}" of failures; its machines may have been retried, cancelled or removed: list the groups again`,
    );
  }
}
