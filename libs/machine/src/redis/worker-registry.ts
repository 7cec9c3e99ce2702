import type { Clock, Timer } from '@stile/lease';
import type { Redis } from 'ioredis';
import type { EngineLog } from '../engine/options';
import type { Keyspace } from './keyspace';

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

/** Says every two seconds that this worker is there and consumes. A worker that does not consume says nothing. */
export class WorkerBeat {
  private timer?: Timer;
  private beating?: Promise<void>;
  private stopped = false;

  constructor(
    private readonly redis: Redis,
    private readonly keys: Keyspace,
    private readonly clock: Clock,
    private readonly log: EngineLog,
    /** Unique over workers and restarts. */
    private readonly incarnation: string,
    private readonly name: string,
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
    await this.redis.hset(this.keys.workers, this.incarnation, JSON.stringify({ name: this.name, at, ...state }));
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
