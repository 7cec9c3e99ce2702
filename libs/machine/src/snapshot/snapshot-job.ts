import type { Clock, Timer } from '@stile/lease';
import type { Counters } from '../core/counts';
import type { EngineLog } from '../engine/options';
import { ExpiringClaim } from '../redis/expiring-claim';
import type { Keyspace } from '../redis/keyspace';
import { serverMs } from '../redis/process-presence';
import { pruneSnapshots, snapshotFolder } from './snapshot-folder';
import { takeSnapshot } from './take-snapshot';
import type { RedisConnection } from '../redis/connect';

const CLAIM_MS = 60_000;
const LOOK_MS = 30_000;
const NO_LABELS = { machine: '', state: '', event: '' };

export interface SnapshotJobOptions {
  readonly redis: RedisConnection;
  readonly keys: Keyspace;
  readonly clock: Clock;
  readonly log: EngineLog;
  readonly counters: Counters;
  /** Unique over workers and restarts. */
  readonly incarnation: string;
  readonly url: string;
  readonly everyMs: number;
  readonly keep: number;
}

/** Takes a snapshot whenever the last one is old enough; of several workers one at a time. */
export class SnapshotJob {
  private readonly folder: string;
  private readonly claim: ExpiringClaim;
  private timer?: Timer;
  private working?: Promise<void>;
  private stopped = false;

  /** @throws TypeError when the URL cannot be used */
  constructor(private readonly options: SnapshotJobOptions) {
    const { redis, keys, incarnation, url } = options;
    this.folder = snapshotFolder(url);
    this.claim = new ExpiringClaim(redis, keys.snapshotting, incarnation, CLAIM_MS);
  }

  start(): void {
    this.schedule();
  }

  /** One that is being written is given up. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.timer?.cancel();
    await this.working;
  }

  /** @returns whether one was due and taken */
  async takeIfDue(): Promise<boolean> {
    const { redis, keys, everyMs, keep, log, counters } = this.options;
    if (!(await this.isDue()) || !(await this.claim.take())) return false;
    try {
      if (!(await this.isDue())) return false; // another has, just before
      const taken = await takeSnapshot(redis, keys, this.folder, async () => !this.stopped && (await this.claim.take()));
      if (!taken) return false;
      await redis.set(keys.snapshot, taken.at);
      await pruneSnapshots(this.folder, keep, Date.now());
      counters.add('snapshot', NO_LABELS);
      log.log(`snapshot ${taken.name}: ${taken.machines} machines; the next in ${Math.round(everyMs / 1000)} s`);
      return true;
    } finally {
      await this.claim.leave();
    }
  }

  private async isDue(): Promise<boolean> {
    const { redis, keys, everyMs } = this.options;
    const last = await redis.get(keys.snapshot);
    return last === null || (await serverMs(redis)) - Number(last) >= everyMs;
  }

  private schedule(): void {
    const { clock, log, counters, everyMs } = this.options;
    this.timer = clock.after(Math.min(LOOK_MS, Math.max(1000, everyMs / 10)), () => {
      this.working = this.takeIfDue()
        .catch((error: unknown) => {
          counters.add('unsaved', NO_LABELS);
          log.warn(`no snapshot could be taken, it is tried again: ${error instanceof Error ? error.message : String(error)}`);
        })
        .then(() => {
          if (!this.stopped) this.schedule();
        });
    });
  }
}
