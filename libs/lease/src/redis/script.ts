import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Cluster, Redis } from 'ioredis';

const INCLUDE = /^--- @include "([\w/.-]+)"$/gm;

/** A Lua script, its includes resolved. */
export interface Script {
  readonly name: string;
  /** Undefined: it takes any number. */
  readonly numberOfKeys?: number;
  readonly lua: string;
  readonly sha: string;
}

/**
 * Reads every `<name>-<number of keys>.lua` of a folder; `n` keys are any number.
 *
 * `--- @include "path"` is replaced by `<folder>/path.lua`, searched in `folder` and then in `others`, each file once per
 * script. This is how claim and commit are composed from the very lines that the lease library uses alone.
 *
 * @throws Error naming the file when an include is not found or a name carries no number of keys
 */
export function loadScripts(folder: string, others: readonly string[] = []): ReadonlyMap<string, Script> {
  const scripts = new Map<string, Script>();
  for (const file of readdirSync(folder).filter((entry) => entry.endsWith('.lua'))) {
    const match = /^([a-z-]+)-(\d+|n)\.lua$/.exec(file);
    if (!match?.[1] || !match[2]) throw new Error(`script ${join(folder, file)}: name it <name>-<number of keys>.lua`);
    const lua = resolveIncludes(join(folder, file), [folder, ...others], new Set());
    scripts.set(match[1], {
      name: match[1],
      ...(match[2] === 'n' ? {} : { numberOfKeys: Number(match[2]) }),
      lua,
      sha: createHash('sha1').update(lua).digest('hex'),
    });
  }
  return scripts;
}

function resolveIncludes(file: string, folders: readonly string[], seen: Set<string>): string {
  return readFileSync(file, 'utf8').replace(INCLUDE, (_line, path: string) => {
    const found = folders.map((folder) => join(folder, `${path}.lua`)).find((candidate) => existsSync(candidate));
    if (!found) throw new Error(`script ${file}: include "${path}" is in none of ${folders.join(', ')}`);
    if (seen.has(found)) return '';
    seen.add(found);
    return resolveIncludes(found, folders, seen);
  });
}

export type ScriptArgument = string | number;

/**
 * Runs a script by its hash; sends its text only where the server does not know it (first use, SCRIPT FLUSH, promotion).
 * The text is then sent in a later round trip, so never pipeline two scripts whose order matters (rule K3).
 *
 * @param more keys that the script does not look at, but that the server is to know of
 */
export function runScript(
  redis: Redis | Cluster,
  script: Script,
  keys: readonly string[],
  args: readonly ScriptArgument[],
  more: readonly string[] = [],
): Promise<unknown> {
  if (script.numberOfKeys !== undefined && keys.length !== script.numberOfKeys) {
    return Promise.reject(new Error(`script ${script.name} takes ${script.numberOfKeys} keys, got ${keys.length}`));
  }
  const named = keys.length + more.length;
  // No async function: one promise less for each call, on the hottest path there is.
  return redis.evalsha(script.sha, named, ...keys, ...more, ...args).catch((error: unknown) => {
    if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
    return redis.eval(script.lua, named, ...keys, ...more, ...args);
  });
}
