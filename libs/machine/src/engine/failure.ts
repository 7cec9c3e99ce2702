import { isNativeError } from 'node:util/types';
import type { Definition, State } from '../core/definition';
import { DeadlineError, isUnrecoverable, retryAfterMs, UnknownEventError } from '../core/errors';
import type { StepError } from '../core/model';
import { fullJitterDelay, isRetryable, mergedRetry } from '../core/retry';

const MESSAGE_LIMIT = 1000;
const STACK_LIMIT = 4000;

/** What history and the record keep of an error. Bounded; a thrown value that is no error is named by its text. */
export function describeError(error: unknown): StepError {
  if (!isError(error)) return { code: 'ERROR', message: clip(`thrown: ${textOf(error)}`, MESSAGE_LIMIT) };
  const { code } = error as { code?: unknown };
  return {
    code: typeof code === 'string' && code !== '' ? clip(code, 100) : error.name,
    message: clip(textOf(error.message), MESSAGE_LIMIT),
    ...(error.stack === undefined ? {} : { stack: clip(textOf(error.stack), STACK_LIMIT) }),
  };
}

/** Where user code runs in a realm of its own, as in jest, what Node itself throws is no instance of the Error that is known here. */
function isError(error: unknown): error is Error {
  return error instanceof Error || isNativeError(error);
}

/** User code may throw what has no text at all, such as `Object.create(null)`: describing a failure must never fail. */
function textOf(value: unknown): string {
  try {
    return String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}

function clip(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit)}…`;
}

export type Verdict =
  /** Try again after this many ms. */
  | { readonly kind: 'retry'; readonly delayMs: number }
  /** The last attempt turns into this event, at this state. */
  | { readonly kind: 'exhausted'; readonly state: State; readonly event: string }
  | { readonly kind: 'failed' };

/** What follows a failed attempt. A transition table miss is a fault of the definition: no retry, no `onExhausted`. */
export function judge(
  error: unknown,
  at: State | undefined,
  attempt: { retries: number; maxRetries: number },
  random: () => number,
  definition: Pick<Definition, 'retry'> = {},
): Verdict {
  if (at === undefined || error instanceof UnknownEventError || error instanceof DeadlineError) return { kind: 'failed' };
  const policy = mergedRetry(definition, at);
  const maxRetries = policy.maxRetries ?? attempt.maxRetries;
  const again = !isUnrecoverable(error) && isRetryable(policy, describeError(error).code);
  if (again && attempt.retries < maxRetries) {
    const delayMs = retryAfterMs(error) ?? fullJitterDelay(policy, attempt.retries, random);
    return { kind: 'retry', delayMs: Math.round(delayMs) };
  }
  return at.onExhausted === undefined ? { kind: 'failed' } : { kind: 'exhausted', state: at, event: at.onExhausted };
}
