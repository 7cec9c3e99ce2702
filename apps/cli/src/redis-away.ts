import { maskPassword } from '@stile/config';
import { EXIT } from './exit-codes';
import { PlainError } from './plain-error';

/** For commands that go to Redis itself: which one it was, as the client's own words name neither the server nor the way out. */
export function redisAway(error: Error, redisUrl: string): PlainError {
  const cause = error.cause instanceof Error ? error.cause : error;
  const problem = saysAway(cause) ? 'does not answer' : `refuses: ${cause.message}`;
  return new PlainError(
    `${maskPassword(redisUrl)} ${problem}; start it, or mend STILE_REDIS_URL; "stile doctor" looks at it`,
    EXIT.unavailable,
  );
}

/** Whether the client has given up to reach the server. */
export function isAway(error: unknown): error is Error {
  return error instanceof Error && saysAway(error);
}

/** In the words of ioredis. */
function saysAway({ name, message }: Error): boolean {
  return name === 'MaxRetriesPerRequestError' || message === 'Command timed out' || message === 'Connection is closed.';
}
