import type { LeaseStore } from '@stile/lease';
import type { Archiving, Leaving, Unreadable } from '../core/archive';
import type { RedisConnection } from './connect';
import type { Claim, Overdue, Retired, WatchStore } from '../core/ports';
import type { DueJob, Job } from '../core/model';
import type { Keyspace } from './keyspace';
import { readJob } from './replies';
import { callScript } from './scripts';

/** How long a start is still recognised after its machine was removed (J7). */
const TOMBSTONE_SECONDS = 24 * 3600;
/** Machines dropped side by side: what else is asked of Redis meanwhile waits for so many at most. */
const TOGETHER = 10;
/** How long nobody tries again to drop a machine that cannot be read. */
const KEPT_MS = 3_600_000;
/** Nothing was to be written. */
const FREELY: Leaving = { seal: '', archived: false };

/** The watch, quarantine and retention of each partition. */
export class RedisWatchStore implements WatchStore {
  /**
   * @param separate lease stores on other servers, whose counters go with the record; none where leases live beside it
   * @param archiving what has to be written before it may go. @default nothing
   */
  constructor(
    private readonly redis: RedisConnection,
    private readonly keys: Keyspace,
    private readonly separate?: LeaseStore,
    private readonly archiving?: Archiving,
  ) {}

  async sweep(partition: number, batch: number): Promise<Overdue> {
    const [next, ...found] = await callScript<[string, ...string[][]]>(
      this.redis,
      'sweep',
      [this.keys.watch(partition), this.keys.quarantine(partition)],
      [batch, this.keys.tag(partition), this.leaseHere],
    );
    const drive: DueJob[] = [];
    const fired: DueJob[] = [];
    const deliver: string[] = [];
    const garbage: { correlationId: string; reason: string }[] = [];
    for (const [what, correlationId = '', ...rest] of found) {
      const job = what === 'drive' || what === 'fired' ? readJob(correlationId, rest) : undefined;
      if (job) (what === 'drive' ? drive : fired).push(job);
      else if (what === 'deliver') deliver.push(correlationId);
      else garbage.push({ correlationId, reason: rest[0] ?? '' });
    }
    return { drive, fired, deliver, garbage, ...(Number(next) < 0 ? {} : { nextMs: Number(next) }) };
  }

  async wake(job: Job): Promise<DueJob | undefined> {
    const { correlationId: id, steps, retries, drive } = job;
    const [outcome, ...tail] = await callScript(this.redis, 'wake', this.keysOf(id), [id, steps, retries, drive, this.leaseHere]);
    return outcome === 'woken' ? readJob(id, tail) : undefined;
  }

  async quarantine(id: string, reason: string, claim?: Claim): Promise<boolean> {
    const code = 'MACHINE_QUARANTINED';
    const done = await callScript<number>(
      this.redis,
      'quarantine',
      [...this.keysOf(id), this.keys.quarantine(this.keys.partitionOf(id))],
      [id, JSON.stringify({ reason }), JSON.stringify({ code, message: reason }), claim ? claim.fence : ''],
    );
    return Number(done) === 1;
  }

  /**
   * Counters in separate lease stores go first: a finished machine grants nothing any more, and a crash in between leaves it
   * in the retention index to be tried again. Where there is an archive its write comes before all else: a crash after it has the machine
   * written again, and what was not written stays. One that cannot be read keeps nobody behind it waiting.
   */
  async retire(partition: number, batch: number): Promise<Retired> {
    const retention = this.keys.retention(partition);
    const ids = await callScript<string[]>(this.redis, 'expired', [retention], [batch]);
    const written = ids.length === 0 ? 'all' : ((await this.archiving?.write(partition, ids)) ?? 'all');
    const retired = { dropped: 0, kept: [] as { correlationId: string; reason: string }[] };
    for (let i = 0; i < ids.length; i += TOGETHER) {
      const group = ids.slice(i, i + TOGETHER);
      const drops = group.map((id) => this.drop(id, written === 'all' ? FREELY : written.get(id)));
      const found = valuesOf(await Promise.allSettled(drops)); // none of them goes on when this is over
      for (const [k, what] of found.entries()) {
        const id = group[k] as string;
        if (what === 'dropped') retired.dropped++;
        else if (what !== 'stays' && Number(await callScript<number>(this.redis, 'keep', [retention], [id, KEPT_MS])) === 1) {
          retired.kept.push({ correlationId: id, reason: what.unreadable });
        }
      }
    }
    return { ...retired, more: ids.length === batch && retired.dropped + retired.kept.length > 0 };
  }

  private async drop(id: string, leaving: Leaving | Unreadable | undefined): Promise<'dropped' | 'stays' | Unreadable> {
    if (leaving === undefined) return 'stays';
    if ('unreadable' in leaving) return leaving;
    const tags = await this.tagsOf(id);
    if (typeof tags === 'object') return tags;
    if (this.separate && (await this.isOver(this.keys.record(id)))) await this.separate.forget(id);
    const keys = [
      ...this.keys.ofMachine(id),
      ...[this.keys.seen(id), this.keys.highWater(id), this.keys.tombstone(id)],
      ...this.keys.tagIndexesOf(id, tags),
    ];
    const args = [id, TOMBSTONE_SECONDS, leaving.seal, leaving.archived ? 1 : 0];
    return Number(await callScript<number>(this.redis, 'retire', keys, args)) === 1 ? 'dropped' : 'stays';
  }

  private async tagsOf(id: string): Promise<string | Unreadable> {
    try {
      return (await this.redis.hget(this.keys.record(id), 'tags')) ?? '{}';
    } catch (error) {
      if (error instanceof Error && error.message.startsWith('WRONGTYPE')) return { unreadable: 'its record is not a hash' };
      throw error;
    }
  }

  /** A machine that was started anew, or retried, keeps its counters (L6). */
  private async isOver(record: string): Promise<boolean> {
    const status = await this.redis.hget(record, 'status');
    return status === null || status === 'completed' || status === 'failed' || status === 'cancelled';
  }

  private get leaseHere(): 0 | 1 {
    return this.separate ? 0 : 1;
  }

  private keysOf(id: string): string[] {
    return [this.keys.record(id), this.keys.lease(id), this.keys.watch(this.keys.partitionOf(id))];
  }
}

/** @throws what the first of them was rejected with */
function valuesOf<T>(settled: readonly PromiseSettledResult<T>[]): T[] {
  return settled.map((each) => {
    if (each.status === 'rejected') throw each.reason;
    return each.value;
  });
}
