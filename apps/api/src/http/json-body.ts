import type { NextFunction, Request, Response } from 'express';
import { ApiProblem } from '../problems/api-problem';

/** Right after the body parser: says that it was the body which could not be read, in the parser's words, or was too large. */
export function nameJsonFaults(error: unknown, _request: Request, _response: Response, next: NextFunction): void {
  const { type, message, limit } = error as { type?: unknown; message?: unknown; limit?: unknown };
  if (type === 'entity.too.large') {
    const allowed = `the ${String(limit)} bytes allowed; keep large data elsewhere and its key here, or have STILE_LIMIT_BODY raised`;
    next(new ApiProblem('CONTENT_TOO_LARGE', `the body is larger than ${allowed}`));
    return;
  }
  if (type !== 'entity.parse.failed') {
    next(error);
    return;
  }
  next(new ApiProblem('MALFORMED_REQUEST', `the body is not JSON: ${String(message)}; mend it there and send it again`));
}

/** The parser takes an empty body for `{}`, of which every field would be missing; missing is the body. */
export function emptyIsNoBody(request: Request, _response: Response, next: NextFunction): void {
  if (request.headers['content-length'] === '0') request.body = undefined;
  next();
}
