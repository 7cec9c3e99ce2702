import { maskPassword } from '@stile/config';
import { EXIT } from './exit-codes';
import { PlainError } from './plain-error';

/** What ioredis calls it. */
const AWAY = 'MaxRetriesPerRequestError';

/** For commands that go to Redis itself: which one it was, as the client's own words name neither the server nor the way out. */
export function redisAway(error: Error, redisUrl: string): PlainError {
  const cause = error.cause instanceof Error ? error.cause : error;
  const problem = cause.name === AWAY ? 'does not answer' : `refuses: ${cause.message}`;
  return new PlainError(
    `${maskPassword(redisUrl)} ${problem}; start it, or mend STILE_REDIS_URL; "stile doctor" looks at it`,
    EXIT.unavailable,
  );
}

/** Whether the client has given up to reach the server. */
export function isAway(error: unknown): error is Error {
  return error instanceof Error && error.name === AWAY;
}
