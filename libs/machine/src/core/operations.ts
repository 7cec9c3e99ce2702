import { StileError } from './errors';
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

export const OPERATION_STATUSES = ['running', 'done', 'stopped'] as const;
export type OperationStatus = (typeof OPERATION_STATUSES)[number];

/** How an operation stands. Kept for 7 days after its end. Times are ISO 8601, server time. */
export interface OperationView {
  readonly id: string;
  readonly status: OperationStatus;
  readonly machine: string | null;
  readonly tag: { readonly key: string; readonly value: string } | null;
  readonly event: string;
  readonly by: string;
  /** Machines found so far; the sum of `delivered`, `ignored`, `refused` and `gone`. */
  readonly matched: number;
  /** Machines that have the event. */
  readonly delivered: number;
  /** Of those, machines in whose inbox it waited for a later state. One that a worker reached before it died is not told again. */
  readonly kept: number;
  /** Machines whose state drops this event. */
  readonly ignored: number;
  /** Machines that do not take it: undeclared there, rejected by the state, inbox full, set aside. */
  readonly refused: number;
  /** Machines that had ended, or were removed. */
  readonly gone: number;
  /** Of the refused ones, how many by error code. */
  readonly reasons: Readonly<Record<string, number>>;
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
  /** Nothing when there is none, or no longer. */
  abstract get(id: string): Promise<OperationView | undefined>;
  /** No further machine is reached, but for those that a worker has in hand; one that has ended stays as it is. @throws OperationNotFoundError */
  abstract stop(id: string): Promise<OperationView>;
}

/** A field of an operation cannot be used. */
export class InvalidOperationError extends StileError {
  readonly code = 'INVALID_OPERATION';
  constructor(
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
