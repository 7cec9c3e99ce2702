import type { Redis } from 'ioredis';
import { QuarantinedError } from '../core/errors';
import type { CheckedStart, RecordStore } from '../core/machine-store';
import type { DueJob, HistoryItem, MachineView, StartResult } from '../core/ports';
import type { Keyspace } from './keyspace';
import { callScript } from './scripts';
import { answered } from './store-error';
import { fieldsOf, readView } from './view';

/** Starts machines and reads what became of them. */
export class RedisRecordStore implements RecordStore {
  constructor(
    private readonly redis: Redis,
    private readonly keys: Keyspace,
  ) {}

  async start(start: CheckedStart): Promise<{ result: StartResult; job: DueJob }> {
    const { correlationId: id, request, runId, version, queue, maxRetries, state, event, contextJson, digest } = start;
    const partition = this.keys.partitionOf(id);
    const delayMs = request.delayMs ?? 0;
    const keys = [this.keys.record(id), this.keys.history(id), this.keys.watch(partition), this.keys.quarantine(partition)];
    const fields = { machine: request.machine, version, queue, max: maxRetries, state, event, context: contextJson };
    const tags = JSON.stringify(request.tags ?? {});
    const args = [id, runId, digest, delayMs, ...Object.entries(fields).flat(), 'tags', tags];
    const [outcome, ...flat] = await answered(callScript(this.redis, 'start', keys, args));
    if (outcome === 'garbage') throw new QuarantinedError(id, flat[0] ?? '');
    const job = { correlationId: id, steps: 0, retries: 0, drive: 0, machine: request.machine, version, queue, delayMs };
    if (outcome === 'conflict') return { result: { outcome, correlationId: id }, job };
    const machine = readView(id, fieldsOf(flat));
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
    const garbage = 'its history is not a list of JSON objects';
    const [items, exists] = await answered(
      Promise.all([
        this.redis.lrange(this.keys.history(id), 0, -1).catch(rethrowWrongType(id, garbage)),
        this.redis.exists(this.keys.record(id)),
      ]),
    );
    if (exists === 0) return undefined;
    try {
      return items.map((item) => JSON.parse(item) as HistoryItem);
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
