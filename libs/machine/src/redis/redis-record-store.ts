import type { RedisConnection } from './connect';
import { QuarantinedError } from '../core/errors';
import { STATUSES, type DueJob, type HistoryItem, type MachineStatus, type MachineView, type StartResult } from '../core/model';
import { noCipher, type PayloadCipher } from '../core/payload-cipher';
import type { CheckedStart, RecordStore } from '../core/ports';
import { askTogether, type Ask } from './grouped-reads';
import type { Keyspace } from './keyspace';
import { readTogether } from './read-together';
import { LEASE_FIELDS, leaseOf, serverMs, type LeaseReads } from './read-lease';
import { serverFor } from './read-on';
import { RedisHistory } from './redis-history';
import { callScript } from './scripts';
import { answered, refuseMoved } from './store-error';
import { fieldsOf, readView } from './view';

/** Starts machines and reads what became of them. */
export class RedisRecordStore implements RecordStore {
  private readonly histories: RedisHistory;

  constructor(
    private readonly redis: RedisConnection,
    private readonly keys: Keyspace,
    private readonly cipher: PayloadCipher = noCipher,
  ) {
    this.histories = new RedisHistory(redis, keys, cipher);
  }

  async start(start: CheckedStart): Promise<{ result: StartResult; job: DueJob }> {
    const { correlationId: id, request, runId, version, queue, maxRetries, state, event, contextJson, digest } = start;
    const { deadline, inboxLimit, parent, awaited = false, readOn = '', data, replayOf, traceparent } = start;
    const partition = this.keys.partitionOf(id);
    const seal = await this.cipher.begin(id);
    const tags = JSON.stringify(request.tags ?? {});
    const keys = [
      ...this.keys.ofMachine(id),
      ...[this.keys.seen(id), this.keys.highWater(id), this.keys.quarantine(partition), this.keys.tombstone(id)],
      ...this.keys.tagIndexesOf(id, tags),
    ];
    const fields = {
      ...{ machine: request.machine, version, queue, max: maxRetries, state, event, context: seal.seal(contextJson, 'context') },
      ...(tags === '{}' ? {} : { tags }),
      ...(deadline?.event === undefined ? {} : { late: deadline.event }),
      ...(inboxLimit === undefined ? {} : { limit: inboxLimit }),
      ...(parent === undefined ? {} : { parent: JSON.stringify(parent) }),
      ...(awaited ? { awaited: 1 } : {}),
      ...(data === undefined ? {} : { data: seal.seal(data, 'data') }),
      ...(replayOf === undefined ? {} : { replay: JSON.stringify(replayOf) }),
      ...(traceparent === undefined ? {} : { traceparent: `0 ${traceparent}` }),
    };
    const startAt = request.startAt === undefined ? 0 : Date.parse(request.startAt);
    const more = deadline !== undefined || awaited || data !== undefined ? 1 : 0;
    const args = [
      id,
      runId,
      seal.digest(digest),
      request.delayMs ?? 0,
      startAt,
      deadline?.afterMs ?? 0,
      more,
      serverFor(this.redis, this.keys, id, readOn),
      `${request.machine}@${version}`,
      state,
      // One that was started before its data was sealed has this one.
      seal.on ? digest : '',
      ...Object.entries(fields).flat(),
    ];
    const [outcome, ...flat] = await answered(callScript(this.redis, 'start', keys, args));
    refuseMoved(outcome);
    if (outcome === 'garbage') throw new QuarantinedError(id, flat[0] ?? '');
    const found = fieldsOf(flat);
    const delayMs = Math.max(0, Number(found.due ?? 0) - Number(found.created ?? 0));
    const job = { correlationId: id, steps: 0, rev: 0, retries: 0, drive: 0, machine: request.machine, version, queue, delayMs };
    if (outcome === 'conflict') return { result: { outcome, correlationId: id }, job };
    const machine = readView(id, found, null, seal);
    if (outcome === 'created') return { result: { outcome, machine }, job };
    // Its script does not look at the lease: whoever runs it is asked for where somebody does.
    const now = machine.status === 'running' ? await this.get(id) : undefined;
    return { result: { outcome: 'existing', machine: now ?? machine }, job };
  }

  async get(id: string): Promise<MachineView | undefined> {
    const found = await answered(
      this.redis.hgetall(this.keys.record(id)).catch(rethrowWrongType(id, 'the record is not a hash')),
    );
    if (found.status === 'running') return this.getWithLease(id);
    if (Object.keys(found).length > 0) return readView(id, found, null, await this.cipher.of(id));
    const reason = await answered(this.redis.hget(this.keys.quarantine(this.keys.partitionOf(id)), id));
    if (reason !== null) throw new QuarantinedError(id, (JSON.parse(reason) as { reason: string }).reason);
    return undefined;
  }

  /** Record and lease of one moment. Asked only of machines that run: a transaction costs several times what one read does. */
  private async getWithLease(id: string): Promise<MachineView | undefined> {
    const reads = this.redis
      .multi()
      .hgetall(this.keys.record(id))
      .hmget(this.keys.lease(id), ...LEASE_FIELDS)
      .zscore(this.keys.watch(this.keys.partitionOf(id)), id)
      .time();
    const [fields, lease, watched, time] = await readTogether<LeaseReads>(reads, [
      [0, new QuarantinedError(id, 'the record is not a hash')],
      [1, new QuarantinedError(id, 'the lease is not a hash')],
    ]);
    if (Object.keys(fields).length === 0) return undefined; // removed since
    return readView(id, fields, leaseOf(fields, lease, watched, serverMs(time)), await this.cipher.of(id));
  }

  history(id: string): Promise<readonly HistoryItem[] | undefined> {
    return this.histories.all(id);
  }

  historyAfter(id: string, after: number, limit?: number): ReturnType<RecordStore['historyAfter']> {
    return this.histories.after(id, after, limit);
  }

  async statuses(ids: readonly string[]): Promise<readonly (MachineStatus | undefined)[]> {
    if (ids.length === 0) return [];
    const asks = ids.map((id): Ask => {
      const key = this.keys.record(id);
      return { key, ask: (pipeline) => pipeline.hget(key, 'status') };
    });
    const replies = await answered(askTogether(this.redis, asks));
    return ids.map((_, i) => {
      const status = replies[i]?.[1];
      return STATUSES.find((name) => name === status);
    });
  }
}

function rethrowWrongType(id: string, reason: string): (error: unknown) => never {
  return (error) => {
    throw error instanceof Error && error.message.startsWith('WRONGTYPE') ? new QuarantinedError(id, reason) : error;
  };
}
