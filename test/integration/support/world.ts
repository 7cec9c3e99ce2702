import { RedisLeaseStore } from '@stile/lease';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import type { BoundDefinition } from '../../../libs/machine/src/core/bound-definition';
import type { RetryPolicy, State, Transition } from '../../../libs/machine/src/core/definition';
import type { Count } from '../../../libs/machine/src/core/counts';
import type { Job, MachineView, StartRequest } from '../../../libs/machine/src/core/model';
import type { ActionHandler } from '../../../libs/machine/src/core/step';
import { connect, type RedisConnection } from '../../../libs/machine/src/redis/connect';
import { FusedStepStore } from '../../../libs/machine/src/redis/fused-step-store';
import { Keyspace } from '../../../libs/machine/src/redis/keyspace';
import { StileRuntime } from '../../../libs/machine/src/runtime';
import type { StileOptions, WorkerOptions } from '../../../libs/machine/src/runtime-options';
import { testEngine } from '../../support/engines';
import { uniquePrefix, waitFor } from '../../support/redis';
import { dropKeys } from './dump-keys';

export interface StateSketch {
  readonly do?: ActionHandler;
  readonly entry?: ActionHandler;
  readonly exit?: ActionHandler;
  /** By event: the target, or more of the transition. */
  readonly on?: Record<string, string | { target: string; local?: boolean; run?: ActionHandler }>;
  readonly final?: boolean;
  readonly retry?: RetryPolicy;
  readonly onExhausted?: string;
}

/** A definition and its code in one go. The first state is the initial one. */
export function sketch(
  name: string,
  states: Record<string, StateSketch>,
  options: { maxRetries?: number; queue?: string; version?: number } = {},
): BoundDefinition {
  const actions = new Map<string, ActionHandler>();
  const bind = (action: string, handler: ActionHandler | undefined): string | undefined => {
    if (handler) actions.set(action, handler);
    return handler && action;
  };
  const built = Object.entries(states).map(
    ([state, { on = {}, final = false, retry, onExhausted, ...hooks }]): [string, State] => {
      const transitions = Object.entries(on).map(([event, to]): [string, Transition] => {
        const { target, local = false, run } = typeof to === 'string' ? { target: to } : to;
        return [event, { event, target, local, action: bind(`${state}.${event}`, run) }];
      });
      const doAction = bind(`${state}.do`, hooks.do);
      const entryAction = bind(`${state}.entry`, hooks.entry);
      const exitAction = bind(`${state}.exit`, hooks.exit);
      return [
        state,
        {
          name: state,
          final,
          doAction,
          entryAction,
          exitAction,
          transitions: Object.fromEntries(transitions),
          retry,
          onExhausted,
        },
      ];
    },
  );
  const { maxRetries = 5, queue = 'machines', version = 1 } = options;
  const definition = {
    name,
    version,
    maxRetries,
    queue,
    initial: Object.keys(states)[0] ?? '',
    states: Object.fromEntries(built),
  };
  return { definition, actions };
}

export type PodOptions = Omit<StileOptions, 'redis' | 'prefix' | 'worker'> & {
  readonly worker?: WorkerOptions | false;
  readonly redis?: Omit<StileOptions['redis'], 'url'>;
};

/** One process's worth of Stile, with what it logged. */
export interface Pod {
  readonly runtime: StileRuntime;
  readonly log: string[];
}

/** A namespace with any number of pods in it. Everything ends and is dropped with `close`. */
export class World {
  readonly prefix = uniquePrefix('engine');
  readonly keys: Keyspace;
  readonly redis: RedisConnection;
  private readonly pods: Pod[] = [];
  private readonly queues: Queue[] = [];

  /** @param url @default the engine of the test file, with its partitions; one partition on any other */
  constructor(
    readonly url = testEngine().url,
    partitions = url === testEngine().url ? testEngine().partitions : 1,
  ) {
    this.keys = new Keyspace(this.prefix, partitions);
    const plain = url.startsWith('redis://');
    const options = { maxRetriesPerRequest: null, retryStrategy: () => 20 };
    this.redis = plain ? new Redis(url, options) : connect({ url, whenAway: 'wait', onError: () => undefined });
    this.redis.on('error', () => undefined);
  }

  async close(): Promise<void> {
    await Promise.all(this.pods.map(({ runtime }) => runtime.stop()));
    await Promise.all(this.queues.map((queue) => queue.close()));
    await dropKeys(this.redis, this.prefix);
    this.redis.disconnect();
  }

  /** A worker with short leases, unless told otherwise. */
  async worker(definitions: readonly BoundDefinition[], options: PodOptions = {}): Promise<Pod> {
    const pod = this.pod({ lease: { ttlMs: 1000 }, ...options, worker: { shutdownMs: 1000, ...(options.worker || {}) } });
    const byName = (name: string, version: number) =>
      definitions.find(({ definition }) => definition.name === name && definition.version === version);
    await pod.runtime.start({ find: byName, all: () => definitions });
    return pod;
  }

  /** A process that only starts and shows machines. */
  pod(options: PodOptions = {}): Pod {
    const log: string[] = [];
    const write = (level: string) => (message: string) => void log.push(`${level} ${message}`);
    const runtime = new StileRuntime(
      { prefix: this.prefix, partitions: this.keys.partitions, ...options, redis: { url: this.url, ...options.redis } },
      { debug: write('debug'), log: write('log'), warn: write('warn'), error: write('error') },
    );
    const pod = { runtime, log };
    this.pods.push(pod);
    return pod;
  }

  async stop(pod: Pod): Promise<void> {
    this.pods.splice(this.pods.indexOf(pod), 1);
    await pod.runtime.stop();
  }

  /** Starts a machine through the first pod, and gives its id. */
  async start(request: StartRequest): Promise<string> {
    const result = await this.machines.start(request);
    if (result.outcome === 'conflict') throw new Error(`the id is taken: ${result.correlationId}`);
    return result.machine.correlationId;
  }

  get machines(): StileRuntime['machines'] {
    const [pod] = this.pods;
    if (!pod) throw new Error('this world has no pod yet');
    return pod.runtime.machines;
  }

  async get(id: string): Promise<MachineView> {
    const view = await this.machines.get(id);
    if (!view) throw new Error(`there is no machine ${id}`);
    return view;
  }

  /** Waits until the machine is `status`. */
  async until(id: string, status: MachineView['status'], timeoutMs = 10_000): Promise<MachineView> {
    await waitFor(() => this.get(id).then((view) => view.status === status), {
      what: `machine ${id} is ${status}`,
      timeoutMs,
    }).catch(async (error: Error) => {
      throw new Error(
        `${error.message}\n${JSON.stringify(await this.get(id))}\n${this.pods
          .flatMap(({ log }) => log)
          .slice(-20)
          .join('\n')}`,
      );
    });
    return this.get(id);
  }

  /** Starts a machine and waits for its end. */
  async run(machine: string, context: MachineView['context'] = {}, status: MachineView['status'] = 'completed') {
    return this.until(await this.start({ machine, context }), status);
  }

  /** What all pods have counted, per kind. */
  async counts(): Promise<Partial<Record<Count, number>>> {
    await Promise.all(this.pods.map(({ runtime }) => runtime.counters.flush()));
    const totals: Partial<Record<Count, number>> = {};
    for (const [field, value] of Object.entries(await this.redis.hgetall(this.keys.counts))) {
      const count = field.split('\t')[0] as Count;
      totals[count] = (totals[count] ?? 0) + Number(value);
    }
    return totals;
  }

  /** Waits a moment for exactly these counts: a commit is seen before its worker has counted it. */
  async expectCounts(expected: Partial<Record<Count, number>>): Promise<void> {
    const total = (counts: object) => Object.values(counts).reduce((sum: number, value: number) => sum + value, 0);
    for (const end = performance.now() + 2000; performance.now() < end;) {
      if (total(await this.counts()) >= total(expected)) break;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(await this.counts()).toEqual(expected);
  }

  untilCounted(count: Count, least = 1): Promise<unknown> {
    return waitFor(() => this.counts().then((counts) => (counts[count] ?? 0) >= least), { what: `${least} times ${count}` });
  }

  /** The BullMQ queue itself, to put jobs in by hand. */
  queue(name = 'machines'): Queue {
    const queue = new Queue(name, { connection: this.redis, prefix: this.keys.queuePrefix(0), skipMetasUpdate: true });
    this.queues.push(queue);
    return queue;
  }

  /** Ids of all jobs that were ever queued, in order within a partition. */
  async addedJobs(queue = 'machines'): Promise<(string | undefined)[]> {
    const partitions = Array.from({ length: this.keys.partitions }, (_, i) => `${this.keys.queuePrefix(i)}:${queue}:events`);
    const events = (await Promise.all(partitions.map((key) => this.redis.xrange(key, '-', '+')))).flat();
    return events.filter(([, fields]) => fields[1] === 'added').map(([, fields]) => fields[fields.indexOf('jobId') + 1]);
  }

  /** A step store of nobody: claims through it are claims of a process that dies. */
  store(leaseTtlMs = 60_000): FusedStepStore {
    const leases = new RedisLeaseStore(this.redis, { keyOf: (id) => this.keys.lease(id) });
    const options = { leaseTtlMs, historyLimit: 100, retentionMs: 60_000, worker: 'ghost', monotonic: () => performance.now() };
    return new FusedStepStore(this.redis, this.keys, leases, options);
  }

  /** Ends the machine's lease, as time does. */
  async expire(id: string): Promise<void> {
    await this.redis.hset(this.keys.lease(id), 'until', 1);
    await this.redis.zadd(this.keys.watch(this.keys.partitionOf(id)), 'XX', 1, id);
  }
}

/** The first job of a machine, as made by hand. */
export function handmade(correlationId: string, machine: string, fields: Partial<Job> = {}): Job {
  return { correlationId, machine, steps: 0, rev: 0, retries: 0, drive: 0, version: 1, queue: 'machines', ...fields };
}

/** A promise to be fulfilled from outside. */
export function gate<T = void>(): { readonly passed: Promise<T>; readonly open: (value: T) => void } {
  let open!: (value: T) => void;
  const passed = new Promise<T>((resolve) => (open = resolve));
  return { passed, open };
}
