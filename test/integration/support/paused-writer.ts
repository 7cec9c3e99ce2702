import { randomUUID } from 'node:crypto';
import { RedisLeaseStore, type FencedRequest } from '@stile/lease';
import type { Redis } from 'ioredis';
import { waitFor } from '../../support/redis';

/** A number that two workers add to: how a worker reads it, and writes it back. */
export interface Account {
  read(token: FencedRequest): Promise<number>;
  write(token: FencedRequest, balance: number): Promise<void>;
}

export interface StoryEnd {
  readonly balance: number;
  /** What the first worker's write was told, when it woke up. */
  readonly refusal?: unknown;
  readonly fences: readonly number[];
}

/**
 * The classic story, with leases of a real store: the first worker reads and is paused; its lease expires; the second gets the lease,
 * reads and adds 10; the first wakes and writes back what it read, plus 1. Both do the same step, so 10 is right, and 1 is a loss.
 */
export async function pausedWriter(redis: Redis, prefix: string, account: Account): Promise<StoryEnd> {
  const leases = new RedisLeaseStore(redis, { prefix });
  const correlationId = 'account-7';
  const runId = randomUUID();
  const lease = async (ttlMs: number): Promise<FencedRequest> => {
    const { fence } = await waitFor(
      async () => {
        const granted = await leases.acquire(correlationId, { steps: 3, retries: 0 }, { nonce: randomUUID(), ttlMs });
        return granted.outcome === 'granted' && granted;
      },
      { what: 'the lease' },
    );
    return { correlationId, runId, fence, idempotencyKey: `${correlationId}/${runId}/3/deposit` };
  };

  const first = await lease(30);
  const seenByFirst = await account.read(first);
  const second = await lease(60_000);
  await account.write(second, (await account.read(second)) + 10);
  const refusal = await account.write(first, seenByFirst + 1).then(
    () => undefined,
    (error: unknown) => error,
  );
  return { balance: await account.read(second), refusal, fences: [first.fence, second.fence] };
}
