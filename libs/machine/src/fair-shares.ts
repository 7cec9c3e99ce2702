import type { Clock } from '@stile/lease';
import { ShareService } from './engine/share-service';
import { ShareWatch } from './engine/share-watch';
import { SlotKeeper, type SlotParts } from './engine/slot-keeper';
import { FloodGate } from './engine/start-gate';
import type { RedisConnection } from './redis/connect';
import type { Keyspace } from './redis/keyspace';
import { RedisMemoryProbe } from './redis/redis-memory-probe';
import { RedisShareStore } from './redis/redis-share-store';

/** What keeps tenants, definitions and floods of starts apart, in one process. */
export class FairShares {
  readonly store: RedisShareStore;
  readonly names: ShareWatch;
  readonly service: ShareService;
  readonly gate: FloodGate;

  /** @param memoryLimit see StileOptions */
  constructor(redis: RedisConnection, keys: Keyspace, clock: Clock, memoryLimit?: number) {
    this.store = new RedisShareStore(redis, keys);
    this.names = new ShareWatch(this.store, clock);
    this.service = new ShareService(this.store);
    const memory = new RedisMemoryProbe(redis);
    this.gate = new FloodGate({ store: this.store, names: this.names, memory, clock, memoryLimit });
  }

  /** Of a worker. */
  slots(parts: Omit<SlotParts, 'store' | 'names'>): SlotKeeper {
    return new SlotKeeper({ ...parts, store: this.store, names: this.names });
  }
}
