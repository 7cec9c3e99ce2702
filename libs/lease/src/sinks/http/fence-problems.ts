import type { ServerResponse } from 'node:http';

/** Codes are stable: clients match on them, never on titles or details. */
export const FENCE_PROBLEMS = {
  FENCE_HEADER_UNUSABLE: { status: 400, title: 'A header is missing or cannot be used' },
  STALE_FENCE: { status: 409, title: 'A later fence token has been seen' },
  REQUEST_IN_PROGRESS: { status: 409, title: 'An earlier request is being handled' },
  ANSWER_NOT_KEPT: { status: 409, title: 'The request was handled, its answer was too large to be kept' },
  IDEMPOTENCY_KEY_REUSED: { status: 422, title: 'The idempotency key was used for another request' },
  FENCE_STORE_UNAVAILABLE: { status: 503, title: 'The store of tokens and answers cannot be reached' },
} as const;

export type FenceProblemCode = keyof typeof FENCE_PROBLEMS;

/** These say: not now. The others say: never. */
const LATER: readonly FenceProblemCode[] = ['REQUEST_IN_PROGRESS', 'FENCE_STORE_UNAVAILABLE'];
const RETRY_AFTER_SECONDS = '1';

/** Problem details of RFC 9457, in the form that Stile's own API has. */
export function fenceProblem(code: FenceProblemCode, detail: string, instance: string): string {
  const { status, title } = FENCE_PROBLEMS[code];
  const type = `urn:stile:problem:${code.toLowerCase().replaceAll('_', '-')}`;
  return JSON.stringify({ type, title, status, code, detail, instance });
}

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

export function sendProblem(response: ServerResponse, code: FenceProblemCode, detail: string, instance: string): void {
  response.statusCode = FENCE_PROBLEMS[code].status;
  response.setHeader('Content-Type', PROBLEM_TYPE);
  if (LATER.includes(code)) response.setHeader('Retry-After', RETRY_AFTER_SECONDS);
  response.end(fenceProblem(code, detail, instance));
}
