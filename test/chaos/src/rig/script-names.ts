import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { leaseScriptFolder, loadScripts } from '@stile/lease';
import * as bullScripts from 'bullmq/dist/cjs/scripts';

type Scripts = Readonly<Record<string, { readonly name: string; readonly content: string }>>;

const machineScriptFolder = join(dirname(require.resolve('@stile/machine')), '..', 'src', 'redis', 'lua');

/** Names of all scripts that workers run, by their hash: `open`, `lease acquire`, `bull moveToActive`. */
export function scriptNames(): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { sha, name } of loadScripts(leaseScriptFolder).values()) names.set(sha, `lease ${name}`);
  for (const { sha, name } of loadScripts(machineScriptFolder, [leaseScriptFolder]).values()) names.set(sha, name);
  for (const { name, content } of Object.values(bullScripts as Scripts)) names.set(hashOf(content), `bull ${name}`);
  return names;
}

export function hashOf(lua: string): string {
  return createHash('sha1').update(lua, 'latin1').digest('hex');
}
