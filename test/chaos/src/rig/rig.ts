import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startLocalRedis, type LocalRedis, type LocalRedisOptions } from '@stile/local-redis';
import { StileRuntime, type Count } from '@stile/machine';
import { Redis } from 'ioredis';
import { checkFolder, type CheckOptions } from '../checker';
import type { Outcome, Pass } from '../faults/fault';
import { Load } from '../load/load';
import { LogWriter } from '../log';
import type { WorkerTask } from '../worker/task';
import { checkedEffects, KEYS_THAT_STAY } from './expectations';
import { Fleet } from './fleet';
import { harvest, harvestKeys, settled } from './harvest';
import { Proxy } from './proxy';
import { listsDisagree } from './read-indexes';
import { startSink, type Sink } from './sink';

const quiet = { debug: () => undefined, log: () => undefined, warn: () => undefined, error: () => undefined };

export interface RigOptions {
  readonly redis?: Omit<LocalRedisOptions, 'dir'>;
  readonly task?: Partial<WorkerTask>;
  /** Workers reach Redis through {@link Rig.proxy}. @default false */
  readonly proxied?: boolean;
  /** Client and admin go through {@link Rig.door}, and so follow {@link Rig.moveTo}. @default false */
  readonly movable?: boolean;
  /** A second Redis, for leases of their own. @default false */
  readonly separateLeases?: boolean;
  /** Environment of the workers, beside that of this process. */
  readonly env?: NodeJS.ProcessEnv;
  /** Environment of the Redis, e.g. a library to preload; see {@link Rig.redis}. */
  readonly prefix?: string;
}

export interface FinishOptions extends CheckOptions {
  /** How long machines have to end once faults have stopped, ms. @default 30000 */
  readonly settleMs?: number;
  /** Whether keys that are left are looked at. @default true */
  readonly keys?: boolean;
  readonly injected?: Readonly<Record<string, number>>;
  readonly missed?: readonly string[];
  readonly late?: readonly string[];
  readonly figures?: Readonly<Record<string, number>>;
}

/** All that one pass runs on: servers, workers, a client, the log. */
export class Rig {
  readonly folder: string;
  readonly logFolder: string;
  readonly log: LogWriter;
  readonly fleet: Fleet;
  readonly load: Load;
  readonly client: StileRuntime;
  /** Straight to the server: no fault of the proxy's hits it. Waits where the server is away. */
  readonly admin: Redis;

  private constructor(
    readonly pass: Pass,
    readonly options: RigOptions,
    public redis: LocalRedis,
    readonly leases: LocalRedis | undefined,
    readonly proxy: Proxy,
    readonly sink: Sink,
    /** Where client and admin are let in, in a movable rig: no fault is made here. */
    readonly door: Proxy | undefined,
    log: { writer: LogWriter; folder: string },
  ) {
    this.folder = pass.folder;
    this.log = log.writer;
    this.logFolder = log.folder;
    const prefix = options.prefix ?? 'chaos';
    const task: WorkerTask = {
      redisUrl: options.proxied ? proxy.url : redis.url,
      prefix,
      leaseUrl: leases?.url,
      leaseTtlMs: 500,
      concurrency: 20,
      shutdownMs: 2000,
      crashLimit: 1000, // faults are ours, and many; the row on poison has another one
      log: this.logFolder,
      sink: sink.url,
      ...options.task,
    };
    this.fleet = new Fleet(task, this.folder, options.env);
    const url = door?.url ?? redis.url;
    this.client = new StileRuntime({ redis: { url }, prefix, retentionMs: 3_600_000 }, quiet);
    this.admin = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => 50 });
    this.admin.on('error', () => undefined);
    this.load = new Load({ client: this.client, log: this.log, random: pass.random });
  }

  static async open(pass: Pass, options: RigOptions = {}): Promise<Rig> {
    mkdirSync(pass.folder, { recursive: true });
    const server = { ...options.redis };
    const redis = await startLocalRedis({ dir: join(pass.folder, 'redis'), ...server });
    const leases = options.separateLeases ? await startLocalRedis({ dir: join(pass.folder, 'leases'), ...server }) : undefined;
    const proxy = await new Proxy({ host: '127.0.0.1', port: redis.port }).start();
    const door = options.movable ? await new Proxy({ ...proxy.target }).start() : undefined;
    const folder = join(pass.folder, 'log');
    const writer = new LogWriter(folder, 'rig');
    return new Rig(pass, options, redis, leases, proxy, await startSink(writer), door, { writer, folder });
  }

  /** Writes a fault down, and counts it. */
  fault(what: string, target = ''): void {
    this.log.append({ kind: 'fault', what, target });
  }

  /** Starts the server anew on the same port and the same data, after it was killed. */
  async restartRedis(): Promise<void> {
    await this.redis.exited;
    this.redis = await startLocalRedis({ dir: join(this.folder, 'redis'), ...this.options.redis, port: this.redis.port });
  }

  /** Waits until fewer jobs than this wait or run. */
  async queueBelow(count: number): Promise<void> {
    const queue = `${this.client.keys.queuePrefix(0)}:machines`;
    for (;;) {
      const lists = ['wait', 'active'].map((list) => this.admin.llen(`${queue}:${list}`));
      const sizes = await Promise.all([...lists, this.admin.zcard(`${queue}:delayed`)]);
      if (sizes.reduce((sum, size) => sum + size, 0) < count) return;
      await sleep(50);
    }
  }

  /** What all workers have counted, by count, once they have said so: they do every second. */
  async totals(): Promise<Readonly<Partial<Record<Count, number>>>> {
    await sleep(1500);
    const totals: Partial<Record<Count, number>> = {};
    for (const { count, value } of await this.client.counters.totals()) totals[count] = (totals[count] ?? 0) + value;
    return totals;
  }

  /** All are led to another server, which takes the place of the one there was; that one is the caller's to end. */
  moveTo(redis: LocalRedis): void {
    this.redis = redis;
    for (const way of [this.proxy, this.door]) {
      if (!way) continue;
      way.target = { host: '127.0.0.1', port: redis.port };
      way.cutAll();
    }
  }

  /** Faults have stopped: all machines must end. Harvests, checks, closes. */
  async finish(options: FinishOptions = {}): Promise<Outcome> {
    const { settleMs = 30_000, keys = true, injected = {}, missed = [], late = [], figures = {}, ...checks } = options;
    try {
      if (this.fleet.alive.length === 0) await this.fleet.spawnReady(1);
      const ids = (): Iterable<string> => this.load.expected.keys();
      const busy = [...this.load.expected].filter(([, machine]) => machine !== 'mailbox').map(([id]) => id);
      await settled(this.admin, this.client, busy, settleMs);
      await this.load.closeMailboxes(settleMs / 2);
      await settled(this.admin, this.client, ids(), settleMs / 2);
      await harvest(this.client, this.log, [...ids()]);
      const lists = await listsDisagree(this.admin, this.client.keys.tag(0));
      if (keys) await harvestKeys(this.admin, this.client, this.log, checks.allowedKeys ?? KEYS_THAT_STAY, 15_000);
      const report = checkFolder(this.logFolder, {
        effects: checkedEffects(),
        allowedKeys: KEYS_THAT_STAY,
        ...checks,
      });
      const { machines, committedSteps, attempts, duplicates, losses } = report.figures;
      const seen = { machines, 'committed steps': committedSteps, 'actions run': attempts, 'of them again': duplicates.actions };
      const lost = { 'starts lost': losses.starts, 'events lost': losses.events, 'steps lost': losses.steps };
      const any = Object.entries(lost).filter(([, count]) => count > 0);
      return {
        injected,
        missed: [...missed, ...lists.slice(0, 5).map((text) => `lists and records disagree: ${text}`)],
        late,
        violations: report.violations,
        figures: { ...seen, ...Object.fromEntries(any), ...figures },
      };
    } finally {
      await this.close();
    }
  }

  async close(): Promise<void> {
    this.load.stop();
    await this.fleet.end();
    await this.client.stop();
    this.admin.disconnect();
    await this.proxy.stop();
    await this.door?.stop();
    await this.sink.stop();
    await this.redis.stop();
    await this.leases?.stop();
    this.log.close();
  }
}

/** Opens a rig, and closes it whatever happens. */
export async function withRig(pass: Pass, options: RigOptions, run: (rig: Rig) => Promise<Outcome>): Promise<Outcome> {
  const rig = await Rig.open(pass, options);
  try {
    return await run(rig);
  } catch (error) {
    await rig.close().catch(() => undefined);
    throw error;
  }
}
