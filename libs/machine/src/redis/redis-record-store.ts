import type { Redis } from 'ioredis';
import { QuarantinedError } from '../core/errors';
import type { CheckedStart, RecordStore } from '../core/machine-store';
import type { DueJob, HistoryItem, MachineView, StartResult } from '../core/ports';
import type { Keyspace } from './keyspace';
import { callScript } from './scripts';
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
    const [outcome, ...flat] = await callScript(
      this.redis,
      'start',
      [this.keys.record(id), this.keys.history(id), this.keys.watch(partition), this.keys.quarantine(partition)],
      [
        id, runId, digest, delayMs,
        'machine', request.machine, 'version', version, 'queue', queue, 'max', maxRetries,
        'state', state, 'event', event, 'context', contextJson, 'tags', JSON.stringify(request.tags ?? {}),
      ],
    );
    if (outcome === 'garbage') throw new QuarantinedError(id, flat[0] ?? '');
    const job = { correlationId: id, steps: 0, retries: 0, drive: 0, machine: request.machine, version, queue, delayMs };
    if (outcome === 'conflict') return { result: { outcome, correlationId: id }, job };
    const machine = readView(id, fieldsOf(flat));
    return { result: { outcome: outcome === 'created' ? 'created' : 'existing', machine }, job };
  }

  async get(id: string): Promise<MachineView | undefined> {
    let flat: Record<string, string>;
    try {
      flat = await this.redis.hgetall(this.keys.record(id));
    } catch (error) {
      if (error instanceof Error && error.message.startsWith('WRONGTYPE')) {
        throw new QuarantinedError(id, 'the record is not a hash');
      }
      throw error;
    }
    if (Object.keys(flat).length > 0) return readView(id, flat);
    const reason = await this.redis.hget(this.keys.quarantine(this.keys.partitionOf(id)), id);
    if (reason !== null) throw new QuarantinedError(id, (JSON.parse(reason) as { reason: string }).reason);
    return undefined;
  }

  async history(id: string): Promise<readonly HistoryItem[] | undefined> {
    const [items, exists] = await Promise.all([
      this.redis.lrange(this.keys.history(id), 0, -1),
      this.redis.exists(this.keys.record(id)),
    ]);
    return exists === 0 ? undefined : items.map((item) => JSON.parse(item) as HistoryItem);
  }
}
