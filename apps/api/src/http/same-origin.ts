import { isIP } from 'node:net';
import type { Request } from 'express';
import { ApiProblem } from '../problems/api-problem';

type Asked = Pick<Request, 'method' | 'headers'>;

const READING = new Set(['GET', 'HEAD']);

/**
 * For requests that a browser sends whichever page makes it: with the cookie of a session, or where nobody is asked who he is. What changes
 * something has to come from a page of ours. `Sec-Fetch-Site` is what the browser itself knows, whatever host a proxy has made of it; `Origin`
 * is for browsers before 2023 that do not send it, and for names without TLS.
 *
 * @param programs whether one that says neither may pass: a program, as a browser always says one of them
 * @throws ApiProblem ORIGIN_REFUSED
 */
export function refuseForeignPages({ method, headers }: Asked, { programs = false } = {}): void {
  const { origin, host, 'sec-fetch-site': site } = headers;
  if (READING.has(method) || site === 'same-origin') return;
  if (site === undefined && (origin === undefined ? programs : hostOf(origin) === host?.toLowerCase())) return;
  throw new ApiProblem(
    'ORIGIN_REFUSED',
    programs
      ? `a page of ${origin ?? 'another host'} may change nothing here; do it from a page of ${host ?? 'this host'}`
      : 'with the cookie of a session, what changes something comes from a page of Stile; programs use an API key',
  );
}

/**
 * Where nobody is asked who he is, a name must be one of our own. Any page of the web can have its own name lead here (DNS rebinding), and the
 * browser of somebody on this host takes us for that page's server then: it lets the page read and change everything. Addresses and
 * `localhost` lead nowhere but where they say.
 *
 * @param publicUrl where browsers are said to reach the API
 * @throws ApiProblem HOST_REFUSED
 */
export function refuseForeignNames({ headers }: Pick<Request, 'headers'>, publicUrl?: string): void {
  const { host = '' } = headers; // none at all is no browser's
  const name = host.toLowerCase().replace(/:\d*$/, '');
  const isOwn = name === '' || isIP(name.replace(/^\[(.*)\]$/, '$1')) !== 0 || /^(.+\.)?localhost$/.test(name);
  if (isOwn || (publicUrl !== undefined && new URL(publicUrl).hostname === name)) return;
  throw new ApiProblem(
    'HOST_REFUSED',
    `nobody is asked who he is here, so the API goes by no name that it does not know: use its address, or set STILE_PUBLIC_URL to http://${name}`,
  );
}

function hostOf(origin: string): string | undefined {
  return /^https?:\/\/(.+)$/.exec(origin.toLowerCase())?.[1];
}
