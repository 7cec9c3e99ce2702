import { join } from 'node:path';
import { leaseScriptFolder, loadScripts, runScript, type ScriptArgument } from '@stile/lease';
import type { ConfirmedWrites } from './confirmed-writes';
import { isCluster, type RedisConnection } from './connect';

const scripts = loadScripts(join(__dirname, '..', '..', 'src', 'redis', 'lua'), [leaseScriptFolder]);

export type MachineScript =
  | 'start'
  | 'rest'
  | 'stop'
  | 'note'
  | 'deliver'
  | 'callback-beat'
  | 'drop'
  | 'outbox-read'
  | 'settle'
  | 'children-next'
  | 'children-started'
  | 'child-result'
  | 'pause'
  | 'resume'
  | 'cancel'
  | 'retry'
  | 'edit'
  | 'move'
  | 'extend'
  | 'open'
  | 'peek'
  | 'begin'
  | 'commit'
  | 'continue'
  | 'fail'
  | 'release'
  | 'sweep'
  | 'wake'
  | 'quarantine'
  | 'expired'
  | 'retire'
  | 'keep'
  | 'copy'
  | 'place'
  | 'evict'
  | 'list'
  | 'list-ids'
  | 'places'
  | 'failures'
  | 'flip'
  | 'schedule-put'
  | 'schedule-read'
  | 'schedule-take'
  | 'schedule-claim'
  | 'schedule-finish'
  | 'schedule-switch'
  | 'schedule-remove'
  | 'operation-start'
  | 'operation-advance'
  | 'operation-stop'
  | 'key-add'
  | 'key-swap'
  | 'key-shred'
  | 'put-off'
  | 'share-take'
  | 'share-give'
  | 'share-renew'
  | 'share-tend'
  | 'share-look'
  | 'starts';

/**
 * What nobody is told was done: claims, renewals, reads, and what the watch does again by itself. Not among them are `outbox-read` and
 * `children-next`: what is delivered to other machines, maybe on other nodes, must not be of a commit that a failover loses.
 */
const UNCONFIRMED = new Set<MachineScript>([
  ...(['open', 'peek', 'begin', 'extend', 'flip', 'sweep', 'wake', 'expired', 'retire', 'keep', 'quarantine'] as const),
  ...(['callback-beat', 'copy', 'list', 'list-ids', 'places', 'failures', 'schedule-read', 'schedule-claim'] as const),
  ...(['put-off', 'share-take', 'share-give', 'share-renew', 'share-tend', 'share-look', 'starts'] as const),
]);

/**
 * Scripts that touch keys which they do not name, or remove keys that they do, would break off half-way on a node whose slot is being
 * moved away: Redis then refuses any command on a key that is not there (any more, or yet). They name a key that never exists: Redis
 * refuses such a script as a whole, before it begins, as long as the slot moves. These two need none: all that `continue` touches is
 * there and named; `start` writes only where the record, which it names, is not there.
 */
const UNGUARDED = new Set<MachineScript>(['continue', 'start']);

const confirmations = new WeakMap<RedisConnection, ConfirmedWrites>();

/** From now on scripts that write are answered to callers of this client only when `writes` has confirmed them. */
export function confirmScripts(redis: RedisConnection, writes: ConfirmedWrites): void {
  confirmations.set(redis, writes);
}

/** A script's reply, all of them lists that begin with what came of it. */
export type Reply = [outcome: string, ...rest: string[]];

export function callScript<T = Reply>(
  redis: RedisConnection,
  name: MachineScript,
  keys: readonly string[],
  args: readonly ScriptArgument[],
): Promise<T> {
  const script = scripts.get(name);
  if (!script) throw new Error(`there is no script "${name}"`);
  const guards = isCluster(redis) && !UNGUARDED.has(name) ? [guardOf(keys)] : [];
  const writes = UNCONFIRMED.has(name) ? undefined : confirmations.get(redis);
  const reply = writes ? writes.call(script, [...keys, ...guards], args) : runScript(redis, script, keys, args, guards);
  return reply as Promise<T>;
}

/** Of the same slot as the others. */
function guardOf([key = '']: readonly string[]): string {
  return `${key.slice(0, key.indexOf('}') + 1)}:none`;
}
