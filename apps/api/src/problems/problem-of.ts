import {
  InvalidActError,
  InvalidEventError,
  InvalidFilterError,
  InvalidStartError,
  StileError,
  UndeclaredEventError,
} from '@stile/machine';
import { ApiProblem, type FieldProblem } from './api-problem';
import { isProblemCode, PROBLEMS, type ProblemCode } from './codes';
import type { ProblemDto } from './problem.dto';
import { maskToken } from './mask-token';

/** What the client is told of anything that was thrown. Nothing of an error that is not meant for it gets out. */
export function problemOf(error: unknown, instance: string): ProblemDto {
  if (error instanceof ApiProblem) return problem(error.code, error.detail, instance, error.errors);
  if (error instanceof InvalidFilterError) return problem('VALIDATION_FAILED', error.message, instance, [fieldProblem(error)]);
  if (error instanceof StileError && isProblemCode(error.code)) return stileProblem(error, error.code, instance);
  const status = statusOf(error);
  const code = status === undefined ? undefined : codeOfStatus(status);
  if (code === undefined) return problem('INTERNAL', 'the request failed for a reason that is in the log', instance);
  const refused = { ...problem(code, detailOf(code, error), instance) };
  if (code === 'REQUEST_REFUSED' && status !== undefined) refused.status = status;
  return refused;
}

function stileProblem(error: StileError, code: ProblemCode, instance: string): ProblemDto {
  if (code === 'STORE_UNAVAILABLE') {
    // Its message tells of hosts and ports, which are nobody's business out there.
    return problem(code, 'the store did not answer; what became of the request is not known, it may be sent again', instance);
  }
  const told = problem(code, error.message, instance, isFieldError(error) ? [fieldProblem(error)] : undefined);
  return error instanceof UndeclaredEventError ? { ...told, legal: error.legal } : told;
}

type FieldError = InvalidStartError | InvalidEventError | InvalidActError | InvalidFilterError;

function isFieldError(error: StileError): error is InvalidStartError | InvalidEventError | InvalidActError {
  return error instanceof InvalidStartError || error instanceof InvalidEventError || error instanceof InvalidActError;
}

/** Its message begins with the field's name. */
function fieldProblem({ field, message }: FieldError): FieldProblem {
  return { field, problem: message.replace(`${field} `, '') };
}

function problem(code: ProblemCode, detail: string, instance: string, errors?: readonly FieldProblem[]): ProblemDto {
  const { status, title } = PROBLEMS[code];
  const type = `urn:stile:problem:${code.toLowerCase().replaceAll('_', '-')}`;
  return { type, title, status, code, detail, instance, ...(errors ? { errors } : {}) };
}

/** Errors of Nest carry `getStatus()`, those of Express and its body parser `status`. */
function statusOf(error: unknown): number | undefined {
  if (!(typeof error === 'object' && error !== null)) return undefined;
  const { getStatus, status } = error as { getStatus?: () => number; status?: unknown };
  const value = typeof getStatus === 'function' ? getStatus.call(error) : status;
  return typeof value === 'number' && value >= 400 && value < 500 ? value : undefined;
}

function codeOfStatus(status: number): ProblemCode {
  switch (status) {
    case 400:
      return 'MALFORMED_REQUEST';
    case 404:
      return 'ROUTE_NOT_FOUND';
    case 413:
      return 'CONTENT_TOO_LARGE';
    case 415:
      return 'UNSUPPORTED_MEDIA_TYPE';
    default:
      return 'REQUEST_REFUSED';
  }
}

function detailOf(code: ProblemCode, error: unknown): string {
  const message = error instanceof Error ? error.message : PROBLEMS[code].title;
  switch (code) {
    case 'CONTENT_TOO_LARGE':
      return 'the body is larger than is allowed; keep large data elsewhere and its key here';
    case 'ROUTE_NOT_FOUND':
      return `${maskToken(message)}; /docs shows the routes there are`;
    case 'MALFORMED_REQUEST':
      // The router's message repeats what it cannot decode, which may be a callback token.
      return message.startsWith('Failed to decode param') ? 'the path cannot be decoded; write a % of its own as %25' : message;
    default:
      return message;
  }
}
