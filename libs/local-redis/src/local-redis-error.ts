/** There is no server to start, its folder is in use, or it did not start: the message says what to do, or its last words. */
export class LocalRedisError extends Error {
  readonly code = 'LOCAL_REDIS';
  override readonly name = 'LocalRedisError';
}
