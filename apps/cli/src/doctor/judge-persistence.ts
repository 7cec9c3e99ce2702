import { bad, ok, warn, type Finding } from './finding';
import type { RedisFacts } from './redis-facts';

const CHECK = 'persistence';
const APPEND = 'redis-cli config set appendonly yes (and in redis.conf)';

/** What a restart loses. Settings that this user may not read are told as such: INFO does not have them. */
export function judgePersistence({ appendOnly, appendFsync, snapshots, lastWriteOk, lastSaveOk }: RedisFacts): Finding {
  if (!lastWriteOk || !lastSaveOk) {
    return bad(CHECK, 'its last write to the disk has failed', 'look at its log, and at the free space: df -h');
  }
  if (!appendOnly && snapshots === false) {
    return warn(CHECK, 'neither an append-only file nor snapshots: a restart loses all machines', APPEND);
  }
  if (!appendOnly) return warn(CHECK, 'appendonly is off: a restart loses all that came since the last snapshot', APPEND);
  switch (appendFsync) {
    case 'always':
      return ok(CHECK, 'appendonly, appendfsync always: no committed step is lost');
    case 'no':
      return warn(
        CHECK,
        'appendonly, appendfsync no: a crash of the host may lose half a minute',
        'redis-cli config set appendfsync everysec, or always (and in redis.conf)',
      );
    case undefined:
      return ok(CHECK, 'appendonly; its appendfsync may not be read by this user: redis-cli config get appendfsync, as an admin');
    default:
      return ok(
        CHECK,
        `appendonly, appendfsync ${appendFsync}: a crash of the host may lose the last second; "always" loses nothing`,
      );
  }
}
