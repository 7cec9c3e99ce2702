import type { ChainableCommander } from 'ioredis';
import { answered } from './store-error';

/**
 * Sends a transaction of reads: all of them see the same moment.
 *
 * @param wrong by the place of a read: what is thrown where its key is of another type
 * @throws StoreUnavailableError
 */
export async function readTogether<T extends readonly unknown[]>(
  reads: ChainableCommander,
  wrong: readonly (readonly [place: number, error: Error])[] = [],
): Promise<T> {
  const replies = (await answered(reads.exec())) ?? [];
  const mistyped = new Map(wrong);
  for (const [place, [error]] of replies.entries()) {
    if (!error) continue;
    const meant = error.message.startsWith('WRONGTYPE') ? mistyped.get(place) : undefined;
    await answered(Promise.reject(meant ?? error));
  }
  return replies.map(([, reply]) => reply) as unknown as T;
}
