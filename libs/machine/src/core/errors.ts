/** Base of Stile's errors. `code` is stable and may be matched on; messages may change. */
export abstract class StileError extends Error {
  abstract readonly code: string;
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** Symbol.for: an action may throw what another copy of this package made, where the worker is not of the user's own app. */
const UNRECOVERABLE = Symbol.for('stile:unrecoverable');

/** Thrown by an action: do not retry; go to `onExhausted` or fail the machine at once. */
export class UnrecoverableError extends StileError {
  readonly code: string = 'UNRECOVERABLE';
  /** @internal */
  get [UNRECOVERABLE](): boolean {
    return true;
  }
}

export function isUnrecoverable(error: unknown): boolean {
  return typeof error === 'object' && error !== null && UNRECOVERABLE in error;
}

/** Thrown by an action: this attempt failed, try again in exactly `ms` milliseconds (spends a retry). */
export class RetryAfterError extends StileError {
  readonly code = 'RETRY_AFTER';
  constructor(
    readonly ms: number,
    message = `retry after ${ms} ms`,
    options?: ErrorOptions,
  ) {
    if (!Number.isFinite(ms) || ms < 0) throw new RangeError(`RetryAfterError: ms is ${ms}; give a number ≥ 0`);
    super(message, options);
  }
}

/** The ms of a `RetryAfterError`, of this copy of the package or another. */
export function retryAfterMs(error: unknown): number | undefined {
  const { code, ms } = (typeof error === 'object' && error !== null ? error : {}) as Partial<RetryAfterError>;
  return code === 'RETRY_AFTER' && typeof ms === 'number' && ms >= 0 ? ms : undefined;
}

/** The context an action left behind is not JSON. Not retried: the same code would do the same again. */
export class ContextError extends UnrecoverableError {
  override readonly code = 'CONTEXT_NOT_JSON';
  constructor(
    /** Where, as a path such as `$.items[3].price`. */
    readonly path: string,
    problem: string,
  ) {
    super(`context at ${path} ${problem}`);
  }
}

/** The context is JSON but larger than allowed. Not retried. */
export class ContextTooLargeError extends UnrecoverableError {
  override readonly code = 'CONTEXT_TOO_LARGE';
  constructor(
    readonly bytes: number,
    readonly limit: number,
  ) {
    super(`context has ${bytes} bytes of JSON, more than the ${limit} allowed; keep large data elsewhere and its key here`);
  }
}

/** An action returned an event that the state does not have. The machine fails at once. */
export class UnknownEventError extends StileError {
  readonly code = 'UNKNOWN_EVENT';
  constructor(
    readonly state: string,
    readonly event: string,
    readonly legal: readonly string[],
  ) {
    super(
      `state "${state}" has no transition for event "${event}"; ` +
        (legal.length > 0 ? `it has: ${legal.map((name) => `"${name}"`).join(', ')}` : 'it has none'),
    );
  }
}

/** More than 100 `local` transitions in one step: a loop that never commits. */
export class LocalChainError extends UnrecoverableError {
  override readonly code = 'LOCAL_CHAIN_TOO_LONG';
  constructor(state: string, limit: number) {
    super(`more than ${limit} local transitions in one step, at state "${state}"; make one of them a committed transition`);
  }
}

/** All problems of one or more definitions, together. */
export class DefinitionError extends StileError {
  readonly code = 'INVALID_DEFINITION';
  constructor(readonly problems: readonly Problem[]) {
    super(
      `${problems.length} ${problems.length === 1 ? 'problem' : 'problems'} in machine definitions:\n` +
        problems.map((problem) => `  ${formatProblem(problem)}`).join('\n'),
    );
  }
}

export interface Problem {
  readonly severity: 'error' | 'warning';
  /** Stable and greppable, e.g. `missing-target`. */
  readonly rule: string;
  readonly message: string;
  /** Where, for YAML: file as given and line from 1. */
  readonly file?: string;
  readonly line?: number;
  /** Where, otherwise: e.g. `machine "order", state "charge"`. */
  readonly where?: string;
}

export function formatProblem(problem: Problem): string {
  const place = problem.file !== undefined ? `${problem.file}:${problem.line ?? 1}` : problem.where;
  return `${place === undefined ? '' : `${place}: `}${problem.severity}: ${problem.message} [${problem.rule}]`;
}

/** The machine's record is garbage, or gone while it was alive. It is set aside with a reason, and nothing of it is deleted. */
export class QuarantinedError extends StileError {
  readonly code = 'MACHINE_QUARANTINED';
  constructor(
    readonly correlationId: string,
    readonly reason: string,
  ) {
    super(`machine "${correlationId}" is quarantined: ${reason}`);
  }
}

/** A start names a machine that no worker has published. */
export class UnknownMachineError extends StileError {
  readonly code = 'UNKNOWN_MACHINE';
  constructor(
    readonly machine: string,
    known: readonly string[],
  ) {
    super(
      `no worker has published a machine named "${machine}"; ` +
        (known.length > 0
          ? `there is: ${known.join(', ')}; name one of these, or start a worker that has it`
          : 'none is published yet: start a worker first'),
    );
  }
}

/** A start names a version that no worker has published. */
export class UnknownVersionError extends StileError {
  readonly code = 'UNKNOWN_VERSION';
  constructor(machine: string, version: number, known: readonly number[]) {
    super(`machine "${machine}" has no version ${version}; it has: ${known.join(', ')}`);
  }
}

/** A field of a start cannot be used. */
export class InvalidStartError extends StileError {
  readonly code = 'INVALID_START';
  constructor(
    readonly field: string,
    readonly value: unknown,
    problem: string,
  ) {
    super(`${field} ${problem}`);
  }
}

/** Redis could not be reached, or refused to answer. Nothing is known of what was asked; the same request may be sent again. */
export class StoreUnavailableError extends StileError {
  readonly code = 'STORE_UNAVAILABLE';
  /** @param passes false where the same request would be refused again, however long one waits. @default true */
  constructor(
    cause: unknown,
    readonly passes = true,
  ) {
    super(`the store is unavailable: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** Redis or what is in it is not fit for Stile. Says what is wrong and what to type. */
export class StoreUnfitError extends StileError {
  readonly code = 'STORE_UNFIT';
}

/** There is no such machine, or no longer. */
export class MachineNotFoundError extends StileError {
  readonly code = 'MACHINE_NOT_FOUND';
  constructor(readonly correlationId: string) {
    super(`there is no machine "${correlationId}"; it may have been removed after its retention time`);
  }
}

/** The machine has completed, failed or been cancelled: it takes no events. */
export class MachineEndedError extends StileError {
  readonly code = 'MACHINE_ENDED';
  constructor(
    readonly correlationId: string,
    readonly status: string,
  ) {
    const how = status === 'cancelled' ? 'been cancelled' : status;
    const wayOut = status === 'failed' ? 'retry it, then send the event again' : 'start another one, under another id';
    super(`machine "${correlationId}" has ${how}: it takes no more events; ${wayOut}`);
  }
}

/** No state of the machine has this event: no state could ever take it. */
export class UndeclaredEventError extends StileError {
  readonly code = 'UNDECLARED_EVENT';
  constructor(
    machine: string,
    version: number,
    readonly event: string,
    readonly legal: readonly string[],
  ) {
    super(`no state of ${machine}@${version} has event "${event}"; it has: ${legal.join(', ') || 'none'}`);
  }
}

/** The state that the machine waits in refuses this event. */
export class EventRejectedError extends StileError {
  readonly code = 'EVENT_REJECTED';
  constructor(correlationId: string, state: string, event: string) {
    super(
      `machine "${correlationId}" waits in state "${state}", which refuses event "${event}"; send it when the machine has left that state`,
    );
  }
}

/** As many events as allowed wait for a state to take them. */
export class InboxFullError extends StileError {
  readonly code = 'INBOX_FULL';
  constructor(
    correlationId: string,
    readonly limit: number,
  ) {
    super(`${limit} events wait in the inbox of machine "${correlationId}", as many as it keeps; send this one again later`);
  }
}

/** A field of an event cannot be used. */
export class InvalidEventError extends StileError {
  readonly code = 'INVALID_EVENT';
  constructor(
    readonly field: string,
    readonly value: unknown,
    problem: string,
  ) {
    super(`${field} ${problem}`);
  }
}

/** A result, heartbeat, message or event datum is not JSON, or has more of it than allowed. Not retried. */
export class ResultError extends UnrecoverableError {
  override readonly code = 'RESULT_UNUSABLE';
}

/** The attempt took longer than its state allows. Its signal was aborted; it counts as failed. */
export class StepTimeoutError extends StileError {
  readonly code = 'TIMEOUT';
  constructor(state: string, ms: number) {
    super(`state "${state}" has not ended its actions within ${ms} ms`);
  }
}

/** The machine has not ended by its deadline. */
export class DeadlineError extends UnrecoverableError {
  override readonly code = 'DEADLINE';
  constructor() {
    super('the machine has not ended by its deadline');
  }
}

/** The signal of a step whose machine is cancelled is aborted with this. */
export class CancelledError extends StileError {
  readonly code = 'CANCELLED';
}

/** The token is unknown, used or expired, or its machine has left the state that handed it out. */
export class CallbackGoneError extends StileError {
  readonly code = 'CALLBACK_GONE';
  constructor() {
    super('this callback token is unknown, used or expired, or the machine has left the state that handed it out');
  }
}

/** The machine's status does not allow this act. */
export class SteeringRefusedError extends StileError {
  readonly code = 'STEERING_REFUSED';
  constructor(
    act: string,
    readonly correlationId: string,
    readonly status: string,
    wayOut: string,
  ) {
    super(`cannot ${act} machine "${correlationId}": it is ${status}; ${wayOut}`);
  }
}

/** The machine has changed since it was read. */
export class RevisionError extends StileError {
  readonly code = 'REVISION_CHANGED';
  constructor(
    correlationId: string,
    given: string,
    readonly current: string,
  ) {
    super(`machine "${correlationId}" is at revision ${current}, not ${given}: read it again and repeat what you meant`);
  }
}

/** A field of an operator's act cannot be used. */
export class InvalidActError extends StileError {
  readonly code = 'INVALID_ACT';
  constructor(
    readonly field: string,
    readonly value: unknown,
    problem: string,
  ) {
    super(`${field} ${problem}`);
  }
}
