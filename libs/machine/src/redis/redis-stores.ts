import { randomBytes } from 'node:crypto';
import { noCipher, type PayloadCipher } from '../core/payload-cipher';
import type { RedisConnection } from './connect';
import type { Keyspace } from './keyspace';
import { RedisHoldStore } from './redis-hold-store';
import { RedisInboxStore } from './redis-inbox-store';
import { RedisOutboxStore } from './redis-outbox-store';
import { RedisRecordStore } from './redis-record-store';
import { RedisSteeringStore } from './redis-steering-store';

/** The stores that an API and a worker share, over one client. */
export function makeStores(redis: RedisConnection, keys: Keyspace, historyLimit: number, cipher: PayloadCipher = noCipher) {
  return {
    records: new RedisRecordStore(redis, keys, cipher),
    inbox: new RedisInboxStore(redis, keys, cipher),
    outbox: new RedisOutboxStore(redis, keys, cipher),
    steering: new RedisSteeringStore(redis, keys, historyLimit, cipher),
    holds: new RedisHoldStore(redis, keys),
  };
}

/** The deployment's secret, made by whoever asks first. One answer for all, and read once. */
export function sharedSecret(redis: RedisConnection, keys: Keyspace): () => Promise<string> {
  let secret: Promise<string> | undefined;
  const read = async (): Promise<string> => {
    await redis.setnx(keys.secret, randomBytes(32).toString('base64url'));
    return (await redis.get(keys.secret)) ?? '';
  };
  return () => {
    secret ??= read();
    secret.catch(() => (secret = undefined));
    return secret;
  };
}
