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

/**
 * The same for requests that a browser's cookie lets in, where nothing may be left unsaid. `Sec-Fetch-Site` is what the browser itself
 * knows, whatever host a proxy has made of it; `Origin` is for browsers before 2023 that do not send it.
 *
 * @throws ApiProblem ORIGIN_REFUSED
 */
export function refuseForeignPages({ method, headers }: Pick<Request, 'method' | 'headers'>): void {
  const { origin, host, 'sec-fetch-site': site } = headers;
  if (READING.has(method) || site === 'same-origin') return;
  if (site === undefined && origin !== undefined && hostOf(origin) === host?.toLowerCase()) return;
  throw new ApiProblem(
    'ORIGIN_REFUSED',
    'with the cookie of a session, what changes something comes from a page of Stile; programs use an API key',
  );
}

function hostOf(origin: string): string | undefined {
  return /^https?:\/\/(.+)$/.exec(origin.toLowerCase())?.[1];
}
