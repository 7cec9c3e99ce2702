import type { TransportParts } from '../transport';

/** A request as a fake `fetch` saw it. */
export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: Record<string, unknown> | undefined;
}

export type Answer = (request: Seen) => Response | Promise<Response>;

/** A `fetch` that answers from a list, in order, and remembers what it was asked. */
export function fakeFetch(...answers: Answer[]): { fetch: typeof fetch; seen: Seen[] } {
  const seen: Seen[] = [];
  const fake: typeof fetch = async (input, init) => {
    const body = init?.body as string | undefined;
    const request: Seen = {
      method: init?.method ?? 'GET',
      url: input as string,
      headers: init?.headers as Record<string, string>,
      body: body === undefined ? undefined : (JSON.parse(body) as Record<string, unknown>),
    };
    const answer = answers[seen.length];
    seen.push(request);
    // Not thrown: that would look like a connection that failed, and be asked again.
    if (!answer) return problem(500, 'INTERNAL', { detail: `request ${seen.length} was not expected: ${request.url}` })(request);
    return answer(request);
  };
  return { fetch: fake, seen };
}

export const json =
  (body: unknown, status = 200, headers: Record<string, string> = {}): Answer =>
  () =>
    new Response(JSON.stringify(body), { status, headers });

export const problem = (status: number, code: string, more: object = {}, headers: Record<string, string> = {}): Answer =>
  json({ status, code, title: 't', detail: `${code} it is`, ...more }, status, headers);

/** A refusal of what is too much for now. */
export const tooMuch = (retryAfter: string, code = 'TOO_MANY_STARTS'): Answer =>
  problem(429, code, {}, { 'retry-after': retryAfter });

/** As `fetch` fails when nobody listens. */
export const refused: Answer = () => {
  throw new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED 127.0.0.1:1') });
};

/** Waits for nothing, and remembers how long it would have. */
export function instantly(random = 1): TransportParts & { readonly slept: number[] } {
  const slept: number[] = [];
  return {
    slept,
    random: () => random,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      slept.push(ms);
    },
  };
}
