import { randomUUID } from 'node:crypto';
import { systemClock } from '@stile/lease';
import { ApiKeys } from './access/api-keys';
import type { ArchivedMachines } from './core/archive';
import type { MachineEvents } from './core/events';
import type { AuditLog } from './core/audit';
import type { Explanations } from './core/explanation';
import type { MachineListing } from './core/listing';
import type { Machines } from './core/machines';
import { withDefaults, type Limits } from './core/limits';
import type { Replays } from './core/replays';
import type { Shares } from './core/shares';
import type { MachineSteering } from './core/steering';
import type { DefinitionSource } from './core/bound-definition';
import { disturb } from './chaos/disturb';
import type { PayloadCipher } from './core/payload-cipher';
import type { JobQueue } from './core/ports';
import { CalmLog } from './engine/calm-log';
import { Explainer } from './engine/explainer';
import { engineDefaults, type EngineLog } from './engine/options';
import { OperationService } from './engine/operation/operation-service';
import { ScheduleService } from './engine/schedule/schedule-service';
import { makeServices, type Services } from './engine/services';
import type { Tracer } from './engine/tracing';
import { loadTracer } from './otel/load-tracer';
import { BullJobLook } from './queue/bull-job-look';
import { BullJobQueue } from './queue/bull-job-queue';
import { BullWorkers } from './queue/bull-workers';
import { BullOperationQueue } from './queue/operation-queue';
import { BullScheduleAlarms } from './queue/schedule-alarms';
import { FairShares } from './fair-shares';
import { ConfirmedWrites } from './redis/confirmed-writes';
import { connect, type ConnectOptions, type RedisConnection } from './redis/connect';
import { explainRefusal } from './redis/door';
import { checkFitness, checkReplicas } from './redis/fitness';
import { warnOfLoss } from './redis/persistence';
import { Keyspace } from './redis/keyspace';
import { LeaseServers } from './redis/lease-servers';
import { checkEncryption, makeCipher } from './redis/make-cipher';
import { RedisKeyStore } from './redis/redis-key-store';
import { RedisMachineListing } from './redis/listing/redis-machine-listing';
import { DEFAULT_AUDIT_ENTRIES, RedisAuditLog } from './redis/redis-audit-log';
import { RedisCounters } from './redis/redis-counters';
import { RedisDefinitionCatalog } from './redis/redis-catalog';
import { RedisFactStore } from './redis/redis-fact-store';
import { RedisFigures } from './redis/redis-figures';
import { RedisOperationStore } from './redis/operation-store';
import { makeStores } from './redis/redis-stores';
import { RedisScheduleStore } from './redis/schedule-store';
import { confirmScripts } from './redis/scripts';
import type { StileOptions } from './runtime-options';
import { KeyCare } from './crypto/key-care';
import { Upkeep } from './upkeep';
import { within } from './within';
import { makeWorker, type RunningWorker } from './running-worker';

const clock = systemClock;
const monotonic = (): number => clock.monotonic();

/** What is left to do when steps have ended is a few calls: one that takes longer will not be answered, ms. */
const PARTING_MS = 2000;
/** And these, after one of them was not. */
const IMPATIENT_MS = 250;

/** Everything of one process, put together: the only place that knows which adapter serves which port. */
export class StileRuntime {
  readonly keys: Keyspace;
  readonly services: Services;
  readonly schedules: ScheduleService;
  readonly operations: OperationService;
  readonly listing: MachineListing;
  readonly counters: RedisCounters;
  readonly figures: RedisFigures;
  readonly workers: BullWorkers;
  readonly explanations: Explanations;
  readonly audit: AuditLog;
  readonly apiKeys: ApiKeys;
  readonly redis: RedisConnection;
  private readonly log: CalmLog;
  private readonly tracer?: Tracer;
  private readonly clients: RedisConnection[] = [];
  private readonly confirmed?: ConfirmedWrites;
  private readonly bullQueue: BullJobQueue;
  private readonly queue: JobQueue;
  private readonly catalog: RedisDefinitionCatalog;
  private readonly alarms: BullScheduleAlarms;
  private readonly operationQueue: BullOperationQueue;
  private readonly historyLimit: number;
  private readonly cipher: PayloadCipher;
  private readonly fair: FairShares;
  private readonly limits: Limits;
  private running?: RunningWorker;
  private unanswered = false;
  private leases?: LeaseServers;
  private readonly upkeep: Upkeep;

  constructor(
    private readonly options: StileOptions,
    log: EngineLog,
  ) {
    this.log = new CalmLog(log, clock);
    this.keys = new Keyspace(options.prefix ?? 'stile', options.partitions ?? 1);
    const { url, ackReplicas = 0, ...door } = options.redis;
    const whenAway = options.worker ? 'wait' : 'fail';
    this.redis = this.connect({ url, whenAway, door }, 'Redis');
    if (ackReplicas > 0) {
      const confirming = this.connect({ url, whenAway, door, confirms: true }, 'Redis');
      this.confirmed = new ConfirmedWrites(confirming, { replicas: ackReplicas, whenAway });
      confirmScripts(this.redis, this.confirmed);
    }
    const onError = (error: Error): void => this.log.warn(`queue: ${error.message}`);
    const { faults } = options;
    this.bullQueue = new BullJobQueue(this.redis, this.keys, monotonic, onError);
    this.queue = disturb('queue', this.bullQueue, faults);
    this.catalog = new RedisDefinitionCatalog(this.redis, this.keys, monotonic);
    this.counters = new RedisCounters(this.redis, this.keys, clock);
    this.figures = new RedisFigures(this.redis, this.keys);
    this.tracer = options.telemetry ? loadTracer() : undefined;
    this.workers = new BullWorkers(this.redis, this.keys);
    this.apiKeys = new ApiKeys(this.redis, this.keys);
    this.cipher = makeCipher(this.redis, this.keys, options.encryption, monotonic);
    this.listing = new RedisMachineListing(this.redis, this.keys, this.cipher);
    const { redis, keys, counters, cipher } = this;
    const left = options.onMoved ?? (() => void this.stop());
    this.upkeep = new Upkeep({ options, redis, keys, clock, log: this.log, counters, cipher, left });
    this.historyLimit = options.historyLimit ?? 1000;
    this.limits = withDefaults(options.limits);
    this.fair = new FairShares(this.redis, this.keys, clock, options.memoryLimit);
    const stores = makeStores(this.redis, this.keys, this.historyLimit, this.cipher);
    this.services = makeServices({
      records: disturb('records', stores.records, faults),
      inbox: disturb('inbox', stores.inbox, faults),
      outbox: disturb('outbox', stores.outbox, faults),
      steering: disturb('steering', stores.steering, faults),
      holds: stores.holds,
      ...{ catalog: this.catalog, queue: this.queue, counters: this.counters, clock, log: this.log, tracer: this.tracer },
      retentionMs: options.retentionMs ?? engineDefaults.retentionMs,
      ...{ limits: this.limits, gate: this.fair.gate },
    });
    this.explanations = new Explainer({
      facts: new RedisFactStore(this.redis, this.keys, this.cipher),
      jobs: new BullJobLook(this.redis, this.keys),
      ...{ workers: this.workers, holds: stores.holds, catalog: this.catalog, shares: this.fair.store },
    });
    this.alarms = new BullScheduleAlarms(this.redis, this.keys, onError);
    this.operationQueue = new BullOperationQueue(this.redis, this.keys, onError);
    this.audit = new RedisAuditLog(this.redis, this.keys, options.auditEntries ?? DEFAULT_AUDIT_ENTRIES);
    const { machines } = this.services;
    const { eventBytes, contextBytes } = this.limits;
    const scheduleStore = new RedisScheduleStore(this.redis, this.keys, this.cipher);
    this.schedules = new ScheduleService(scheduleStore, this.alarms, machines, this.log, contextBytes);
    this.operations = new OperationService({
      store: new RedisOperationStore(this.redis, this.keys, this.cipher),
      queue: this.operationQueue,
      ...{ machines, listing: this.listing, log: this.log, eventBytes },
    });
  }

  /** For operators: it looks at the store's layout first. @throws StoreUnfitError */
  async keyCare(): Promise<KeyCare> {
    await checkFitness(this.redis, this.keys);
    return new KeyCare(new RedisKeyStore(this.redis, this.keys), this.options.encryption?.keys);
  }

  get machines(): Machines {
    return this.services.machines;
  }
  /** Machines that have gone into the archive. */
  get archived(): ArchivedMachines {
    return this.upkeep.archived;
  }
  get events(): MachineEvents {
    return this.services.events;
  }
  get replays(): Replays {
    return this.services.replays;
  }
  get shares(): Shares {
    return this.fair.service;
  }
  get steering(): MachineSteering {
    return this.services.steering;
  }

  /** Whether this process is a worker that takes jobs now: started, not draining, connected. */
  get serving(): boolean {
    return this.running?.consumer.consuming ?? false;
  }

  /** Checks Redis and, where this process is a worker, publishes its definitions and takes jobs. @throws StoreUnfitError */
  async start(definitions: DefinitionSource): Promise<void> {
    await this.upkeep.enter();
    await checkFitness(this.redis, this.keys);
    await checkReplicas(this.redis, this.options.redis.ackReplicas ?? 0, this.log);
    await warnOfLoss(this.redis, this.log);
    await checkEncryption(this.redis, this.keys, this.options.encryption);
    if (!this.options.worker) return;
    await this.upkeep.prepare();
    const { tls } = this.options.redis; // a login is for one server, whoever signs certificates is for all
    const leases = new LeaseServers(
      this.options.lease ?? {},
      (url, name) => this.connect({ url, whenAway: 'fail', door: { tls } }, name),
      this.log,
    );
    this.leases = leases;
    await leases.check(this.log);
    const replaced = await this.catalog.publish(definitions.all().map(({ definition }) => definition));
    for (const name of replaced) {
      this.log.warn(`${name} was published before with other content, and is replaced: raise the version with every change`);
    }
    const { options, redis, keys, queue, counters, log, cipher, services, listing, fair, limits, historyLimit, tracer, upkeep } =
      this;
    const deployment = { options, redis, keys, queue, counters, log, cipher, services, listing, fair, limits, historyLimit };
    this.running = makeWorker({
      ...deployment,
      tracer,
      upkeep,
      worker: this.options.worker,
      definitions,
      leases,
      workers: this.workers,
    });
    const { watchdog, lookout, consumer, beat, scheduler, operator, lag, timings, slots } = this.running;
    await Promise.all([this.services.holdWatch.refresh(), this.fair.names.refresh()]);
    slots.start();
    lag.start();
    timings.start();
    watchdog.start();
    lookout.start();
    await Promise.all([consumer.start(), scheduler?.start(), operator?.start()]);
    await beat.start();
    this.upkeep.startSnapshots(randomUUID());
  }

  /**
   * Takes no more jobs; steps in hand finish within `shutdownMs` or are handed over. Starts and reads still work. Whatever Redis does,
   * it ends two seconds after that: what could not be handed over is taken up by another worker when its lease expires.
   */
  async drain(): Promise<void> {
    const { running } = this;
    if (!running) return;
    this.running = undefined;
    const { dispatcher, consumer, watchdog, lookout, beat, scheduler, operator, lag, timings, slots, shutdownMs } = running;
    const { pump } = this.services;
    dispatcher.beginStop();
    this.log.log(`draining: no new jobs are taken, ${dispatcher.active} machines are in hand`);
    const timer = clock.after(shutdownMs, () => void dispatcher.handOver());
    const parts = [beat, watchdog, consumer, ...(scheduler ? [scheduler] : []), ...(operator ? [operator] : [])];
    const parting = [...parts.map((part) => part.stop()), this.upkeep.drain()];
    await this.part(shutdownMs + PARTING_MS, Promise.all(parting));
    await this.part(PARTING_MS, Promise.all([lookout.stop(), slots.stop(), pump.stop(), timings.stop()])); // what is left over, the watch brings to another worker
    timer.cancel();
    lag.stop();
  }

  /** Drains, and closes all connections. */
  async stop(): Promise<void> {
    await this.drain();
    if (!this.options.worker) await this.part(PARTING_MS, this.services.pump.stop()); // a worker's has stopped with it
    await this.part(
      PARTING_MS,
      Promise.all([
        this.upkeep.stop(),
        this.counters.flush(),
        this.bullQueue.close(),
        this.alarms.close(),
        this.operationQueue.close(),
      ]),
    );
    if (this.leases) await this.part(PARTING_MS, this.leases.close());
    this.log.flush();
    this.confirmed?.close();
    for (const client of this.clients) client.disconnect();
  }

  /** One that is not answered in time is the last that is waited for: there are a few, and a pod has its time to end in. */
  private async part(ms: number, work: Promise<unknown>): Promise<void> {
    try {
      if (await within(this.unanswered ? IMPATIENT_MS : ms, work)) return;
      this.unanswered = ms === PARTING_MS;
      this.log.warn('while stopping: Redis does not answer; leases expire by themselves');
    } catch (error) {
      this.log.warn(`while stopping: ${String(error)}`);
    }
  }

  /** @param name begins what is logged of it */
  private connect(options: Omit<ConnectOptions, 'onError'>, name: string): RedisConnection {
    let lastLogged = -Infinity;
    const client = connect({
      ...options,
      onError: (error) => {
        if (monotonic() - lastLogged < 1000) return; // an outage must not flood the log
        lastLogged = monotonic();
        this.log.warn(`${name}: ${explainRefusal(error)}`);
      },
    });
    this.clients.push(client);
    return client;
  }
}
