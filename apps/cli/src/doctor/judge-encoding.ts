import { ok, warn, type Finding } from './finding';
import type { RedisFacts } from './redis-facts';

/** Contexts of most machines. */
const COMPACT_VALUE = 512;

/** A record whose context is longer than this setting is a hash table: it takes twice the memory, see docs/capacity.md. */
export function judgeEncoding({ compactValue }: RedisFacts): Finding {
  const check = 'encoding';
  if (compactValue === undefined) return ok(check, 'its hash-max-listpack-value may not be read');
  const text = `hash-max-listpack-value ${compactValue}`;
  if (compactValue >= COMPACT_VALUE) return ok(check, text);
  return warn(
    check,
    `${text}: a machine with a longer context takes twice the memory`,
    'redis-cli config set hash-max-listpack-value 1024 (and in redis.conf, with hash-max-listpack-entries 128)',
  );
}
