import type { NextFunction, Request, Response } from 'express';
import { ApiProblem } from '../problems/api-problem';

const READING = new Set(['GET', 'HEAD']);

/**
 * For pages with buttons: what changes something must come from a page of the same host. A browser always says which page asks;
 * programs say nothing, and may.
 */
export function refuseOtherOrigins({ method, headers }: Request, _response: Response, next: NextFunction): void {
  const { origin, host } = headers;
  if (READING.has(method) || origin === undefined || hostOf(origin) === host?.toLowerCase()) {
    next();
    return;
  }
  next(
    new ApiProblem('ORIGIN_REFUSED', `a page of ${origin} may change nothing here; do it from a page of ${host ?? 'this host'}`),
  );
}

function hostOf(origin: string): string | undefined {
  return /^https?:\/\/(.+)$/.exec(origin.toLowerCase())?.[1];
}
