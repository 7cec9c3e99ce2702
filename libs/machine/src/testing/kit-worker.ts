import { RedisLeaseStore } from '@stile/lease';
import type { DefinitionSource } from '../core/bound-definition';
import type { Counters } from '../core/counts';
import type { DefinitionCatalog } from '../core/ports';
import type { ActionHandler } from '../core/step';
import { noTimings } from '../core/timings';
import { Dispatcher } from '../engine/dispatcher';
import type { EngineLog, EngineOptions } from '../engine/options';
import { makeServices, type Services } from '../engine/services';
import { Watchdog } from '../engine/watchdog';
import { FusedStepStore } from '../redis/fused-step-store';
import type { Keyspace } from '../redis/keyspace';
import { makeStores } from '../redis/redis-stores';
import { RedisWatchStore } from '../redis/redis-watch-store';
import type { Attempt, Faults } from './faults';
import type { KitClock } from './kit-clock';
import { wrapActions } from './kit-definitions';
import type { KitHolds } from './kit-holds';
import type { MemoryJobQueue } from './memory-job-queue';
import type { MemoryRedis } from './memory-redis/memory-redis';
import { Life } from './mortal';

/** What all workers of a kit share. */
export interface KitWorld {
  readonly redis: MemoryRedis;
  readonly keys: Keyspace;
  readonly queue: MemoryJobQueue;
  readonly clock: KitClock;
  readonly random: () => number;
  readonly definitions: DefinitionSource;
  readonly counters: Counters;
  readonly faults: Faults;
  readonly log: EngineLog;
  readonly engine: EngineOptions;
  readonly historyLimit: number;
  readonly catalog: DefinitionCatalog;
  readonly holds: KitHolds;
}

/** One worker process: the engine as production puts it together, over ports that end with its life. */
export class KitWorker {
  readonly life: Life;
  readonly dispatcher: Dispatcher;
  readonly watchdog: Watchdog;
  /** Its own: what it delivers ends with it. */
  readonly services: Services;

  constructor(world: KitWorld, name: string) {
    const { redis, keys, queue, clock, random, definitions, counters, faults, log, engine, historyLimit } = world;
    const life = (this.life = new Life(faults));
    const leases = new RedisLeaseStore(redis, { keyOf: (id) => keys.lease(id) });
    const monotonic = () => clock.monotonic();
    const { leaseTtlMs, retentionMs } = engine;
    const store = { leaseTtlMs, retentionMs, historyLimit, worker: name, monotonic };
    const common = { queue: life.bind(queue), counters, clock: life.bindClock(clock), log };
    const { records, inbox, outbox, steering, holds } = makeStores(redis, keys, historyLimit);
    this.services = makeServices({
      ...common,
      ...{ records: life.bind(records), inbox: life.bind(inbox), outbox: life.bind(outbox) },
      ...{ steering: life.bind(steering), holds: life.bind(holds), catalog: world.catalog, retentionMs },
    });
    const shared = { ...common, watch: life.bind(new RedisWatchStore(redis, keys)), random, outbox: this.services.pump };
    this.dispatcher = new Dispatcher({
      ...shared,
      steps: life.bind(new FusedStepStore(redis, keys, leases, store)),
      definitions: wrapActions(definitions, (action, handler) => disturbed(action, handler, life, faults)),
      worker: name,
      incarnation: name,
      options: engine,
      ...{ timings: noTimings, logs: { steps: false, data: true } },
      holds: world.holds,
      secret: () => Promise.resolve('kit'),
    });
    const tend = (partition: number) => this.services.steering.letGo(partition);
    this.watchdog = new Watchdog({
      ...shared,
      holds: { tend },
      partitions: Array.from({ length: keys.partitions }, (_, partition) => partition),
    });
  }
}

/** An action that fails, or dies with its worker, where the test says so. */
function disturbed(action: string, handler: ActionHandler, life: Life, faults: Faults): ActionHandler {
  return async (context, step) => {
    const attempt: Attempt = step;
    const failure = faults.take<{ error: unknown }>(`action ${action}`, attempt);
    if (failure) throw failure.error;
    const result = await handler(context, step);
    await life.reach('in action', attempt);
    return result;
  };
}
