import type { Clock } from '@stile/lease';
import type { Archiving, MachineArchive } from '../core/archive';
import type { Counters } from '../core/counts';
import { StoreUnfitError } from '../core/errors';
import type { PayloadCipher } from '../core/payload-cipher';
import type { EngineLog } from '../engine/options';
import type { Keyspace } from '../redis/keyspace';
import type { StileOptions } from '../runtime-options';
import { markArchive, NoArchive } from './archive-mark';
import { ArchiveReader } from './archived-machines';
import { ArchiveWriter } from './archive-writer';
import { NO_ARCHIVE, openArchive } from './open-archive';
import type { RedisConnection } from '../redis/connect';

/** The archive of a process, if there is one: an API reads it, a worker writes it as well. */
export class ArchiveService {
  readonly reader: ArchiveReader;
  private readonly archive?: MachineArchive;

  /** @throws TypeError when the URL cannot be used */
  constructor(
    private readonly options: StileOptions['archive'],
    private readonly redis: RedisConnection,
    private readonly keys: Keyspace,
    private readonly log: EngineLog,
    cipher?: PayloadCipher,
  ) {
    const url = options?.url;
    if (url !== undefined && url !== NO_ARCHIVE) this.archive = openArchive(url, keys.prefix, log);
    this.reader = new ArchiveReader(this.archive, cipher);
  }

  /**
   * Before a worker drops machines. An archive that is away does not keep it from its work: it keeps what has ended.
   *
   * @throws StoreUnfitError when the archive never will take any
   */
  async prepare(): Promise<void> {
    if (this.options) await markArchive(this.redis, this.keys, this.archive !== undefined);
    try {
      await this.archive?.check();
    } catch (error) {
      if (error instanceof StoreUnfitError) throw error;
      this.log.warn(
        `${this.archive?.name} does not answer, finished machines are kept until it does: ${(error as Error).message}`,
      );
    }
  }

  makeArchiving(counters: Counters, clock: Clock, incarnation: string): Archiving {
    const { archive, redis, keys, log } = this;
    if (!archive) return new NoArchive(redis, keys, clock, log);
    const statuses = this.options?.statuses ?? ['completed', 'failed', 'cancelled'];
    return new ArchiveWriter({ redis, keys, archive, counters, clock, log, incarnation, statuses });
  }

  async close(): Promise<void> {
    await this.archive?.close();
  }
}
