import type { Clock } from '@stile/lease';
import { ArchiveService } from './archive/archive-service';
import type { ArchivedMachines, Archiving } from './core/archive';
import type { Counters } from './core/counts';
import type { PayloadCipher } from './core/payload-cipher';
import type { EngineLog } from './engine/options';
import type { RedisConnection } from './redis/connect';
import type { Keyspace } from './redis/keyspace';
import { ProcessPresence } from './redis/process-presence';
import type { StileOptions } from './runtime-options';
import { SnapshotJob } from './snapshot/snapshot-job';

const HOUR_MS = 3600 * 1000;
const KEEP = 24;

export interface UpkeepParts {
  readonly options: StileOptions;
  readonly redis: RedisConnection;
  readonly keys: Keyspace;
  readonly clock: Clock;
  readonly log: EngineLog;
  readonly counters: Counters;
  readonly cipher: PayloadCipher;
  /** Told once, when machines have been moved to another number of partitions behind the back of this process. */
  readonly left: () => void;
}

/** What keeps machines beside running them: the archive, snapshots, and the word that this process is there. */
export class Upkeep {
  private readonly archive: ArchiveService;
  private readonly presence: ProcessPresence;
  private snapshots?: SnapshotJob;

  /** @throws TypeError when a URL cannot be used */
  constructor(private readonly parts: UpkeepParts) {
    const { options, redis, keys, clock, log, cipher, left } = parts;
    this.archive = new ArchiveService(options.archive, redis, keys, log, cipher);
    this.presence = new ProcessPresence(redis, keys, clock, log, options.worker ? 'worker' : 'api', left);
  }

  get archived(): ArchivedMachines {
    return this.archive.reader;
  }

  /** Before anything is looked at: see {@link ProcessPresence}. */
  enter(): Promise<void> {
    return this.presence.start();
  }

  /** Of a worker, before it takes jobs. @throws StoreUnfitError */
  prepare(): Promise<void> {
    return this.archive.prepare();
  }

  archiving(incarnation: string): Archiving {
    const { counters, clock } = this.parts;
    return this.archive.makeArchiving(counters, clock, incarnation);
  }

  startSnapshots(incarnation: string): void {
    const { options, redis, keys, clock, log, counters } = this.parts;
    const { snapshots } = options.worker || {};
    if (!snapshots) return;
    const { url, everyMs = HOUR_MS, keep = KEEP } = snapshots;
    this.snapshots = new SnapshotJob({ redis, keys, clock, log, counters, incarnation, url, everyMs, keep });
    this.snapshots.start();
  }

  /** No more snapshots. */
  async drain(): Promise<void> {
    await this.snapshots?.stop();
  }

  /** Says goodbye, and closes what was opened. */
  async stop(): Promise<void> {
    await Promise.all([this.presence.stop(), this.archive.close()]);
  }
}
