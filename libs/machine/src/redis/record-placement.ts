import type { LeasePlacement, Seat, StoreName } from '@stile/lease';
import type { RedisConnection } from './connect';
import type { Keyspace } from './keyspace';
import { callScript } from './scripts';

/** How long a machine's lease stays in a store after it was moved there, ms. */
const COOLDOWN_MS = 10_000;

/** Keeps in the machine's record which store its lease is in: one answer for all workers (S1). */
export class RecordPlacement implements LeasePlacement {
  constructor(
    private readonly redis: RedisConnection,
    private readonly keys: Keyspace,
  ) {}

  async read(id: string): Promise<Seat> {
    const [seat, fence] = await this.redis.hmget(this.keys.record(id), 'seat', 'fence');
    return { store: storeName(seat), floor: Number(fence ?? 0) };
  }

  async flip(id: string, from: StoreName): Promise<Seat | undefined> {
    const [seat, fence] = await callScript(this.redis, 'flip', [this.keys.record(id)], [from, COOLDOWN_MS]);
    return seat === '' || seat === from ? undefined : { store: storeName(seat), floor: Number(fence) };
  }
}

export function storeName(text: string | null | undefined): StoreName {
  return text === 'secondary' ? 'secondary' : 'primary';
}
