import type { Redis } from 'ioredis';
import { QuarantinedError } from '../core/errors';
import { STATUSES, type DueJob, type HistoryItem, type MachineStatus, type MachineView, type StartResult } from '../core/model';
import type { CheckedStart, RecordStore } from '../core/ports';
import type { Keyspace } from './keyspace';
import { callScript } from './scripts';
import { answered, refuseMoved } from './store-error';
import { fieldsOf, readView } from './view';

/** Starts machines and reads what became of them. */
export class RedisRecordStore implements RecordStore {
  constructor(
    private readonly redis: Redis,
    private readonly keys: Keyspace,
  ) {}

  async start(start: CheckedStart): Promise<{ result: StartResult; job: DueJob }> {
    const { correlationId: id, request, runId, version, queue, maxRetries, state, event, contextJson, digest } = start;
    const { deadline, inboxLimit, parent, awaited = false, readOn = '' } = start;
    const partition = this.keys.partitionOf(id);
    const tags = JSON.stringify(request.tags ?? {});
    const keys = [
      ...this.keys.ofMachine(id),
      ...[this.keys.seen(id), this.keys.highWater(id), this.keys.quarantine(partition), this.keys.tombstone(id)],
      ...this.keys.indexesOf(id, request.machine, tags),
    ];
    const fields = {
      ...{ machine: request.machine, version, queue, max: maxRetries, state, event, context: contextJson, tags },
      ...(deadline?.event === undefined ? {} : { late: deadline.event }),
      ...(inboxLimit === undefined ? {} : { limit: inboxLimit }),
      ...(parent === undefined ? {} : { parent: JSON.stringify(parent) }),
      ...(awaited ? { awaited: 1 } : {}),
    };
    const startAt = request.startAt === undefined ? 0 : Date.parse(request.startAt);
    const more = deadline !== undefined || awaited ? 1 : 0;
    const args = [
      id,
      runId,
      digest,
      request.delayMs ?? 0,
      startAt,
      deadline?.afterMs ?? 0,
      more,
      readOn,
      `${request.machine}@${version}`,
      state,
      ...Object.entries(fields).flat(),
    ];
    const [outcome, ...flat] = await answered(callScript(this.redis, 'start', keys, args));
    refuseMoved(outcome);
    if (outcome === 'garbage') throw new QuarantinedError(id, flat[0] ?? '');
    const found = fieldsOf(flat);
    const delayMs = Math.max(0, Number(found.due ?? 0) - Number(found.created ?? 0));
    const job = { correlationId: id, steps: 0, rev: 0, retries: 0, drive: 0, machine: request.machine, version, queue, delayMs };
    if (outcome === 'conflict') return { result: { outcome, correlationId: id }, job };
    const machine = readView(id, found);
    return { result: { outcome: outcome === 'created' ? 'created' : 'existing', machine }, job };
  }

  async get(id: string): Promise<MachineView | undefined> {
    const fields = await answered(
      this.redis.hgetall(this.keys.record(id)).catch(rethrowWrongType(id, 'the record is not a hash')),
    );
    if (Object.keys(fields).length > 0) return readView(id, fields);
    const reason = await answered(this.redis.hget(this.keys.quarantine(this.keys.partitionOf(id)), id));
    if (reason !== null) throw new QuarantinedError(id, (JSON.parse(reason) as { reason: string }).reason);
    return undefined;
  }

  async history(id: string): Promise<readonly HistoryItem[] | undefined> {
    return (await this.readHistory(id, 0, -1))?.items;
  }

  async historyAfter(id: string, after: number, limit = 100): ReturnType<RecordStore['historyAfter']> {
    // Two reads: what is trimmed between them only makes the first numbers missing, which the next call tells as lost.
    const trimmed = Number((await answered(this.redis.hget(this.keys.record(id), 'trimmed'))) ?? 0);
    const from = Math.max(0, after - trimmed);
    const read = await this.readHistory(id, from, from + limit - 1);
    if (!read) return undefined;
    if (read.trimmed !== trimmed) return this.historyAfter(id, after, limit);
    return {
      lost: Math.max(0, trimmed - after),
      items: read.items.map((item, i) => ({ ...item, number: trimmed + from + i + 1 })),
    };
  }

  async statuses(ids: readonly string[]): Promise<readonly (MachineStatus | undefined)[]> {
    if (ids.length === 0) return [];
    const pipeline = this.redis.pipeline();
    for (const id of ids) pipeline.hget(this.keys.record(id), 'status');
    const replies = (await answered(pipeline.exec())) ?? [];
    return ids.map((_, i) => {
      const status = replies[i]?.[1];
      return STATUSES.find((name) => name === status);
    });
  }

  private async readHistory(
    id: string,
    from: number,
    to: number,
  ): Promise<{ items: readonly HistoryItem[]; trimmed: number } | undefined> {
    const garbage = 'its history is not a list of JSON objects';
    const record = this.keys.record(id);
    const [items, trimmed, exists] = await answered(
      Promise.all([
        this.redis.lrange(this.keys.history(id), from, to).catch(rethrowWrongType(id, garbage)),
        this.redis.hget(record, 'trimmed'),
        this.redis.exists(record),
      ]),
    );
    if (exists === 0) return undefined;
    try {
      return { items: items.map((item) => JSON.parse(item) as HistoryItem), trimmed: Number(trimmed ?? 0) };
    } catch {
      throw new QuarantinedError(id, garbage);
    }
  }
}

function rethrowWrongType(id: string, reason: string): (error: unknown) => never {
  return (error) => {
    throw error instanceof Error && error.message.startsWith('WRONGTYPE') ? new QuarantinedError(id, reason) : error;
  };
}
