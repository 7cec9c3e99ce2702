import type { NextFunction, Request, Response } from 'express';
import { ApiProblem } from '../problems/api-problem';

const JSON_TYPE = 'application/json';
/** RFC 7396; JSON too, and not among the types that a browser sends unasked. */
export const MERGE_PATCH_TYPE = 'application/merge-patch+json';

/**
 * Bodies are JSON and say so. A browser sends `text/plain` and forms across origins without asking first; `application/json` it
 * does not, so this is also what keeps other people's pages from starting machines.
 */
export function requireJson(request: Request, _response: Response, next: NextFunction): void {
  const wanted = request.method === 'PATCH' ? [MERGE_PATCH_TYPE, JSON_TYPE] : [JSON_TYPE];
  const { 'content-length': length, 'transfer-encoding': encoding, 'content-type': type } = request.headers;
  const hasBody = encoding !== undefined || (length !== undefined && length !== '0');
  if (!hasBody || wanted.includes(bareType(type))) {
    next();
    return;
  }
  const given = type === undefined ? 'none' : `"${type}"`;
  next(new ApiProblem('UNSUPPORTED_MEDIA_TYPE', `Content-Type is ${given}; send ${wanted.join(' or ')}`));
}

function bareType(type = ''): string {
  return type.split(';', 1)[0]?.trim().toLowerCase() ?? '';
}
