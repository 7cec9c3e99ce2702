/** The lease store could not be reached or could not answer. Says nothing about who holds the lease. */
export class LeaseUnavailableError extends Error {
  readonly code = 'LEASE_UNAVAILABLE';
  constructor(id: string, cause: unknown) {
    super(`lease store unavailable for "${id}": ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
    this.name = 'LeaseUnavailableError';
  }
}

/** The lease ran out, or another has it: stop, and change nothing more. The reason of a keeper's aborted signal. */
export class LeaseLostError extends Error {
  readonly code = 'LEASE_LOST';
  constructor(message = 'the lease was lost') {
    super(message);
    this.name = 'LeaseLostError';
  }
}
