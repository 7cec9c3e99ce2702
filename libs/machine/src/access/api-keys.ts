import type { RedisConnection } from '../redis/connect';
import type { Keyspace } from '../redis/keyspace';
import { answered } from '../redis/store-error';
import { makeApiKey, readApiKeyRecord, type ApiKeyGrant, type ApiKeyRecord, type ApiKeyView } from './api-key';

/**
 * The keys of a deployment: a hash of records by id, and one of the times they were last used. Each call is one command, or two that need not
 * be seen together: a process that dies between them leaves at most the time of a key that is gone. All reject with StoreUnavailableError.
 */
export class ApiKeys {
  constructor(
    private readonly redis: Pick<RedisConnection, 'hset' | 'hget' | 'hgetall' | 'hdel'>,
    private readonly keys: Pick<Keyspace, 'apiKeys' | 'apiKeysUsed'>,
  ) {}

  /** @returns the key itself, which is nowhere else and cannot be had again. @throws InvalidApiKeyError */
  async create(grant: ApiKeyGrant, nowMs: number): Promise<{ readonly text: string; readonly view: ApiKeyView }> {
    const { text, record } = makeApiKey(grant, nowMs);
    await answered(this.redis.hset(this.keys.apiKeys, record.id, JSON.stringify(record)));
    return { text, view: viewOf(record, undefined) };
  }

  async find(id: string): Promise<ApiKeyRecord | undefined> {
    const text = await answered(this.redis.hget(this.keys.apiKeys, id));
    return text === null ? undefined : readApiKeyRecord(id, text);
  }

  /** The oldest first. */
  async list(): Promise<readonly ApiKeyView[]> {
    const [texts, used] = await answered(
      Promise.all([this.redis.hgetall(this.keys.apiKeys), this.redis.hgetall(this.keys.apiKeysUsed)]),
    );
    return Object.entries(texts)
      .flatMap(([id, text]) => {
        const record = readApiKeyRecord(id, text);
        return record ? [viewOf(record, used[id])] : [];
      })
      .sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
  }

  /** @returns whether it was there */
  async revoke(id: string): Promise<boolean> {
    const removed = await answered(this.redis.hdel(this.keys.apiKeys, id));
    await answered(this.redis.hdel(this.keys.apiKeysUsed, id));
    return removed > 0;
  }

  async noteUse(id: string, nowMs: number): Promise<void> {
    await answered(this.redis.hset(this.keys.apiKeysUsed, id, String(nowMs)));
  }
}

function viewOf({ hash: _, ...record }: ApiKeyRecord, used: string | undefined): ApiKeyView {
  return {
    ...record,
    prefix: `stile_${record.id}`,
    lastUsedAt: used === undefined ? null : new Date(Number(used)).toISOString(),
  };
}
