import type { Clock, Timer } from '@stile/lease';
import type { RedisConnection } from './connect';
import type { EngineLog } from '../engine/options';
import type { Keyspace } from './keyspace';
import { iso } from './view';

const BEAT_MS = 2000;

export interface WorkerState {
  readonly queues: readonly string[];
  readonly active: number;
  /** How long ago a job was taken, ms; null when none was. */
  readonly lastJobMs: number | null;
  /** Whether its consumers are connected and take jobs. */
  readonly consuming: boolean;
  /** The longest time that its event loop stood still lately, ms. */
  readonly lagMs: number;
}

/** What does not change as long as a worker lives. */
export interface WorkerIdentity {
  readonly name: string;
  readonly host: string;
  readonly pid: number;
  /** Machines it runs at the same time at most, per queue and partition. */
  readonly concurrency: number;
  /** Partitions it serves. */
  readonly partitions: readonly number[];
  /** Those of its queues. */
  readonly definitions: readonly { readonly name: string; readonly version: number }[];
}

/** Says every two seconds that this worker is there and consumes. A worker that does not consume says nothing. */
export class WorkerBeat {
  private timer?: Timer;
  private beating?: Promise<void>;
  private stopped = false;
  /** Server time of the first beat. */
  private startedAt?: string;

  constructor(
    private readonly redis: RedisConnection,
    private readonly keys: Keyspace,
    private readonly clock: Clock,
    private readonly log: EngineLog,
    /** Unique over workers and restarts. */
    private readonly incarnation: string,
    private readonly identity: WorkerIdentity,
    private readonly state: () => WorkerState,
  ) {}

  async start(): Promise<void> {
    await this.beat();
    this.schedule();
  }

  /** Waits for a beat on its way: it would bring back what is deleted here. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.timer?.cancel();
    await this.beating;
    await this.redis.hdel(this.keys.workers, this.incarnation).catch(() => 0);
  }

  async beat(): Promise<void> {
    const { consuming, lagMs, ...rest } = this.state();
    if (!consuming) return;
    const state = { ...rest, lagMs: Math.round(lagMs) };
    const [seconds, micros] = await this.redis.time();
    const at = Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
    this.startedAt ??= iso(at);
    const beat = { ...this.identity, startedAt: this.startedAt, at, ...state };
    await this.redis.hset(this.keys.workers, this.incarnation, JSON.stringify(beat));
  }

  private schedule(): void {
    if (this.stopped) return;
    this.timer = this.clock.after(BEAT_MS, () => {
      this.beating = this.beat()
        .catch((error: unknown) => this.log.warn(`this worker could not say that it is there: ${String(error)}`))
        .then(() => this.schedule());
    });
  }
}
