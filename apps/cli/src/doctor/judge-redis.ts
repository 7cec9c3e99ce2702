import { bad, ok, warn, type Finding } from './finding';
import { judgePersistence } from './judge-persistence';
import { judgeEncryption, judgeRights, type Reach } from './judge-rights';
import type { RedisFacts } from './redis-facts';

/** What BullMQ recommends. */
const LEAST_VERSION = [6, 2] as const;
const SKEW_MS = 1000;
const FULL = 0.9;

/** All of the first; of the other masters of a cluster what is not well with them. */
export function judgeServers(facts: readonly RedisFacts[], partitions: number, reach: Reach): Finding[] {
  const [first, ...others] = facts.map((each) =>
    judgeRedis(each, partitions, reach).map((finding) =>
      facts.length === 1 ? finding : { ...finding, text: `${each.address}: ${finding.text}` },
    ),
  );
  return [...(first ?? []), ...others.flat().filter(({ level }) => level !== 'ok')];
}

/** @param partitions as this process is configured · @param reach how it gets there */
export function judgeRedis(facts: RedisFacts, partitions: number, reach: Reach): Finding[] {
  return [
    judgeVersion(facts),
    judgeRole(facts),
    judgePolicy(facts),
    judgeMemory(facts),
    judgePersistence(facts),
    judgeReplicas(facts),
    judgeAcl(facts),
    judgeRights(facts, reach),
    judgeEncryption(reach),
    judgeClock(facts),
    judgeLayout(facts, partitions),
  ];
}

function judgeVersion({ version }: RedisFacts): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor, leastMinor] = LEAST_VERSION;
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return ok('version', `Redis ${version}`);
  return warn(
    'version',
    `Redis ${version} is older than ${LEAST_VERSION.join('.')}, which BullMQ wants`,
    'install Redis 7 or Valkey',
  );
}

function judgeRole({ role }: RedisFacts): Finding {
  if (role === 'master') return ok('role', 'it takes writes');
  return bad('role', `it is a ${role}, which takes no writes`, 'set STILE_REDIS_URL to its master');
}

function judgePolicy({ policy }: RedisFacts): Finding {
  if (policy === 'noeviction') return ok('eviction', 'maxmemory-policy noeviction');
  return bad(
    'eviction',
    `maxmemory-policy is ${policy}: it may evict machines and jobs when memory is short, and Stile refuses to start`,
    'redis-cli config set maxmemory-policy noeviction (and in redis.conf)',
  );
}

function judgeMemory({ maxMemory, usedMemory }: RedisFacts): Finding {
  const used = `${Math.round(usedMemory / 2 ** 20)} MB`;
  if (maxMemory === 0) {
    const text = `${used} used, no maxmemory: when the host runs out of memory, its kernel kills Redis`;
    return warn('memory', text, 'redis-cli config set maxmemory 2gb, or what three quarters of the host are (and in redis.conf)');
  }
  const text = `${used} used of ${Math.round(maxMemory / 2 ** 20)} MB`;
  if (usedMemory < FULL * maxMemory) return ok('memory', text);
  return warn('memory', `${text}: when it is full, starts and commits are refused`, 'raise maxmemory, or lower STILE_RETENTION');
}

/** A master that has lost its replicas to another one must not go on as if nothing were. */
function judgeReplicas({ role, replicas, minReplicas }: RedisFacts): Finding {
  const check = 'replicas';
  const count = `${replicas} ${replicas === 1 ? 'replica' : 'replicas'}`;
  if (role !== 'master' || replicas === 0) return ok(check, 'none: there is no failover to lose steps by, and none to go on with');
  if (minReplicas) return ok(check, `${count}, min-replicas-to-write is set`);
  return warn(
    check,
    `${count}, but min-replicas-to-write is 0: after a split brain, steps that the old master acknowledged are lost`,
    'redis-cli config set min-replicas-to-write 1; redis-cli config set min-replicas-max-lag 10 (and in redis.conf)',
  );
}

function judgeAcl({ user, refused }: RedisFacts): Finding {
  if (refused.length === 0) return ok('access', `user ${user} may run what Stile needs`);
  const commands = refused.map((command) => `+${command.toLowerCase()}`).join(' ');
  return bad('access', `user ${user} may not run ${refused.join(', ')}`, `redis-cli acl setuser ${user} ${commands}`);
}

function judgeClock({ clockAheadMs }: RedisFacts): Finding {
  const off = Math.abs(clockAheadMs);
  if (off <= SKEW_MS) return ok('clock', `${off} ms off this host's`);
  const side = clockAheadMs > 0 ? 'ahead of' : 'behind';
  return warn(
    'clock',
    `this host is ${off} ms ${side} Redis: leases go by Redis' clock, but delayed jobs are looked at early or late`,
    'timedatectl set-ntp true, on both hosts',
  );
}

function judgeLayout({ partitions }: RedisFacts, wanted: number): Finding {
  if (partitions === undefined) return ok('layout', 'Stile was never used here under this prefix');
  if (partitions === wanted) return ok('layout', `${partitions} ${partitions === 1 ? 'partition' : 'partitions'}`);
  return bad(
    'layout',
    `it was first used with ${partitions} partitions, now ${wanted} are asked for: machines would not be found`,
    `export STILE_PARTITIONS=${partitions}`,
  );
}
