import type { Clock } from '@stile/lease';
import type { ArchiveEntry, Archiving, Leaving, MachineArchive, Unreadable } from '../core/archive';
import type { Counters } from '../core/counts';
import { QuarantinedError } from '../core/errors';
import type { MachineStatus } from '../core/model';
import type { EngineLog } from '../engine/options';
import { ExpiringClaim } from '../redis/expiring-claim';
import type { Keyspace } from '../redis/keyspace';
import { itemsInRecord } from '../redis/history-text';
import { copyMachine, fieldsIn, sealOf, type MachineCopy } from '../redis/machine-copy';
import type { RedisConnection } from '../redis/connect';

/** Machines of one write at most, and about how much text, in characters: histories may be large. */
const GROUP = 50;
const GROUP_CHARS = 2_000_000;
/** How long nobody else writes machines of this partition. A write takes seconds at most. */
const CLAIM_MS = 30_000;
/** After a write that failed nothing is tried for so long, twice as long each time, ms. */
const FIRST_PAUSE_MS = 1000;
const LAST_PAUSE_MS = 30_000;

export interface ArchiveWriterParts {
  readonly redis: RedisConnection;
  readonly keys: Keyspace;
  readonly archive: MachineArchive;
  readonly counters: Counters;
  readonly clock: Clock;
  readonly log: EngineLog;
  /** Unique over workers and restarts. */
  readonly incarnation: string;
  /** Machines that ended so are written; others are dropped without. */
  readonly statuses: readonly MachineStatus[];
}

/** A machine on its way, and what it was like. */
interface Ready {
  readonly entry: ArchiveEntry;
  readonly machine: string;
  readonly seal: string;
}

/** Writes machines into the archive before they are dropped. While the archive does not take them they stay where they are. */
export class ArchiveWriter implements Archiving {
  private pauseMs = FIRST_PAUSE_MS;
  /** Monotonic ms. */
  private pausedUntil = -Infinity;

  constructor(private readonly parts: ArchiveWriterParts) {}

  /**
   * A crash after a write, or a lost answer: they are written again, and the archive keeps one of each run. A machine that changes after
   * it was read has another seal: `retire` leaves it for the next time.
   */
  async write(partition: number, ids: readonly string[]): Promise<ReadonlyMap<string, Leaving | Unreadable>> {
    const { redis, keys, clock, incarnation } = this.parts;
    const leaving = new Map<string, Leaving | Unreadable>();
    if (clock.monotonic() < this.pausedUntil) return leaving;
    const claim = new ExpiringClaim(redis, keys.archiving(partition), incarnation, CLAIM_MS);
    if (!(await claim.take())) return leaving;
    let group: Ready[] = [];
    let chars = 0;
    const flush = async (): Promise<boolean> => {
      if (group.length === 0) return true;
      const written = (await claim.take()) && (await this.writeGroup(group));
      if (written) for (const { entry, seal } of group) leaving.set(entry.correlationId, { seal, archived: true });
      [group, chars] = [[], 0];
      return written;
    };
    for (const id of ids) {
      const copy = await this.read(id);
      if (copy && 'unreadable' in copy) {
        leaving.set(id, copy);
        continue;
      }
      const ready = copy && this.entryOf(copy);
      if (ready) {
        group.push(ready);
        chars += sizeOf(ready.entry);
        if ((group.length >= GROUP || chars >= GROUP_CHARS) && !(await flush())) return leaving;
      } else leaving.set(id, { seal: copy ? sealOf(copy) : GONE, archived: false });
    }
    await flush();
    return leaving;
  }

  private async read(id: string): Promise<MachineCopy | Unreadable | undefined> {
    try {
      return await copyMachine(this.parts.redis, this.parts.keys, id);
    } catch (error) {
      if (!(error instanceof QuarantinedError)) throw error;
      return { unreadable: error.reason };
    }
  }

  /** Nothing where it is not to be written: it lives again, or ended in a way that is not kept. */
  private entryOf(copy: MachineCopy): Ready | undefined {
    const { history: short, ...record } = fieldsIn(copy.parts.record);
    if (!this.parts.statuses.some((status) => status === record.status)) return undefined;
    const { history, children } = copy.parts;
    const items = [...itemsInRecord(short), ...history];
    const entry = { correlationId: copy.id, record, history: items, children: fieldsIn(children), archivedAt: copy.at };
    return { entry, machine: record.machine ?? '', seal: sealOf(copy) };
  }

  private async writeGroup(group: readonly Ready[]): Promise<boolean> {
    const { archive, counters, clock, log } = this.parts;
    const count = (what: 'archived' | 'unarchived'): void => {
      for (const { machine } of group) counters.add(what, { machine, state: '', event: '' });
    };
    try {
      await archive.write(group.map(({ entry }) => entry));
    } catch (error) {
      count('unarchived');
      this.pausedUntil = clock.monotonic() + this.pauseMs;
      const reason = error instanceof Error ? error.message : String(error);
      log.warn(
        `${archive.name} did not take ${group.length} finished machines, which are kept and tried again in ${this.pauseMs / 1000} s: ${reason}`,
      );
      this.pauseMs = Math.min(2 * this.pauseMs, LAST_PAUSE_MS);
      return false;
    }
    this.pauseMs = FIRST_PAUSE_MS;
    count('archived');
    return true;
  }
}

/** The seal of a machine whose record is gone: what else there is of it goes. */
const GONE = ' 0  0';

function sizeOf({ record, history, children }: ArchiveEntry): number {
  const chars = (texts: readonly string[]): number => texts.reduce((sum, text) => sum + text.length, 0);
  return chars(Object.values(record)) + chars(history) + chars(Object.values(children));
}
