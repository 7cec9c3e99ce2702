import { StileError, UnrecoverableError } from './errors';

/** A start that may be sent again later. Nothing was started. */
export abstract class StartRefusedError extends StileError {
  constructor(
    message: string,
    /** When it is worth while to try again, ms. */
    readonly retryAfterMs: number,
  ) {
    super(message);
  }
}

/** More starts in a second than its caller, tenant or definition may make. */
export class TooManyStartsError extends StartRefusedError {
  readonly code = 'TOO_MANY_STARTS';
  constructor(of: string, perSecond: number | undefined, afterMs: number) {
    const rate = perSecond === undefined ? 'as many as it may in a second' : `more than ${perSecond} in a second`;
    super(`${of} has started ${rate}; start again in ${afterMs} ms, or have the limit raised`, afterMs);
  }
}

/** The store's memory is nearly full: what is left is for the machines there are. */
export class MemoryShortError extends StartRefusedError {
  readonly code = 'MEMORY_SHORT';
  constructor(used: number, limit: number) {
    const percent = (share: number): string => `${Math.floor(share * 100)} %`;
    super(
      `${percent(used)} of the store's memory is used, and from ${percent(limit)} on nothing new is started; ` +
        'start it again later, give the store more memory, or keep finished machines for less long',
      5000,
    );
  }
}

/** An event or message has more data than allowed. Not retried. */
export class EventTooLargeError extends UnrecoverableError {
  override readonly code = 'EVENT_TOO_LARGE';
  constructor(
    what: string,
    readonly bytes: number,
    readonly limit: number,
  ) {
    super(`${what} has ${bytes} bytes of JSON, more than the ${limit} allowed; keep large data elsewhere and send its key`);
  }
}

/** A machine asks for more children, over its whole life, than allowed. Not retried. */
export class TooManyChildrenError extends UnrecoverableError {
  override readonly code = 'TOO_MANY_CHILDREN';
  constructor(
    readonly children: number,
    readonly limit: number,
  ) {
    super(
      `the machine would have ${children} children, more than the ${limit} allowed; start them from several machines, ` +
        'such as children that start children of their own',
    );
  }
}

/** A child of a child of a child …: more generations than allowed. It counts as a child that failed. */
export class ChildTooDeepError extends StileError {
  readonly code = 'CHILD_TOO_DEEP';
  constructor(
    readonly depth: number,
    readonly limit: number,
  ) {
    super(
      `it would be generation ${depth} of its family, more than the ${limit} allowed; does it start itself for ever? ` +
        'A schedule starts a machine again and again',
    );
  }
}
