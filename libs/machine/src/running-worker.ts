import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { RedisLeaseStore, systemClock, type LeaseStore } from '@stile/lease';
import type { MachineListing } from './core/listing';
import type { Limits } from './core/limits';
import type { DefinitionSource } from './core/bound-definition';
import { disturb } from './chaos/disturb';
import type { PayloadCipher } from './core/payload-cipher';
import type { Workers } from './core/machines';
import type { JobQueue, StepStore } from './core/ports';
import { makeRedactor } from './core/redact';
import { Colleagues } from './engine/colleagues';
import { Dispatcher } from './engine/dispatcher';
import { engineDefaults, quietLogs, type EngineLog, type EngineOptions } from './engine/options';
import type { SlotKeeper } from './engine/slot-keeper';
import type { Services } from './engine/services';
import { Lookout } from './engine/lookout';
import { LoopLag } from './engine/loop-lag';
import type { Tracer } from './engine/tracing';
import { Watchdog } from './engine/watchdog';
import { BullConsumer } from './queue/bull-consumer';
import { OperationRunner } from './queue/operation-runner';
import { ScheduleRunner } from './queue/schedule-runner';
import { FairShares } from './fair-shares';
import type { RedisConnection } from './redis/connect';
import { FusedStepStore } from './redis/fused-step-store';
import { Keyspace } from './redis/keyspace';
import { LeaseServers } from './redis/lease-servers';
import type { StepStoreOptions } from './redis/record-scripts';
import { sharedSecret } from './redis/redis-stores';
import { RedisTimings } from './redis/redis-timings';
import { RedisWatchStore } from './redis/redis-watch-store';
import { SplitStepStore } from './redis/split-step-store';
import { WorkerBeat } from './redis/worker-registry';
import type { StileOptions, WorkerOptions } from './runtime-options';
import { partitionsToServe } from './served-partitions';
import { queuesToServe, servedDefinitions } from './served-queues';
import { Upkeep } from './upkeep';
import type { Counters } from './core/counts';

const clock = systemClock;
const monotonic = (): number => clock.monotonic();

/** What it is made of. */
export interface WorkerParts {
  readonly options: StileOptions;
  readonly worker: WorkerOptions;
  readonly definitions: DefinitionSource;
  readonly leases: LeaseServers;
  readonly redis: RedisConnection;
  readonly keys: Keyspace;
  readonly queue: JobQueue;
  readonly counters: Counters;
  readonly log: EngineLog;
  readonly cipher: PayloadCipher;
  readonly services: Services;
  readonly workers: Workers;
  readonly listing: MachineListing;
  readonly fair: FairShares;
  readonly limits: Limits;
  readonly historyLimit: number;
  readonly tracer?: Tracer;
  readonly upkeep: Upkeep;
}

export interface RunningWorker {
  readonly dispatcher: Dispatcher;
  readonly consumer: BullConsumer;
  readonly watchdog: Watchdog;
  readonly lookout: Lookout;
  readonly beat: WorkerBeat;
  readonly scheduler?: ScheduleRunner;
  readonly operator?: OperationRunner;
  readonly lag: LoopLag;
  readonly timings: RedisTimings;
  readonly slots: SlotKeeper;
  readonly shutdownMs: number;
}

/** What makes a process a worker. Nothing of it runs yet. */
export function makeWorker(parts: WorkerParts): RunningWorker {
  const { redis, keys, queue, counters, log, cipher, definitions, worker: options, leases, listing } = parts;
  const incarnation = randomBytes(12).toString('base64url'); // begins the nonce in each record: short
  const name = options.name ?? `${hostname()}.${process.pid}`;
  const engine: EngineOptions = {
    stickySteps: options.stickySteps ?? engineDefaults.stickySteps,
    stickyMs: options.stickyMs ?? engineDefaults.stickyMs,
    crashLimit: options.crashLimit ?? engineDefaults.crashLimit,
    retentionMs: parts.options.retentionMs ?? engineDefaults.retentionMs,
    leaseTtlMs: parts.options.lease?.ttlMs ?? engineDefaults.leaseTtlMs,
    historyContexts: options.historyContexts ?? engineDefaults.historyContexts,
    limits: parts.limits,
  };
  const { faults } = parts.options;
  const separate = leases.makeStore(redis, keys, counters);
  const stepStore = makeStepStore(parts, separate && disturb('leases', separate, faults), {
    leaseTtlMs: engine.leaseTtlMs,
    historyLimit: parts.historyLimit,
    retentionMs: engine.retentionMs,
    worker: name,
    monotonic,
  });
  const steps = disturb('steps', stepStore, faults);
  const watch = disturb('watch', new RedisWatchStore(redis, keys, separate, parts.upkeep.archiving(incarnation)), faults);
  const { machines, events, steering, pump: outbox, holdWatch } = parts.services;
  const redact = makeRedactor(parts.options.redact ?? []);
  const shared = { watch, queue, counters, clock, random: Math.random, log, outbox };
  const timings = new RedisTimings(redis, keys, clock);
  const slots = parts.fair.slots({ queue, clock, log, incarnation, leaseTtlMs: engine.leaseTtlMs });
  const dispatcher = new Dispatcher({
    ...shared,
    ...{ timings, tracer: parts.tracer, logs: { ...quietLogs, ...parts.options.logs, redact } },
    colleagues: new Colleagues(parts.workers, clock),
    ...{ steps, definitions, worker: name, incarnation, options: engine, holds: holdWatch, slots },
    secret: sharedSecret(redis, keys),
  });
  const holds = { tend: (partition: number) => steering.letGo(partition) };
  const partitions = partitionsToServe(options.partitions, keys.partitions);
  const watchdog = new Watchdog({ ...shared, holds, partitions });
  const lookout = new Lookout(dispatcher, holdWatch, clock, log);
  // What belongs to the deployment as a whole is kept in partition 0, and by those who serve it.
  const common = partitions.includes(0) ? { redis, keys, clock, random: Math.random, log, cipher } : undefined;
  const scheduler = common && new ScheduleRunner({ ...common, machines });
  const operator = common && new OperationRunner({ ...common, events, listing, steering });
  const queues = queuesToServe(definitions, options.queues, log);
  const concurrency = options.concurrency ?? 50;
  const consumer = new BullConsumer(redis, keys, dispatcher, log, {
    queues,
    partitions,
    concurrency,
    leaseTtlMs: engine.leaseTtlMs,
    monotonic,
  });
  const lag = new LoopLag({ clock, log, leaseTtlMs: engine.leaseTtlMs, active: () => dispatcher.active });
  const identity = {
    name,
    host: hostname(),
    pid: process.pid,
    concurrency,
    partitions,
    definitions: servedDefinitions(definitions, queues),
  };
  const beat = new WorkerBeat(redis, keys, clock, log, incarnation, identity, () => ({
    queues,
    active: dispatcher.active,
    lastJobMs: consumer.lastJobMs,
    consuming: consumer.consuming,
    lagMs: lag.longestMs,
  }));
  const shutdownMs = options.shutdownMs ?? 10_000;
  return { dispatcher, consumer, watchdog, lookout, beat, scheduler, operator, lag, timings, slots, shutdownMs };
}

function makeStepStore(
  { redis, keys, cipher }: WorkerParts,
  separate: LeaseStore | undefined,
  options: StepStoreOptions,
): StepStore {
  if (separate) return new SplitStepStore(redis, keys, separate, options, cipher);
  const leases = new RedisLeaseStore(redis, { keyOf: (id) => keys.lease(id) });
  return new FusedStepStore(redis, keys, leases, options, cipher);
}
