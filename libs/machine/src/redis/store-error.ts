import { StoreUnavailableError } from '../core/errors';

/** ioredis's own, and what the client makes of a connection that is gone. */
const NAMES = new Set(['ReplyError', 'MaxRetriesPerRequestError', 'AbortError', 'ClusterAllFailedError']);
const MESSAGES = new Set([
  'Connection is closed.',
  'Command timed out',
  "Stream isn't writeable and enableOfflineQueue options is false",
]);

/**
 * Tells the callers that the store could not answer; what is a fault of ours stays what it is.
 *
 * @throws StoreUnavailableError
 */
export async function answered<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw isStoreError(error) ? new StoreUnavailableError(error) : error;
  }
}

function isStoreError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, syscall } = error as NodeJS.ErrnoException;
  return NAMES.has(error.name) || MESSAGES.has(error.message) || (syscall !== undefined && code !== undefined);
}
