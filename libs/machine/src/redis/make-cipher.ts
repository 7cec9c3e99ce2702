import { StoreUnfitError } from '../core/errors';
import { noCipher, type PayloadCipher } from '../core/payload-cipher';
import { KeyRings } from '../crypto/key-rings';
import { RingCipher } from '../crypto/ring-cipher';
import type { EncryptionOptions } from '../runtime-options';
import type { RedisConnection } from './connect';
import type { Keyspace } from './keyspace';
import { RedisKeyStore } from './redis-key-store';
import { answered } from './store-error';

const KEY_ID = /^[A-Za-z0-9_-]{1,32}$/;
const KEY_BYTES = 32;
/** Of the deployment's layout: whether machines have keys of their own. */
const FIELD = 'keysPer';

/** @throws RangeError for keys that cannot be used; it tells nothing of them but their ids */
export function makeCipher(
  redis: RedisConnection,
  keys: Keyspace,
  options: EncryptionOptions | undefined,
  monotonic: () => number,
): PayloadCipher {
  if (!options) return noCipher;
  const ids = options.keys.map(({ id }) => id);
  if (ids.length === 0) throw new RangeError('encryption.keys is empty; give one key at least, or leave encryption out');
  for (const { id, key } of options.keys) {
    if (!KEY_ID.test(id)) throw new RangeError(`encryption.keys: id "${id}" cannot be used; it must match ${KEY_ID.source}`);
    if (key.symmetricKeySize !== KEY_BYTES) throw new RangeError(`encryption.keys: key "${id}" has not ${KEY_BYTES} bytes`);
    if (ids.indexOf(id) !== ids.lastIndexOf(id)) throw new RangeError(`encryption.keys: id "${id}" is there twice`);
  }
  const rings = new KeyRings(new RedisKeyStore(redis, keys), options.keys, monotonic);
  return new RingCipher(rings, options.per ?? 'tenant', monotonic);
}

/**
 * A process that seals nothing must not write beside others that do, unnoticed; nor one that looks for no keys of machines where they have
 * some.
 *
 * @throws StoreUnfitError
 */
export async function checkEncryption(
  redis: RedisConnection,
  keys: Keyspace,
  options: EncryptionOptions | undefined,
): Promise<void> {
  if (!options) {
    if ((await answered(redis.exists(keys.dataKeys))) === 0) return;
    throw new StoreUnfitError(
      `the data of this deployment is encrypted, and this process has no keys: it would write plain text, and read nothing. ` +
        `Set STILE_ENCRYPTION_KEYS as for the others. Where nothing is encrypted any more, delete "${keys.dataKeys}"`,
    );
  }
  if (options.per === 'machine') {
    await answered(redis.hset(keys.layout, FIELD, 'machine'));
    return;
  }
  if ((await answered(redis.hget(keys.layout, FIELD))) !== 'machine') return;
  throw new StoreUnfitError(
    'machines of this deployment have keys of their own, which this process would not look for: set STILE_ENCRYPTION_PER to machine',
  );
}
