import { ok, warn, type Finding } from './finding';
import type { RedisFacts } from './redis-facts';

/** How this process reaches Redis. */
export interface Reach {
  /** All of its addresses are of this host. */
  readonly loopback: boolean;
  readonly tls: boolean;
}

/** What whoever gets at this user's password could do to it. */
export function judgeRights({ user, dangerous }: RedisFacts, { loopback }: Reach): Finding {
  const check = 'rights';
  if (dangerous.length === 0) return ok(check, `user ${user} may do nothing that Stile does not need, as far as is known`);
  const text = `user ${user} may run ${dangerous.join(', ')}, which Stile never needs`;
  if (loopback) return ok(check, `${text}; on this host that is as it comes`);
  return warn(check, text, 'give Stile a user of its own: deploy/redis/users.acl, docs/guide/redis.md');
}

export function judgeEncryption({ tls, loopback }: Reach): Finding {
  const check = 'encryption';
  if (tls) return ok(check, 'TLS');
  if (loopback) return ok(check, 'none, on this host alone');
  return warn(
    check,
    'none: the password and all that machines hold can be read on the way',
    'STILE_REDIS_URL=rediss://… with STILE_REDIS_CA_FILE=<its CA>',
  );
}
