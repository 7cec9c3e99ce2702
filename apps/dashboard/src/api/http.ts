import { problemOf } from '../logic/problem';
import { noteAnswer, noteSilence } from './link';
import { noteServerTime } from './server-clock';
import type { Problem } from './types';

/** Longer than any route takes but those that wait on purpose, which the page does not use. */
const TIMEOUT_MS = 15_000;
/** What a proxy says while nobody is behind it. */
const AWAY = new Set([502, 504]);

/** What the API refused, or that it did not answer. */
export class ApiError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
  }

  /** The API is older than the page, or built without this part. */
  get isMissingRoute(): boolean {
    return this.problem.code === 'ROUTE_NOT_FOUND';
  }
}

export interface Request {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly body?: unknown;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

const refused = new Set<() => void>();

/** Calls when the API asks who one is: the session has ended. @returns what ends it */
export function onRefused(listener: () => void): () => void {
  refused.add(listener);
  return () => void refused.delete(listener);
}

/** @throws ApiError; DOMException AbortError when `signal` says so */
export async function ask<T>(path: string, request: Request = {}): Promise<T> {
  const response = await send(path, request);
  const text = await response.text();
  if (!response.ok) throw new ApiError(problemOf(response.status, text));
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

/** As {@link ask}, for what is not JSON. */
export async function askText(path: string, request: Request = {}): Promise<string> {
  const response = await send(path, request);
  const text = await response.text();
  if (!response.ok) throw new ApiError(problemOf(response.status, text));
  return text;
}

async function send(path: string, { method = 'GET', body, type, headers, signal }: Request): Promise<Response> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const init: RequestInit = {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': type ?? 'application/json' }) },
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
  try {
    const response = await fetch(path, init);
    noteServerTime(response.headers.get('date'));
    if (response.status === 401) for (const listener of refused) listener();
    if (AWAY.has(response.status)) noteSilence();
    else noteAnswer();
    return response;
  } catch (error) {
    if (signal?.aborted) throw error;
    noteSilence();
    throw new ApiError({ status: 0, code: 'NO_ANSWER', title: 'The API does not answer', detail: silence(method) });
  }
}

function silence(method: string): string {
  return method === 'GET'
    ? 'nothing came back; it is asked again by itself'
    : 'nothing came back: it may have been done or not; look before you do it again';
}
