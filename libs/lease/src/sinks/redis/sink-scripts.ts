import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { loadScripts, runScript, type Script, type ScriptArgument } from '../../redis/script';
import { StaleFenceError, type FenceToken } from '../fence-token';

const scripts = loadScripts(join(__dirname, '..', '..', '..', 'src', 'sinks', 'lua'));

export function sinkScript(name: 'write' | 'read' | 'once' | 'begin' | 'finish'): Script {
  return scripts.get(name) as Script;
}

/** A user's script behind the check of a token. Make it once, at load time: its hash is what is sent from then on. */
export function fencedScript(lua: string): Script {
  if (typeof lua !== 'string' || lua.trim() === '') throw new TypeError('lua is empty; give the text of a script');
  // A function, for `$` in the user's text has a meaning in a replacement that is a string.
  const text = sinkScript('once').lua.replace('--- @body', () => lua);
  return { name: 'fenced', lua: text, sha: createHash('sha1').update(text).digest('hex') };
}

/** @throws StaleFenceError when that is what the script says */
export async function runFenced(
  redis: Redis,
  script: Script,
  scope: string,
  token: FenceToken,
  keys: readonly string[],
  args: readonly ScriptArgument[],
): Promise<readonly unknown[]> {
  const reply = (await runScript(redis, script, keys, [token.runId, token.fence, ...args])) as readonly unknown[];
  if (reply[0] !== 'stale') return reply;
  throw new StaleFenceError(scope, token, { runId: String(reply[1]), fence: Number(reply[2]) });
}
