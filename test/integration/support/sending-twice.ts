import { join } from 'node:path';
import { leaseScriptFolder, loadScripts, type Script } from '@stile/lease';
import type { Redis } from 'ioredis';
import { adminOf } from '../../support/admin';

const machineScripts = join(__dirname, '..', '..', '..', 'libs', 'machine', 'src', 'redis', 'lua');
const scripts = new Map<string, Script>();
for (const script of loadScripts(leaseScriptFolder).values()) scripts.set(script.sha, script);
for (const script of loadScripts(machineScripts, [leaseScriptFolder]).values()) scripts.set(script.sha, script);

/** By design answered otherwise the second time, each time harmlessly: see the scripts' own headers. */
const MAY_DIFFER = new Set(['release', 'renew', 'extend', 'wake', 'sweep', 'retire', 'expired']);

/** Says "nothing done" to its repeat, and must then have done nothing: the caller asks `commit`, which knows. */
const ANSWERS_NOTHING = new Map<string, unknown>([
  ['continue', [0]],
  ['rest', ['unusual']],
]);

/** Say to their repeat that it has been done, and must then have done nothing: see the scripts' own headers. */
const ANSWERS_DONE = new Map<string, { readonly first: readonly string[]; readonly second: readonly string[] }>([
  ['deliver', { first: ['taken', 'kept', 'ignored'], second: ['duplicate', 'kept'] }],
  ['child-result', { first: ['counted'], second: ['duplicate'] }],
  ['drop', { first: ['dropped'], second: ['missing'] }],
  ['stop', { first: ['stopped'], second: ['moved'] }],
]);

/** Begin a time anew with each repeat. */
const WRITES_AGAIN = new Set(['note', 'callback-beat']);

/**
 * A client whose first reply is always lost: every script is sent again, and the caller sees the second reply. A repeat must be
 * answered as the first one was, and must have changed nothing.
 */
export function sendingTwice(redis: Redis, dump: () => Promise<unknown>): Redis {
  const again = async (name: string, send: () => Promise<unknown>): Promise<unknown> => {
    const first = await send();
    const after = await dump();
    const second = await send();
    if (MAY_DIFFER.has(name)) return second;
    const done = ANSWERS_DONE.get(name);
    if (done?.first.includes(outcomeOf(first))) expect(done.second).toContain(outcomeOf(second));
    else if (ANSWERS_NOTHING.has(name))
      expect({ script: name, reply: second }).toEqual({ script: name, reply: ANSWERS_NOTHING.get(name) });
    else expect({ script: name, reply: timeless(second) }).toEqual({ script: name, reply: timeless(first) });
    if (!WRITES_AGAIN.has(name)) expect({ script: name, stored: await dump() }).toEqual({ script: name, stored: after });
    return done ? first : second; // what was said first is what a test is about; what a repeat is told has been looked at
  };
  return new Proxy(redis, {
    get(target, property) {
      if (property === 'evalsha') {
        return (sha: string, ...rest: [number, ...string[]]) => {
          const script = scripts.get(sha);
          if (!script) throw new Error(`no script has the hash ${sha}`);
          return again(script.name, () =>
            // SCRIPT LOAD first: a NOSCRIPT must not look like an answer.
            adminOf(target).script('LOAD', script.lua).then(() => target.evalsha(sha, ...rest)),
          );
        };
      }
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

function outcomeOf(reply: unknown): string {
  return String(Array.isArray(reply) ? reply[0] : reply);
}

/** Server times, and what is left of a lease or a delay, go on between two replies. */
function timeless(reply: unknown): unknown {
  if (!Array.isArray(reply)) return reply;
  if (reply[0] === 'held' || reply[0] === 'early') return reply[0];
  const at = reply[0] === 'done' ? 7 : -1; // the delay of an act's job, see record_job
  return reply.map((part, i) =>
    i === at ? 'delay' : typeof part === 'string' && /^\d{13}$/.test(part) ? 'time' : (part as unknown),
  );
}
