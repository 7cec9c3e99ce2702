import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { checkInteger } from '../check';
import type { AnswerStore, BeginResult, FinishRequest, StoredAnswer } from './answer-store';
import { FENCE_HEADERS, FenceHeaderError, readFenceHeaders, type FencedRequest } from './fence-headers';
import { fenceProblem, FENCE_PROBLEMS, PROBLEM_TYPE, sendProblem } from './fence-problems';
import { fingerprintOf, type ParsedRequest } from './fingerprint';
import { holdAnswer, type HeldAnswer } from './hold-answer';

const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS', 'TRACE'];
const MAX_ANSWER_BYTES = 1_048_576;

export interface FenceGuardOptions {
  readonly store: AnswerStore;
  /** What the request writes; tokens compare within it. @default the machine, `Stile-Machine` */
  readonly scopeOf?: (request: ParsedRequest, sender: FencedRequest) => string;
  /** Refuses requests without the headers. False: they pass by unguarded. @default true */
  readonly required?: boolean;
  /** Whether an answer is final, so that repeats get it. The others are forgotten, and a repeat is handled anew. @default {@link isFinal} */
  readonly keeps?: (status: number) => boolean;
  /** Larger answers are sent, but not kept: repeats get 409 `ANSWER_NOT_KEPT`. @default 1048576 */
  readonly maxAnswerBytes?: number;
  /** Told when the store fails, or an answer came after its time. @default nothing */
  readonly onError?: (error: Error) => void;
}

/** What a guarded handler is told of the request: give it on to the sink that it writes through. */
export interface GuardedRequest extends FencedRequest {
  readonly scope: string;
}

const guarded = new WeakMap<object, GuardedRequest>();

/** Undefined where the request carries no token and need not. */
export function guardedRequest(request: object): GuardedRequest | undefined {
  return guarded.get(request);
}

/** Below 500, but for what says "not now": after an error of the server's own nobody knows whether the effect took place. */
export function isFinal(status: number): boolean {
  return status < 500 && ![408, 409, 425, 429].includes(status);
}

/**
 * Middleware of Express, and of Nest (`consumer.apply(fenceGuard(…)).forRoutes(…)`), for routes that machines call with
 * {@link fenceHeaders}. Follows draft-ietf-httpapi-idempotency-key-header, and refuses stale fence tokens. Stands behind the body parser
 * and behind whatever says who the caller is. GET, HEAD, OPTIONS and TRACE pass by.
 *
 * | answer | |
 * | --- | --- |
 * | 400 `FENCE_HEADER_UNUSABLE` | a header is missing or malformed; the detail names it |
 * | 409 `STALE_FENCE` | a later token of this run, or a later run, has been seen |
 * | 409 `REQUEST_IN_PROGRESS` | with `Retry-After`: the first request of this key, or one of an earlier token, is being handled |
 * | 422 `IDEMPOTENCY_KEY_REUSED` | the key came with another method, path or body |
 * | the first answer, `Idempotent-Replayed: true` | a repeat |
 *
 * The handler runs at least once per key: a process that dies in it is waited for (`lockMs`), then a repeat is let in. Where the effect
 * must not be doubled even so, let the handler write through a sink of its own, with the token of {@link guardedRequest}.
 */
export function fenceGuard(
  options: FenceGuardOptions,
): (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void {
  const { required = true, maxAnswerBytes = MAX_ANSWER_BYTES } = options;
  checkInteger('maxAnswerBytes', maxAnswerBytes, 1);
  return (request, response, next) => {
    const bare = Object.values(FENCE_HEADERS).every((name) => request.headers[name] === undefined);
    if (SAFE_METHODS.includes(request.method ?? '') || (bare && !required)) return next();
    admit(request, response, options, maxAnswerBytes).then((begun) => (begun ? next() : undefined), next);
  };
}

/** @returns whether the handler is to run; if not, the answer is given */
async function admit(
  request: ParsedRequest,
  response: ServerResponse,
  options: FenceGuardOptions,
  maxBytes: number,
): Promise<boolean> {
  const path = (request.originalUrl ?? request.url ?? '').split('?', 1)[0] ?? '';
  let sender: FencedRequest;
  try {
    sender = readFenceHeaders(request.headers);
  } catch (error) {
    if (!(error instanceof FenceHeaderError)) throw error;
    sendProblem(response, 'FENCE_HEADER_UNUSABLE', error.message, path);
    return false;
  }
  const scope = options.scopeOf?.(request, sender) ?? sender.correlationId;
  const place: FinishRequest = { scope, key: sender.idempotencyKey, attempt: randomUUID() };
  const { runId, fence } = sender;
  const fingerprint = fingerprintOf(request);
  let result: BeginResult;
  try {
    result = await options.store.begin({ ...place, runId, fence, fingerprint });
  } catch (error) {
    tell(options.onError, error as Error);
    // Perhaps it was taken and only its reply was lost: then repeats would find it in progress until its time is over.
    options.store.finish(place, undefined).catch(() => undefined);
    sendProblem(response, 'FENCE_STORE_UNAVAILABLE', 'nothing was done; send the request again', path);
    return false;
  }
  if (result.outcome !== 'begun') {
    refuse(response, result, sender, path);
    return false;
  }
  guarded.set(request, { ...sender, scope });
  holdAnswer(response, (answer) => finish(options, place, answer, path, maxBytes));
  return true;
}

function refuse(
  response: ServerResponse,
  result: Exclude<BeginResult, { outcome: 'begun' }>,
  sender: FencedRequest,
  path: string,
) {
  switch (result.outcome) {
    case 'answered': {
      const { status, headers, body } = result.answer;
      response.statusCode = status;
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
      response.setHeader('Idempotent-Replayed', 'true');
      response.end(Buffer.from(body, 'base64'));
      return;
    }
    case 'stale': {
      const { fence, runId } = result.kept;
      const seen = `fence ${fence} of run ${runId} has been seen; this is fence ${sender.fence} of run ${sender.runId}: stop`;
      return sendProblem(response, 'STALE_FENCE', seen, path);
    }
    case 'busy':
      return sendProblem(response, 'REQUEST_IN_PROGRESS', 'send the same again once that request is over', path);
    case 'mismatch': {
      const detail = `Idempotency-Key ${sender.idempotencyKey} came with another method, path or body before; give each effect a key of its own`;
      return sendProblem(response, 'IDEMPOTENCY_KEY_REUSED', detail, path);
    }
  }
}

/**
 * The effect took place by now. A process that dies before this is done leaves the request in progress until its time is over; then a
 * repeat is handled once more. Where the store fails it is the same, and the client is told the truth nevertheless.
 */
async function finish(
  { store, keeps = isFinal, onError }: FenceGuardOptions,
  place: FinishRequest,
  answer: HeldAnswer,
  path: string,
  maxBytes: number,
): Promise<void> {
  try {
    const kept = await store.finish(place, keeps(answer.status) ? storedAnswer(answer, path, maxBytes) : undefined);
    if (!kept)
      tell(onError, new Error(`${path}: the request of ${place.key} took longer than lockMs, and a repeat was let in meanwhile`));
  } catch (error) {
    tell(onError, error as Error);
  }
}

/** What the caller's own code throws there must not keep the answer from the client. */
function tell(onError: FenceGuardOptions['onError'], error: Error): void {
  try {
    onError?.(error);
  } catch {
    // it has been told
  }
}

function storedAnswer({ status, headers, body }: HeldAnswer, path: string, maxBytes: number): StoredAnswer {
  if (body.length <= maxBytes) return { status, headers, body: body.toString('base64') };
  const detail = `it was ${status} with ${body.length} bytes; read what became of it`;
  const problem = Buffer.from(fenceProblem('ANSWER_NOT_KEPT', detail, path)).toString('base64');
  return { status: FENCE_PROBLEMS.ANSWER_NOT_KEPT.status, headers: { 'content-type': PROBLEM_TYPE }, body: problem };
}
