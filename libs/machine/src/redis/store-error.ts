import { StoreUnavailableError } from '../core/errors';

/** ioredis's own, and what the client makes of a connection that is gone. */
const NAMES = new Set(['ReplyError', 'MaxRetriesPerRequestError', 'AbortError', 'ClusterAllFailedError']);
const MESSAGES = new Set([
  'Connection is closed.',
  'Command timed out',
  "Stream isn't writeable and enableOfflineQueue options is false",
  "Cluster isn't ready and enableOfflineQueue options is false",
  'None of startup nodes is available',
]);
/** A cluster's client has been sent from node to node in vain. */
const REDIRECTED = 'Too many Cluster redirections.';

/**
 * Tells the callers that the store could not answer; what is a fault of ours stays what it is.
 *
 * @throws StoreUnavailableError
 */
export async function answered<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw isStoreError(error) ? new StoreUnavailableError(error, passes(error)) : error;
  }
}

/** A server that answers with an error means what was asked, unless it says that it cannot answer now. */
function passes(error: unknown): boolean {
  const { name, message } = error as Error;
  return (
    name !== 'ReplyError' ||
    /^-?(LOADING|READONLY|OOM|MISCONF|NOREPLICAS|MASTERDOWN|BUSY|TRYAGAIN|CLUSTERDOWN|MOVED|ASK|EXECABORT)\b/.test(message)
  );
}

function isStoreError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, syscall } = error as NodeJS.ErrnoException;
  return (
    NAMES.has(error.name) ||
    MESSAGES.has(error.message) ||
    error.message.startsWith(REDIRECTED) ||
    (syscall !== undefined && code !== undefined)
  );
}

/**
 * What was read on one server is not acted on at the next: after a failover the sender's commit may be gone, or what a receiver had taken
 * (then settling would lose it). It is read again.
 *
 * @param reply what came of a script
 * @throws StoreUnavailableError
 */
export function refuseMoved(reply: string): void {
  if (reply === 'moved')
    throw new StoreUnavailableError('another server has taken over since it was read, or the machine was started anew');
}
