import { MachineEvents, type EventReceipt, type EventRequest } from '../core/events';
import { Machines } from '../core/machines';
import { MachineSteering } from '../core/steering';
import type { CountLabels, Count } from '../core/counts';
import { parseDuration } from '../core/duration';
import type { MachineStatus, StartRequest } from '../core/model';
import type { Context } from '../core/step';
import { engineDefaults, type EngineLog, type EngineOptions } from '../engine/options';
import { makeServices } from '../engine/services';
import { Keyspace } from '../redis/keyspace';
import { RedisDefinitionCatalog } from '../redis/redis-catalog';
import { makeStores } from '../redis/redis-stores';
import { Faults, type FaultPlace, type KillPoint } from './faults';
import { KitClock } from './kit-clock';
import { bindMachines, type KitActions, type KitMachineSource } from './kit-definitions';
import { KitDriver } from './kit-driver';
import { KitHolds } from './kit-holds';
import { KitMachine } from './kit-machine';
import type { KitWorld } from './kit-worker';
import { MemoryJobQueue } from './memory-job-queue';
import { MemoryRedis } from './memory-redis/memory-redis';
import { seededRandom } from '../chaos/seeded-random';

export interface TestKitOptions {
  /** What `defineMachine` gives, YAML texts, instances of decorated classes. */
  readonly machines: readonly KitMachineSource[];
  /** Registered actions, by name. */
  readonly actions?: KitActions;
  /** Backoff and jitter are the same for the same seed. @default 1 */
  readonly seed?: number;
  /** Time at which the kit begins, ISO 8601 or ms. @default 2024-01-01T00:00:00Z */
  readonly now?: string | number;
  /** @default as in production */
  readonly engine?: Partial<EngineOptions>;
  /** Attempts that a history keeps. @default 1000 */
  readonly historyLimit?: number;
  /**
   * How long an action may take in real time, ms, before the kit goes on without it: one that waits for virtual time to pass never
   * ends by itself. @default 200
   */
  readonly patienceMs?: number;
}

/**
 * Runs machines in memory and in virtual time: the engine and the scripts of production, no Redis, no queue, no waiting.
 *
 * Time stands still until `skip` moves it. Nothing runs until `run` or `skip` is called. Jobs are delivered one at a time, in order
 * of their due times, so that a test comes out the same every time.
 *
 * @example
 * const kit = await TestKit.create({ machines: [order] });
 * const machine = await kit.start('order', { amount: 3 });
 * kit.failAction('charge', { times: 2 });
 * await kit.run();                         // charge has failed, and waits for its retry
 * await kit.until(machine, 'completed', '5m');
 * expect(machine.committed()).toEqual(['charge', 'ship', 'done']);
 */
export class TestKit {
  /** Lines that the engine and the actions have logged: level, space, message. */
  readonly log: string[] = [];
  /** The data as it is stored, for a look behind. */
  readonly redis: MemoryRedis;
  /** The process that starts machines and shows them. */
  readonly machines: Machines;
  /** Sends events, and completes external tasks by their tokens, from outside. */
  readonly events: MachineEvents;
  /** What an operator does. What a running action is told of it needs `run`, and up to 250 ms. */
  readonly steering: MachineSteering;
  private readonly clock: KitClock;
  private readonly faults = new Faults();
  private readonly queue: MemoryJobQueue;
  private readonly catalog: RedisDefinitionCatalog;
  private readonly world: KitWorld;
  private readonly known = new Map<string, KitMachine>();
  private readonly counted = new Map<Count, number>();
  private readonly driver: KitDriver;

  private constructor(options: TestKitOptions) {
    const { now = '2024-01-01T00:00:00Z', seed = 1 } = options;
    const clock = (this.clock = new KitClock(typeof now === 'number' ? now : Date.parse(now)));
    const random = seededRandom(seed);
    const keys = new Keyspace('kit', 1);
    this.redis = new MemoryRedis({ now: () => clock.now(), random });
    this.queue = new MemoryJobQueue(() => clock.now());
    this.catalog = new RedisDefinitionCatalog(this.redis, keys, () => clock.monotonic());
    const counters = { add: (count: Count, _labels: CountLabels) => void this.counted.set(count, this.count(count) + 1) };
    const log = this.makeLog();
    const engine = { ...engineDefaults, ...options.engine };
    const historyLimit = options.historyLimit ?? 1000;
    const stores = makeStores(this.redis, keys, historyLimit);
    const services = makeServices({
      ...stores,
      ...{ catalog: this.catalog, queue: this.queue, counters, clock, log, retentionMs: engine.retentionMs },
    });
    this.world = {
      catalog: this.catalog,
      holds: new KitHolds(stores.holds),
      redis: this.redis,
      keys,
      queue: this.queue,
      clock,
      random,
      definitions: bindMachines(options.machines, options.actions ?? {}),
      counters,
      faults: this.faults,
      log,
      engine,
      historyLimit,
    };
    this.machines = services.machines;
    this.events = services.events;
    this.steering = services.steering;
    this.driver = new KitDriver(this.world, options.patienceMs ?? 200, services.pump);
  }

  /** @throws DefinitionError with all problems of all machines */
  static async create(options: TestKitOptions): Promise<TestKit> {
    const kit = new TestKit(options);
    await kit.catalog.publish(kit.world.definitions.all().map(({ definition }) => definition));
    return kit;
  }

  /** Virtual time, ms since the epoch: the clock of the server and of every worker. */
  get now(): number {
    return this.clock.now();
  }

  /** Starts a machine; it runs when `run` or `skip` is called. @throws Error when the id is taken by another start; what `Machines.start` throws */
  async start(
    machine: string,
    context: Context = {},
    request: Omit<StartRequest, 'machine' | 'context'> = {},
  ): Promise<KitMachine> {
    const result = await this.machines.start({ ...request, machine, context });
    if (result.outcome === 'conflict') throw new Error(`the id ${result.correlationId} is taken by a start with another payload`);
    return this.machine(result.machine.correlationId);
  }

  /** A machine by its id, such as one that an action has started. */
  async machine(correlationId: string): Promise<KitMachine> {
    const machine =
      this.known.get(correlationId) ?? new KitMachine(correlationId, (request) => this.send(correlationId, request));
    this.known.set(correlationId, machine);
    await this.look(machine);
    return machine;
  }

  /** The children of a machine that have been started, in order. @param group of one group only */
  async children({ correlationId }: KitMachine, group?: string): Promise<KitMachine[]> {
    const all = (await this.machines.children(correlationId, { group, limit: Infinity })) ?? [];
    return Promise.all(all.filter(({ outcome }) => outcome !== 'pending').map((child) => this.machine(child.correlationId)));
  }

  /** Sends an event, which is taken when `run` or `skip` is called. @throws what `MachineEvents.send` throws */
  send(to: KitMachine | string, request: EventRequest): Promise<EventReceipt> {
    return this.events.send(typeof to === 'string' ? to : to.correlationId, request);
  }

  /** Runs everything that is due now, and what follows from it, until nothing is. Time stands still. */
  async run(): Promise<void> {
    await this.driver.rest();
    await Promise.all([...this.known.values()].map((machine) => this.look(machine)));
  }

  /**
   * Lets time pass: whatever becomes due in between runs at its exact time, in order.
   *
   * @param duration such as `'30s'` or `'24h'`, or ms
   */
  async skip(duration: string | number): Promise<void> {
    const end = this.clock.monotonic() + msOf(duration);
    do await this.driver.rest();
    while (await this.driver.moveOn(end));
    await this.clock.advance(end - this.clock.monotonic());
    await this.run();
  }

  /**
   * Lets time pass until the machine has this status, and no longer.
   *
   * @param within time that may pass. @default '1h'
   * @throws Error saying where the machine is instead
   */
  async until(machine: KitMachine, status: MachineStatus, within: string | number = '1h'): Promise<void> {
    const end = this.clock.monotonic() + msOf(within);
    do {
      await this.run();
      if (machine.status === status) return;
    } while (await this.driver.moveOn(end));
    const { correlationId, error } = machine;
    throw new Error(
      `machine ${correlationId} is ${machine.status} in state "${machine.state}", not ${status}, after ${within}` +
        `${error ? ` (${error.code}: ${error.message})` : ''}\n${this.log.slice(-10).join('\n')}`,
    );
  }

  /**
   * Lets an action fail, before it does anything.
   *
   * @param action its name; a function of `defineMachine` is `<state>`, `<state>.entry`, `<state>.exit` or `<state>.on.<event>`
   */
  failAction(action: string, place: FaultPlace & { readonly error?: unknown } = {}): void {
    const { error = new Error(`action "${action}" fails because the test says so`), ...where } = place;
    this.faults.plan(`action ${action}`, where, { error });
  }

  /**
   * Kills the worker there: nothing that it still does has an effect, and its lease and its job stay as they are. Another worker is
   * there at once, and finds the machine when the lease has expired: `skip` a lease time, 15 s unless told otherwise.
   */
  killAt(point: KillPoint, place: FaultPlace = {}): void {
    this.faults.plan(point, place, true);
  }

  /** Delivers a job twice, at the same time, to two workers. */
  deliverTwice(place: FaultPlace = {}): void {
    this.faults.plan('deliver twice', place, true);
  }

  /** Holds a job back: the queue gives it so much later than it should. */
  deliverLate(delay: string | number, place: FaultPlace = {}): void {
    this.faults.plan('deliver late', place, msOf(delay));
  }

  /** Delivers all jobs of a machine once more that were delivered already, oldest first: late copies. @returns how many */
  async redeliver(machine: KitMachine): Promise<number> {
    const jobs = await this.driver.redeliver(machine.correlationId);
    await this.run();
    return jobs;
  }

  /** The Redis server is replaced by its replica: same data, another identity. */
  failover(): void {
    this.redis.server.failover();
  }

  /** How often something was counted, over all machines. */
  count(count: Count): number {
    return this.counted.get(count) ?? 0;
  }

  /** Faults that were planned and have met nothing: usually a mistake of the test. */
  get unusedFaults(): string[] {
    return this.faults.unused;
  }

  private async look(machine: KitMachine): Promise<void> {
    const view = await this.machines.get(machine.correlationId);
    machine.set(view, (await this.machines.history(machine.correlationId)) ?? []);
  }

  private makeLog(): EngineLog {
    const write = (level: string) => (message: string) => void this.log.push(`${level} ${message}`);
    return { debug: write('debug'), log: write('log'), warn: write('warn'), error: write('error') };
  }
}

function msOf(duration: string | number): number {
  const ms = typeof duration === 'number' ? duration : parseDuration(duration);
  if (ms === undefined || !(ms >= 0))
    throw new RangeError(`"${duration}" is no duration: give ms, or a text such as '30s' or '24h'`);
  return ms;
}
