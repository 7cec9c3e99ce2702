import { backoffMs, sleep } from './backoff';
import { reasonOf, StileApiError, StileConnectionError, type Problem } from './errors';

export type Query = Readonly<Record<string, string | number | undefined>>;

export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With a slash first; ids in it are escaped already. */
  readonly path: string;
  readonly query?: Query;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether the same request twice does what one does. Only then is it sent again where its answer was lost. */
  readonly repeatable: boolean;
  /** Time that the server was asked to take before it answers, ms: added to the time limit. @default 0 */
  readonly waitMs?: number;
  readonly signal?: AbortSignal;
}

export interface TransportOptions {
  /** Where the API listens, such as `http://127.0.0.1:3000`. */
  readonly url: string;
  /** @default the global one */
  readonly fetch?: typeof fetch;
  /** An API key, or a token of an issuer that the API knows: sent as `authorization: Bearer …` with every request. @default none */
  readonly apiKey?: string;
  /** Sent with every request, too, such as what a proxy before the API wants. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Time that one attempt may take, ms. @default 10000 */
  readonly timeoutMs?: number;
  /** How often a request is sent again where that is safe. @default 3 */
  readonly retries?: number;
  /** Longest `Retry-After` of a 429 that is waited for, ms; with a longer one the refusal is thrown at once. @default 10000 */
  readonly maxRetryAfterMs?: number;
}

/** For tests. */
export interface TransportParts {
  readonly random: () => number;
  readonly sleep: typeof sleep;
}

/** Sends requests, and again where that is safe: the answer was lost and a repeat is recognised, or nothing was done (429). */
export class Transport {
  /** Without a slash at the end. */
  readonly url: string;
  private readonly fetch: typeof fetch;
  private readonly headers: Readonly<Record<string, string>>;
  private readonly timeoutMs: number;
  private readonly retries: number;
  private readonly maxRetryAfterMs: number;

  constructor(
    { url, fetch: given, apiKey, headers = {}, timeoutMs = 10_000, retries = 3, maxRetryAfterMs = 10_000 }: TransportOptions,
    readonly parts: TransportParts = { random: Math.random, sleep },
  ) {
    this.url = url.replace(/\/+$/, '');
    this.fetch = given ?? ((input, init) => fetch(input, init)); // a browser's wants to be called as a method of its window
    this.headers = apiKey === undefined ? headers : { ...headers, authorization: `Bearer ${apiKey}` };
    this.timeoutMs = timeoutMs;
    this.retries = retries;
    this.maxRetryAfterMs = maxRetryAfterMs;
  }

  /** @throws StileApiError, StileConnectionError */
  async json<T>(call: Call): Promise<T> {
    return (await (await this.send(call)).json()) as T;
  }

  /** @throws StileApiError, StileConnectionError */
  async text(call: Call): Promise<string> {
    return (await this.send(call)).text();
  }

  /** @throws StileApiError, StileConnectionError */
  async done(call: Call): Promise<void> {
    await this.send(call);
  }

  /** One attempt whose answer is read bit by bit: its time limit is for the head alone. @throws StileApiError, StileConnectionError */
  async open(call: Call): Promise<Response> {
    return this.attempt(call, false);
  }

  /** How long to wait before a request that failed is sent again, ms; nothing where it is not. */
  pauseMs(error: unknown, repeatable: boolean, attempt: number): number | undefined {
    const jitterMs = backoffMs(attempt, this.parts.random);
    if (!(error instanceof StileApiError && error.status === 429)) return repeatable && mayPass(error) ? jitterMs : undefined;
    // Stile refuses so before anything is done: whatever it was may come again. What a proxy has done nobody knows.
    if (!repeatable && error.code === 'UNEXPECTED_ANSWER') return undefined;
    const { retryAfterMs = 0 } = error;
    return retryAfterMs > this.maxRetryAfterMs ? undefined : retryAfterMs + jitterMs;
  }

  private async send(call: Call): Promise<Response> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.attempt(call, true);
      } catch (error) {
        const pauseMs = attempt < this.retries ? this.pauseMs(error, call.repeatable, attempt) : undefined;
        if (pauseMs === undefined) throw error;
        await this.parts.sleep(pauseMs, call.signal);
      }
    }
  }

  private async attempt(call: Call, whole: boolean): Promise<Response> {
    const limitMs = this.timeoutMs + (call.waitMs ?? 0);
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), limitMs);
    const signal = call.signal ? AbortSignal.any([call.signal, late.signal]) : late.signal;
    try {
      const response = await this.fetch(this.url + call.path + queryOf(call.query), {
        method: call.method,
        headers: this.headersOf(call),
        body: call.body === undefined ? undefined : JSON.stringify(call.body),
        signal,
      });
      if (!response.ok) throw await errorOf(response);
      // A connection may break within the body, too: only what came whole is an answer.
      return whole ? new Response(await response.arrayBuffer(), { headers: response.headers }) : response;
    } catch (error) {
      if (call.signal?.aborted) throw call.signal.reason as Error;
      if (error instanceof StileApiError) throw error;
      if (late.signal.aborted)
        throw new StileConnectionError(this.url, 'TIMEOUT', `no answer within ${limitMs} ms`, { cause: error });
      throw new StileConnectionError(this.url, 'UNREACHABLE', reasonOf(error), { cause: error });
    } finally {
      clearTimeout(timer);
    }
  }

  private headersOf({ body, headers }: Call): Record<string, string> {
    return { ...this.headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers };
  }
}

/** Whether the same may go well a moment later. */
function mayPass(error: unknown): boolean {
  return error instanceof StileConnectionError || (error instanceof StileApiError && error.code === 'STORE_UNAVAILABLE');
}

function queryOf(query: Query = {}): string {
  const given = Object.entries(query).filter((entry): entry is [string, string | number] => entry[1] !== undefined);
  return given.length === 0 ? '' : `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()}`;
}

async function errorOf(response: Response): Promise<StileApiError> {
  const { status } = response;
  const retryAfterMs = retryAfterOf(response.headers.get('retry-after'));
  const text = await response.text();
  const problem = problemIn(text);
  if (problem) return new StileApiError(status, problem.code, problem.detail, problem.errors, problem.legal, retryAfterMs);
  const began = text.trim().slice(0, 100);
  const detail = `${response.url || 'the server'} answered ${status}, and not as Stile does: ${began}`;
  return new StileApiError(status, 'UNEXPECTED_ANSWER', detail, [], [], retryAfterMs);
}

/** Seconds, or a date, as proxies may give it. Nothing where it is neither. */
function retryAfterOf(header: string | null): number | undefined {
  if (header === null) return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

function problemIn(text: string): Problem | undefined {
  try {
    const body = JSON.parse(text) as Partial<Problem> | null;
    return typeof body?.code === 'string' && typeof body.detail === 'string' ? (body as Problem) : undefined;
  } catch {
    return undefined;
  }
}
