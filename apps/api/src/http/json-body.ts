import type { NextFunction, Request, Response } from 'express';
import { ApiProblem } from '../problems/api-problem';

/** Right after the body parser: says that it was the body which could not be read, in the parser's words. */
export function nameJsonFaults(error: unknown, _request: Request, _response: Response, next: NextFunction): void {
  const { type, message } = error as { type?: unknown; message?: unknown };
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
