import { bad, ok, warn, type Finding } from './finding';
import { judgeEncoding } from './judge-encoding';
import type { RedisFacts } from './redis-facts';

/** What BullMQ recommends. */
const LEAST_VERSION = [6, 2] as const;
const SKEW_MS = 1000;
const FULL = 0.9;

/** All of the first; of the other masters of a cluster what is not well with them. */
export function judgeServers(facts: readonly RedisFacts[], partitions: number): Finding[] {
  const [first, ...others] = facts.map((each) =>
    judgeRedis(each, partitions).map((finding) => (facts.length === 1 ? finding : { ...finding, text: `${each.address}: ${finding.text}` })),
  );
  return [...(first ?? []), ...others.flat().filter(({ level }) => level !== 'ok')];
}

/** @param partitions as this process is configured */
export function judgeRedis(facts: RedisFacts, partitions: number): Finding[] {
  return [
    judgeVersion(facts),
    judgeRole(facts),
    judgePolicy(facts),
    judgeMemory(facts),
    judgePersistence(facts),
    judgeEncoding(facts),
    judgeAcl(facts),
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
  if (maxMemory === 0) return ok('memory', `${used} used, no limit`);
  const text = `${used} used of ${Math.round(maxMemory / 2 ** 20)} MB`;
  if (usedMemory < FULL * maxMemory) return ok('memory', text);
  return warn('memory', `${text}: when it is full, starts and commits are refused`, 'raise maxmemory, or lower STILE_RETENTION');
}

function judgePersistence({ appendOnly, appendFsync, lastWriteOk, lastSaveOk }: RedisFacts): Finding {
  const check = 'persistence';
  if (!lastWriteOk || !lastSaveOk) {
    return bad(check, 'its last write to the disk has failed', 'look at its log, and at the free space: df -h');
  }
  if (!appendOnly) {
    const fix = 'redis-cli config set appendonly yes (and in redis.conf)';
    return warn(check, 'appendonly is off: a restart loses all that came since the last snapshot', fix);
  }
  if (appendFsync === 'always') return ok(check, 'appendonly, appendfsync always: no committed step is lost');
  if (appendFsync === undefined) return ok(check, 'appendonly; its appendfsync may not be read');
  return ok(
    check,
    `appendonly, appendfsync ${appendFsync}: a crash of the host may lose the last second; "always" loses nothing`,
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
