import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { RedisLeaseStore, systemClock, type LeaseStore } from '@stile/lease';
import type { Redis } from 'ioredis';
import type { DefinitionSource } from './core/bound-definition';
import type { StepStore } from './core/machine-store';
import { Dispatcher } from './engine/dispatcher';
import { engineDefaults, type EngineLog, type EngineOptions } from './engine/options';
import { MachineStarter } from './engine/starter';
import { Watchdog } from './engine/watchdog';
import { BullConsumer } from './queue/bull-consumer';
import { BullJobQueue } from './queue/bull-job-queue';
import { BullWorkers } from './queue/bull-workers';
import { connect } from './redis/connect';
import { checkFitness } from './redis/fitness';
import { FusedStepStore } from './redis/fused-step-store';
import { Keyspace } from './redis/keyspace';
import { LeaseServers } from './redis/lease-servers';
import type { StepStoreOptions } from './redis/record-scripts';
import { RedisCounters } from './redis/redis-counters';
import { RedisDefinitionCatalog } from './redis/redis-catalog';
import { RedisRecordStore } from './redis/redis-record-store';
import { RedisWatchStore } from './redis/redis-watch-store';
import { SplitStepStore } from './redis/split-step-store';
import { WorkerBeat } from './redis/worker-registry';
import type { StileOptions, WorkerOptions } from './runtime-options';
import { queuesToServe } from './served-queues';
import { within } from './within';

const clock = systemClock;
const monotonic = (): number => clock.monotonic();

/** What is left to do when steps have ended is a few calls: one that takes longer will not be answered, ms. */
const PARTING_MS = 2000;

/** Everything of one process, put together: the only place that knows which adapter serves which port. */
export class StileRuntime {
  readonly keys: Keyspace;
  readonly machines: MachineStarter;
  readonly counters: RedisCounters;
  readonly workers: BullWorkers;
  readonly redis: Redis;
  private readonly clients: Redis[] = [];
  private readonly queue: BullJobQueue;
  private readonly catalog: RedisDefinitionCatalog;
  private running?: RunningWorker;

  constructor(
    private readonly options: StileOptions,
    private readonly log: EngineLog,
  ) {
    this.keys = new Keyspace(options.prefix ?? 'stile', options.partitions ?? 1);
    this.redis = this.connect(options.redis.url, options.worker ? 'wait' : 'fail', 'Redis');
    const onError = (error: Error): void => log.warn(`queue: ${error.message}`);
    this.queue = new BullJobQueue(this.redis, this.keys, monotonic, onError);
    this.catalog = new RedisDefinitionCatalog(this.redis, this.keys, monotonic);
    this.counters = new RedisCounters(this.redis, this.keys, clock);
    this.workers = new BullWorkers(this.redis, this.keys);
    const records = new RedisRecordStore(this.redis, this.keys);
    this.machines = new MachineStarter(records, this.catalog, this.queue, this.counters, log);
  }

  /** Checks Redis and, where this process is a worker, publishes its definitions and takes jobs. @throws StoreUnfitError */
  async start(definitions: DefinitionSource): Promise<void> {
    await checkFitness(this.redis, this.keys);
    if (!this.options.worker) return;
    const leases = new LeaseServers(this.options.lease ?? {}, (url, name) => this.connect(url, 'fail', name));
    await leases.check(this.log);
    const replaced = await this.catalog.publish(definitions.all().map(({ definition }) => definition));
    for (const name of replaced) {
      this.log.warn(`${name} was published before with other content, and is replaced: raise the version with every change`);
    }
    this.running = this.makeWorker(definitions, this.options.worker, leases);
    this.running.watchdog.start();
    await this.running.consumer.start();
    await this.running.beat.start();
  }

  /**
   * Takes no more jobs; steps in hand finish within `shutdownMs` or are handed over. Starts and reads still work. Whatever Redis does,
   * it ends two seconds after that: what could not be handed over is taken up by another worker when its lease expires.
   */
  async drain(): Promise<void> {
    const { running } = this;
    if (!running) return;
    this.running = undefined;
    const { dispatcher, consumer, watchdog, beat, shutdownMs } = running;
    dispatcher.beginStop();
    this.log.log(`draining: no new jobs are taken, ${dispatcher.active} machines are in hand`);
    const timer = clock.after(shutdownMs, () => void dispatcher.handOver());
    await this.part(shutdownMs + PARTING_MS, Promise.all([beat.stop(), watchdog.stop(), consumer.stop()]));
    timer.cancel();
  }

  /** Drains, and closes all connections. */
  async stop(): Promise<void> {
    await this.drain();
    await this.part(PARTING_MS, Promise.all([this.counters.flush(), this.queue.close()]));
    for (const client of this.clients) client.disconnect();
  }

  private async part(ms: number, work: Promise<unknown>): Promise<void> {
    try {
      if (!(await within(ms, work))) this.log.warn('while stopping: Redis does not answer; leases expire by themselves');
    } catch (error) {
      this.log.warn(`while stopping: ${String(error)}`);
    }
  }

  private makeWorker(definitions: DefinitionSource, options: WorkerOptions, leases: LeaseServers): RunningWorker {
    const { redis, keys, queue, counters, log } = this;
    const incarnation = randomUUID();
    const name = options.name ?? `${hostname()}.${process.pid}`;
    const engine: EngineOptions = {
      stickySteps: options.stickySteps ?? engineDefaults.stickySteps,
      stickyMs: options.stickyMs ?? engineDefaults.stickyMs,
      crashLimit: options.crashLimit ?? engineDefaults.crashLimit,
      retentionMs: this.options.retentionMs ?? engineDefaults.retentionMs,
      leaseTtlMs: this.options.lease?.ttlMs ?? engineDefaults.leaseTtlMs,
    };
    const separate = leases.makeStore(redis, keys, counters);
    const steps = this.makeStepStore(separate, {
      leaseTtlMs: engine.leaseTtlMs,
      historyLimit: this.options.historyLimit ?? 1000,
      worker: name,
      monotonic,
    });
    const watch = new RedisWatchStore(redis, keys, separate);
    const shared = { watch, queue, counters, clock, random: Math.random, log };
    const dispatcher = new Dispatcher({ ...shared, steps, definitions, worker: name, incarnation, options: engine });
    const watchdog = new Watchdog({ ...shared, partitions: keys.partitions });
    const queues = queuesToServe(definitions, options.queues, log);
    const concurrency = options.concurrency ?? 50;
    const consumer = new BullConsumer(redis, keys, dispatcher, log, { queues, concurrency, monotonic });
    const beat = new WorkerBeat(redis, keys, clock, log, incarnation, name, () => ({
      queues,
      active: dispatcher.active,
      lastJobMs: consumer.lastJobMs,
      consuming: consumer.consuming,
    }));
    return { dispatcher, consumer, watchdog, beat, shutdownMs: options.shutdownMs ?? 10_000 };
  }

  private makeStepStore(separate: LeaseStore | undefined, options: StepStoreOptions): StepStore {
    const { redis, keys } = this;
    if (separate) return new SplitStepStore(redis, keys, separate, options);
    const leases = new RedisLeaseStore(redis, { keyOf: (id) => keys.lease(id) });
    return new FusedStepStore(redis, keys, leases, options);
  }

  /** @param name begins what is logged of it */
  private connect(url: string, whenAway: 'wait' | 'fail', name: string): Redis {
    let lastLogged = -Infinity;
    const client = connect({
      url,
      whenAway,
      onError: (error) => {
        if (monotonic() - lastLogged < 1000) return; // an outage must not flood the log
        lastLogged = monotonic();
        this.log.warn(`${name}: ${error.message}`);
      },
    });
    this.clients.push(client);
    return client;
  }
}

interface RunningWorker {
  readonly dispatcher: Dispatcher;
  readonly consumer: BullConsumer;
  readonly watchdog: Watchdog;
  readonly beat: WorkerBeat;
  readonly shutdownMs: number;
}
