import type { NextFunction, Request, Response } from 'express';
import { ApiProblem } from '../problems/api-problem';

/**
 * Bodies are JSON and say so. A browser sends `text/plain` and forms across origins without asking first; `application/json` it
 * does not, so this is also what keeps other people's pages from starting machines.
 */
export function requireJson(request: Request, _response: Response, next: NextFunction): void {
  const { 'content-length': length, 'transfer-encoding': encoding, 'content-type': type } = request.headers;
  const hasBody = encoding !== undefined || (length !== undefined && length !== '0');
  if (!hasBody || isJson(type)) {
    next();
    return;
  }
  const given = type === undefined ? 'none' : `"${type}"`;
  next(new ApiProblem('UNSUPPORTED_MEDIA_TYPE', `Content-Type is ${given}; send application/json`));
}

function isJson(type: string | undefined): boolean {
  return type?.split(';', 1)[0]?.trim().toLowerCase() === 'application/json';
}
