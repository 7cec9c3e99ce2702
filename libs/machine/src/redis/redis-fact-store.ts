import type { RedisConnection } from './connect';
import { QuarantinedError } from '../core/errors';
import type { OpenGroup, QuarantineFacts, StoredFacts } from '../core/explain-facts';
import type { FactStore } from '../core/explain-ports';
import { noCipher, type PayloadCipher } from '../core/payload-cipher';
import { itemsInRecord, parseItem } from './history-text';
import type { Keyspace } from './keyspace';
import { LEASE_FIELDS, leaseOf, serverMs, type LeaseReads } from './read-lease';
import { readTogether } from './read-together';
import { answered } from './store-error';
import { readView } from './view';

/** Enough to find who stopped a machine, unless it was edited ever since. */
const TAIL = 20;

type Reads = [...LeaseReads, quarantine: string | null, tail: string[]];

/** What the store knows of a machine: nothing is written, and a broken record is told as such. */
export class RedisFactStore implements FactStore {
  constructor(
    private readonly redis: RedisConnection,
    private readonly keys: Keyspace,
    private readonly cipher: PayloadCipher = noCipher,
  ) {}

  async read(id: string): Promise<StoredFacts | QuarantineFacts | undefined> {
    try {
      return await this.readRecord(id);
    } catch (error) {
      if (!(error instanceof QuarantinedError)) throw error;
      return { quarantined: error.reason, since: null };
    }
  }

  private async readRecord(id: string): Promise<StoredFacts | QuarantineFacts | undefined> {
    const partition = this.keys.partitionOf(id);
    const reads = this.redis
      .multi()
      .hgetall(this.keys.record(id))
      .hmget(this.keys.lease(id), ...LEASE_FIELDS)
      .zscore(this.keys.watch(partition), id)
      .time()
      .hget(this.keys.quarantine(partition), id)
      .lrange(this.keys.history(id), -TAIL, -1);
    const [fields, lease, watched, time, quarantine, tail] = await readTogether<Reads>(reads, [
      [0, new QuarantinedError(id, 'the record is not a hash')],
      [1, new QuarantinedError(id, 'the lease is not a hash')],
      [5, new QuarantinedError(id, 'its history is not a list')],
    ]);
    if (Object.keys(fields).length === 0) {
      return quarantine === null ? undefined : { quarantined: reasonOf(quarantine), since: null };
    }
    const now = serverMs(time);
    const view = readView(id, fields, leaseOf(fields, lease, watched, now), await this.cipher.of(id));
    return {
      now,
      view,
      queue: fields.queue ?? '',
      partition,
      drive: Number(fields.drive ?? 0),
      rev: Number(fields.rev ?? 0),
      worker: fields.worker ?? '',
      due: view.status === 'paused' ? 0 : Number(fields.due ?? 0),
      takes: (fields.takes ?? '').split(' ').flatMap((text) => (text.startsWith('+') ? [text.slice(1)] : [])),
      groups: view.status === 'waiting' && view.children > 0 ? await this.openGroups(id) : [],
      watched: watched !== null,
      tail: [...itemsInRecord(fields.history), ...tail].slice(-TAIL).flatMap(itemOf),
    };
  }

  private async openGroups(id: string): Promise<OpenGroup[]> {
    const key = this.keys.children(id);
    const names = ((await answered(this.redis.hget(key, 'groups'))) ?? '').split(' ').filter((name) => name !== '');
    const groups: OpenGroup[] = [];
    for (const group of names) {
      const fields = ['open', 'event', 'failed', 'total', 'done', 'lost', 'gone'].map((name) => `${group}:${name}`);
      const [open, event, failed, total, ...counts] = await answered(this.redis.hmget(key, ...fields));
      if (open !== '1') continue;
      const events = [event, failed].filter((name) => typeof name === 'string' && name !== '') as string[];
      const ended = counts.reduce((sum, count) => sum + Number(count ?? 0), 0);
      groups.push({ group, events, total: Number(total ?? 0), ended });
    }
    return groups;
  }
}

/** An entry that somebody wrote by hand is a reason, too. */
function reasonOf(text: string): string {
  try {
    const { reason } = JSON.parse(text) as { reason?: unknown };
    return typeof reason === 'string' ? reason : text;
  } catch {
    return text;
  }
}

/** One that cannot be read tells nothing; the machine itself is none the worse. */
function itemOf(text: string): StoredFacts['tail'] {
  try {
    const { outcome, to, startedAt, durationMs, by, why } = parseItem(text);
    const readable = Number.isFinite(Date.parse(startedAt)) && Number.isFinite(durationMs);
    return readable ? [{ outcome, to, startedAt, durationMs, by, why }] : [];
  } catch {
    return [];
  }
}
