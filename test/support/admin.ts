import { Redis, type Cluster } from 'ioredis';
import { SUITE_USER } from './acl';
import { testRedisUrl } from './redis';

const admins = new WeakMap<Redis, Redis>();

/** URL of the test Redis for what Stile itself may not do, such as KEYS: the one of `testRedisUrl`, unless that is the suite's own. */
export function adminRedisUrl(): string {
  const url = new URL(testRedisUrl());
  if (url.username === SUITE_USER) url.username = url.password = '';
  return url.href;
}

/** A client of the same server that may do everything; it ends with the one given. Of servers that know no users it is the one given. */
export function adminOf<T extends Redis | Cluster>(redis: T): T {
  if (!(redis instanceof Redis) || redis.options.username !== SUITE_USER) return redis;
  const known = admins.get(redis);
  if (known) return known as T;
  const admin = redis.duplicate({ username: undefined, password: undefined, lazyConnect: true });
  admin.on('error', () => undefined); // the one given tells it, too
  admins.set(redis, admin);
  redis.once('end', () => admin.disconnect());
  return admin as T;
}
