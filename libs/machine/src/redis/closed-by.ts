import { Redis, type Cluster, type RedisOptions } from 'ioredis';
import type { Address } from './redis-url';

const PATIENCE_MS = 1000;
/** What clients say when a connection is gone, and nothing of why. */
const SAYS_NOTHING = /connection is closed|failed to refresh slots cache|timed out/i;
const AWAY = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ETIMEDOUT']);

/**
 * Clients of clusters and of sentinels keep to themselves what closed their connections, and tell that they are closed. This asks the servers
 * that the URL names, one after another, over a connection of its own, and tells what they say instead; what the client said, where they
 * say no more.
 */
export class ClosedBy {
  private asking?: Redis;
  private busy = false;

  constructor(
    private readonly client: Redis | Cluster,
    private readonly addresses: readonly Address[],
    /** Of a connection to one of them. */
    private readonly options: RedisOptions,
    private readonly onError: (error: Error) => void,
  ) {
    client.on('end', () => this.asking?.disconnect());
  }

  /** A listener for errors of the client. */
  readonly tell = (error: Error): void => {
    if (!SAYS_NOTHING.test(error.message)) return this.onError(error);
    if (this.busy) return;
    this.busy = true;
    void this.ask()
      .catch(() => undefined)
      .then((reason) => {
        this.busy = false;
        if (!this.over) this.onError(reason ?? error);
      });
  };

  /** Whether the client was disconnected: nobody wants to know any more. */
  private get over(): boolean {
    return this.client.status === 'end' || this.client.status === 'disconnecting';
  }

  /** @returns nothing where one of them answers, or none says why; that nobody listens says less than what another refuses */
  private async ask(): Promise<Error | undefined> {
    let away: Error | undefined;
    for (const address of this.addresses) {
      const reason = this.over ? undefined : await this.refusalOf(address);
      if (reason === undefined) return undefined;
      if (AWAY.has((reason as NodeJS.ErrnoException).code ?? '')) away ??= reason;
      else if (!SAYS_NOTHING.test(reason.message)) return reason;
    }
    return away;
  }

  private async refusalOf({ host, port }: Address): Promise<Error | undefined> {
    const redis = new Redis({ ...this.options, ...QUICKLY, host, port });
    this.asking = redis;
    let told: Error | undefined;
    redis.on('error', (error: Error) => (told = error));
    try {
      await redis.ping();
      return undefined;
    } catch (error) {
      // Whoever may not ask for a ping was let in.
      return /^NOPERM\b/.test((error as Error).message) ? undefined : (told ?? (error as Error));
    } finally {
      redis.disconnect();
    }
  }
}

const QUICKLY: RedisOptions = {
  connectTimeout: PATIENCE_MS,
  commandTimeout: PATIENCE_MS,
  retryStrategy: () => null,
  lazyConnect: true,
  enableReadyCheck: false,
  disableClientInfo: true,
};
