import type { FieldProblem, ProblemCode } from './types';

/** What an answer said that is not a success, as problem details (RFC 9457). */
export interface Problem {
  readonly code: ProblemCode;
  readonly title: string;
  readonly detail: string;
  readonly errors?: readonly FieldProblem[];
  readonly legal?: readonly string[];
}

/** The API answered, and refused. */
export class StileApiError extends Error {
  override readonly name = 'StileApiError';

  constructor(
    /** HTTP status. */
    readonly status: number,
    /** Stable: match on this. `UNEXPECTED_ANSWER`: what answered is not Stile, such as a proxy. */
    readonly code: ProblemCode | 'UNEXPECTED_ANSWER',
    /** What is wrong, and the way out. */
    readonly detail: string,
    /** The fields at fault. */
    readonly errors: readonly FieldProblem[] = [],
    /** With UNDECLARED_EVENT: the events that the machine has. */
    readonly legal: readonly string[] = [],
    /** How long the server asks to wait before the same is sent again, ms: with 429 and 503. */
    readonly retryAfterMs?: number,
  ) {
    super(`${code}: ${detail}`);
  }
}

/** Nothing answered: it is not known what became of the request. */
export class StileConnectionError extends Error {
  override readonly name = 'StileConnectionError';

  constructor(
    readonly url: string,
    /** `TIMEOUT`: no answer in time · `UNREACHABLE`: no connection, or it broke. */
    readonly code: 'TIMEOUT' | 'UNREACHABLE',
    /** Of the last attempt. */
    detail: string,
    options?: ErrorOptions,
  ) {
    super(`${url}: ${detail}`, options);
  }
}

/** What the connection itself says: `fetch` hides it in a cause, or in the causes of that. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause, errors } = error as { cause?: unknown; errors?: readonly unknown[] };
  if (cause instanceof Error) return reasonOf(cause);
  if (errors?.[0] instanceof Error) return reasonOf(errors[0]);
  return error.message || error.name;
}
