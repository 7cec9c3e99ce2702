import { request as httpRequest, type Agent, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { Readable } from 'node:stream';
import { guardedAgents, type OutgoingOptions } from './guarded-agents';

/** As of `fetch`, with a body that can be sent again. */
export interface OutgoingRequest {
  /** @default GET */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly signal?: AbortSignal;
  /** Redirects to follow; the next one is an error. Each is judged as the first request was. @default 5 */
  readonly maxRedirects?: number;
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const BODILESS = new Set([101, 204, 205, 304]);
/** Meant for whom they were given to. */
const SECRETS = new Set(['authorization', 'cookie', 'proxy-authorization']);

/**
 * A `fetch` for addresses that users gave: it connects to public ones only, redirects included (see {@link guardedAgents}), and speaks http and
 * https only. Answers are not decompressed: none are asked for that would have to be.
 *
 * @throws BlockedAddressError (as `cause` of nothing: it is thrown itself), TypeError for another scheme or too many redirects, and what the
 * connection ends with
 */
export function guardedFetch(options: OutgoingOptions = {}): (url: string | URL, init?: OutgoingRequest) => Promise<Response> {
  const agents = guardedAgents(options);
  const send = (url: URL, init: OutgoingRequest): Promise<IncomingMessage> => {
    const https = url.protocol === 'https:';
    if (!https && url.protocol !== 'http:') throw new TypeError(`the scheme of ${url.protocol}//… is neither http nor https`);
    return answerOf(https ? httpsRequest : httpRequest, url, init, https ? agents.https : agents.http);
  };
  return async (given, first = {}) => {
    let url = new URL(given);
    let init = first;
    for (let followed = 0; ; followed++) {
      const answer = await send(url, init);
      const { location } = answer.headers;
      if (!REDIRECTS.has(answer.statusCode ?? 0) || location === undefined) return responseOf(answer, init);
      answer.destroy(); // its body is nobody's
      if (followed === (first.maxRedirects ?? 5))
        throw new TypeError(`${url.origin} redirects again, after ${followed} redirects`);
      const next = new URL(location, url);
      init = redirected(init, answer.statusCode ?? 0, next.origin === url.origin);
      url = next;
    }
  };
}

function answerOf(
  request: typeof httpRequest,
  url: URL,
  { method = 'GET', headers = {}, body, signal }: OutgoingRequest,
  agent: Agent,
): Promise<IncomingMessage> {
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const options: RequestOptions = { method, agent, headers: { 'accept-encoding': 'identity', ...headers, ...length } };
  return new Promise((resolve, reject) => {
    const sent = request(url, signal ? { ...options, signal } : options, resolve);
    sent.on('error', reject);
    sent.end(body);
  });
}

/** The Fetch standard's rules. */
function redirected(init: OutgoingRequest, status: number, sameOrigin: boolean): OutgoingRequest {
  const { method = 'GET' } = init;
  const toGet = (status === 303 && method !== 'HEAD') || ((status === 301 || status === 302) && method === 'POST');
  const kept = Object.entries(init.headers ?? {}).filter(([name]) => {
    const lower = name.toLowerCase();
    return (sameOrigin || !SECRETS.has(lower)) && !(toGet && lower.startsWith('content-'));
  });
  const { body, ...rest } = init;
  const sends = toGet || body === undefined ? {} : { body };
  return { ...rest, ...sends, method: toGet ? 'GET' : method, headers: Object.fromEntries(kept) };
}

function responseOf(answer: IncomingMessage, { method }: OutgoingRequest): Response {
  const status = answer.statusCode ?? 500;
  const headers = new Headers();
  for (let i = 0; i + 1 < answer.rawHeaders.length; i += 2) {
    headers.append(answer.rawHeaders[i] as string, answer.rawHeaders[i + 1] as string);
  }
  const bodiless = method === 'HEAD' || BODILESS.has(status);
  if (bodiless) answer.resume();
  const body = bodiless ? null : (Readable.toWeb(answer) as ReadableStream<Uint8Array>);
  return new Response(body, { status, statusText: answer.statusMessage ?? '', headers });
}
