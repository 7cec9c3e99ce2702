import { Redis, type RedisOptions } from 'ioredis';
import type { Address } from './redis-url';

const PATIENCE_MS = 1000;
const CLOSED = /connection is closed/i;
const AWAY = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ETIMEDOUT']);

/**
 * Clients of clusters and of sentinels keep to themselves what closed their connections, and tell that they are closed. Instead of that
 * this tells why, as soon as it is known: it asks the servers that the URL names, one after another, over a connection of its own.
 */
export function tellingWhy(
  onError: (error: Error) => void,
  addresses: readonly Address[],
  options: RedisOptions,
): (error: Error) => void {
  let asking = false;
  return (error) => {
    if (!CLOSED.test(error.message)) return onError(error);
    if (asking) return;
    asking = true;
    void closedBy(addresses, options).then((reason) => {
      asking = false;
      onError(reason ?? error);
    });
  };
}

/** @returns nothing where one of them answers, or none says more; that nobody listens at one says less than what another refuses */
async function closedBy(addresses: readonly Address[], options: RedisOptions): Promise<Error | undefined> {
  let away: Error | undefined;
  for (const address of addresses) {
    const reason = await refusalOf(address, options);
    if (reason === undefined) return undefined;
    if (!AWAY.has((reason as NodeJS.ErrnoException).code ?? '') && !CLOSED.test(reason.message)) return reason;
    away ??= reason;
  }
  return away;
}

async function refusalOf({ host, port }: Address, options: RedisOptions): Promise<Error | undefined> {
  const timeouts = { connectTimeout: PATIENCE_MS, commandTimeout: PATIENCE_MS };
  const redis = new Redis({ ...options, ...timeouts, host, port, retryStrategy: null, lazyConnect: true });
  let told: Error | undefined;
  redis.on('error', (error: Error) => (told = error));
  try {
    await redis.ping();
    return undefined;
  } catch (error) {
    return told ?? (error as Error);
  } finally {
    redis.disconnect();
  }
}
