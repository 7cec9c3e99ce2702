import type { LeaseStore } from '@stile/lease';
import type { Redis } from 'ioredis';
import type { Claim, Overdue, WatchStore } from '../core/machine-store';
import type { DueJob, Job } from '../core/ports';
import type { Keyspace } from './keyspace';
import { readJob } from './replies';
import { callScript } from './scripts';

/** The watch, quarantine and retention of each partition. */
export class RedisWatchStore implements WatchStore {
  /** @param separate lease stores on other servers, whose counters go with the record; none where leases live beside it */
  constructor(
    private readonly redis: Redis,
    private readonly keys: Keyspace,
    private readonly separate?: LeaseStore,
  ) {}

  async sweep(partition: number, batch: number): Promise<Overdue> {
    const found = await callScript<string[][]>(
      this.redis,
      'sweep',
      [this.keys.watch(partition), this.keys.quarantine(partition)],
      [batch, this.keys.recordPrefix(partition), this.keys.leasePrefix(partition), this.leaseHere],
    );
    const drive: DueJob[] = [];
    const garbage: { correlationId: string; reason: string }[] = [];
    for (const [what, correlationId = '', ...rest] of found) {
      const job = what === 'drive' ? readJob(correlationId, rest) : undefined;
      if (job) drive.push(job);
      else garbage.push({ correlationId, reason: rest[0] ?? '' });
    }
    return { drive, garbage };
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
   * in the retention index to be tried again.
   */
  async retire(partition: number, batch: number): Promise<number> {
    const retention = this.keys.retention(partition);
    const ids = await callScript<string[]>(this.redis, 'expired', [retention], [batch]);
    let retired = 0;
    for (const id of ids) {
      const [record, lease, watch] = this.keysOf(id) as [string, string, string];
      if (this.separate && (await this.isOver(record))) await this.separate.forget(id);
      retired += Number(
        await callScript<number>(this.redis, 'retire', [record, lease, watch, this.keys.history(id), retention], [id]),
      );
    }
    return retired;
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
