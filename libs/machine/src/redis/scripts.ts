import { join } from 'node:path';
import { leaseScriptFolder, loadScripts, runScript, type ScriptArgument } from '@stile/lease';
import type { Redis } from 'ioredis';

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
  | 'operation-page'
  | 'operation-advance'
  | 'operation-stop'
  | 'key-add'
  | 'key-swap'
  | 'key-shred';

/** A script's reply, all of them lists that begin with what came of it. */
export type Reply = [outcome: string, ...rest: string[]];

export function callScript<T = Reply>(
  redis: Redis,
  name: MachineScript,
  keys: readonly string[],
  args: readonly ScriptArgument[],
): Promise<T> {
  const script = scripts.get(name);
  if (!script) throw new Error(`there is no script "${name}"`);
  return runScript(redis, script, keys, args) as Promise<T>;
}
