import { join } from 'node:path';
import { leaseScriptFolder, loadScripts, runScript, type ScriptArgument } from '@stile/lease';
import type { Redis } from 'ioredis';

const scripts = loadScripts(join(__dirname, '..', '..', 'src', 'redis', 'lua'), [leaseScriptFolder]);

export type MachineScript =
  | 'start'
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
  | 'flip';

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
