import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Clock, Timer } from '@stile/lease';
import type { EngineLog } from '../engine/options';
import type { Keyspace } from './keyspace';
import type { RedisConnection } from './connect';

const BEAT_MS = 5000;
/** Without a word for so long a process is taken for dead. */
export const GONE_MS = 15_000;

/** A process as it was last heard of. */
export interface ProcessSeen {
  readonly kind: 'worker' | 'api';
  readonly host: string;
  readonly pid: number;
  readonly lastSeenMs: number;
}

/**
 * Says that a process is there, before it looks whether it may be: whoever takes the layout for himself first locks it, then looks who is
 * there. One of the two sees the other. A process that finds itself locked out later, as it was paused meanwhile or is asked to leave, says so
 * and leaves.
 */
export class ProcessPresence {
  private readonly incarnation = randomUUID();
  private timer?: Timer;
  private beating?: Promise<void>;
  private started = false;
  private stopped = false;
  private warned = false;

  /** @param left told once, when the machines are no longer where this process looks for them */
  constructor(
    private readonly redis: RedisConnection,
    private readonly keys: Keyspace,
    private readonly clock: Clock,
    private readonly log: EngineLog,
    private readonly kind: ProcessSeen['kind'],
    private readonly left: () => void,
  ) {}

  async start(): Promise<void> {
    this.started = true;
    await this.say();
    this.schedule();
  }

  /** Waits for a beat on its way: it would bring back what is deleted here. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.timer?.cancel();
    await this.beating;
    if (!this.started) return;
    await this.redis.hdel(this.keys.processes, this.incarnation).catch(() => 0);
  }

  private async say(): Promise<void> {
    const at = await serverMs(this.redis);
    await this.redis.hset(
      this.keys.processes,
      this.incarnation,
      JSON.stringify({ kind: this.kind, host: hostname(), pid: process.pid, at }),
    );
  }

  private async beat(): Promise<void> {
    await this.say();
    const [partitions, moving, rebuilding] = await this.redis.hmget(this.keys.layout, 'partitions', 'moving', 'rebuilding');
    const ours = !moving && !rebuilding && (partitions === null || Number(partitions) === this.keys.partitions);
    if (ours || this.warned) return;
    this.warned = true;
    this.log.error(
      'the machines are being moved, or have been: this process stops. Start it anew, with the new STILE_PARTITIONS',
    );
    this.left();
  }

  private schedule(): void {
    if (this.stopped) return;
    this.timer = this.clock.after(BEAT_MS, () => {
      this.beating = this.beat()
        .catch((error: unknown) => this.log.warn(`this process could not say that it is there: ${String(error)}`))
        .then(() => this.schedule());
    });
  }
}

/** Those that have not said goodbye, nor been silent for too long. */
export async function processesSeen(redis: RedisConnection, keys: Keyspace): Promise<readonly ProcessSeen[]> {
  const [now, beats, workers] = await Promise.all([
    serverMs(redis),
    redis.hgetall(keys.processes),
    redis.hgetall(keys.workers), // of versions that say no more
  ]);
  const seen = [...Object.values(beats), ...Object.values(workers)].flatMap((text) => readBeat(text, now));
  const byPid = new Map(seen.map((each) => [`${each.host} ${each.pid}`, each]));
  return [...byPid.values()].filter(({ lastSeenMs }) => lastSeenMs < GONE_MS);
}

function readBeat(text: string, now: number): ProcessSeen[] {
  try {
    const { kind = 'worker', host = '', pid = 0, at } = JSON.parse(text) as Partial<ProcessSeen> & { at: number };
    return [{ kind, host, pid, lastSeenMs: Math.max(0, now - at) }];
  } catch {
    return [];
  }
}

export async function serverMs(redis: RedisConnection): Promise<number> {
  const [seconds, micros] = await redis.time();
  return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
}
