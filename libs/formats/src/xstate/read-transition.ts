import type { Transition } from '@stile/machine';
import { below, checkFields, isObject, onlyOne, shown, textOf, type FieldTable, type Findings } from './fields';
import { readStileMeta } from './read-meta';

const GUARD = 'is a condition; let an action decide, and give each outcome an event of its own';
const TRANSITION: FieldTable = {
  target: 'read',
  actions: 'read',
  reenter: 'read',
  internal: 'read', // of XState 4
  meta: 'read',
  description: 'dropped',
  guard: { refused: GUARD },
  cond: { refused: GUARD }, // of XState 4
  in: { refused: GUARD },
};

const ACTION: FieldTable = { type: 'read', params: 'dropped' };

/** The ids that targets may call states by. */
export interface Targets {
  readonly ids: ReadonlyMap<string, string>;
}

/** A transition whose event stands elsewhere, or only in what the export kept. */
export interface FoundTransition extends Omit<Transition, 'event'> {
  readonly event?: string;
}

/** One transition of a state; nothing where it is forbidden, does nothing, or has problems, all of which are told. */
export function readTransition(
  value: unknown,
  path: string,
  state: string,
  { ids }: Targets,
  findings: Findings,
): FoundTransition | undefined {
  const one = onlyOne(value, path, 'guarded alternatives need an event each', findings);
  const config = typeof one === 'string' ? { target: one } : one;
  if (config === undefined) {
    if (!Array.isArray(value) || value.length === 0) findings.note(path, 'forbids the event, and is left out');
    return undefined;
  }
  if (!isObject(config)) return findings.refuse(path, `is ${shown(config)}; give a target, or an object`);
  checkFields(config, path, TRANSITION, findings);
  const { reenter, internal: inner } = config;
  const kept = readStileMeta<{ event?: string; local?: boolean }>(config, path, ['event', 'local'], findings);
  const action = readAction(config['actions'], below(path, 'actions'), findings);
  const target = readTarget(config['target'], below(path, 'target'), ids, findings);
  const left = target !== undefined && (target !== state || reenter === true || inner === false);
  if (!left && action === undefined) {
    findings.note(path, 'leads nowhere and runs nothing, and is left out');
    return undefined;
  }
  return {
    target: target ?? state,
    ...(action === undefined ? {} : { action }),
    local: kept.local === true,
    ...(left ? {} : { internal: true }),
    ...(kept.event === undefined ? {} : { event: kept.event }),
  };
}

/** The name of the one action: a text, or `{ type }`. */
export function readAction(value: unknown, path: string, findings: Findings): string | undefined {
  const one = onlyOne(value, path, 'write one action that does them all', findings);
  if (one === undefined) return undefined;
  if (typeof one === 'function') return findings.refuse(path, 'is a function; give the name of a registered action');
  const type = isObject(one) ? one['type'] : one;
  if (typeof type === 'string' && type.startsWith('xstate.')) {
    return findings.refuse(path, `is ${type}, an action of XState's own; write an action that does it`);
  }
  if (isObject(one)) checkFields(one, path, ACTION, findings);
  return textOf(type, path, findings);
}

function readTarget(value: unknown, path: string, ids: ReadonlyMap<string, string>, findings: Findings): string | undefined {
  const target = textOf(onlyOne(value, path, 'only parallel states have several targets', findings), path, findings);
  if (target === undefined) return undefined;
  if (target.startsWith('#')) return ids.get(target.slice(1)) ?? findings.refuse(path, `${target} is the id of no state`);
  const [name, ...deeper] = segments(target);
  if (deeper.length === 0) return name;
  return findings.refuse(path, `${target} leads into a nested state; Stile has none`);
}

/** Parts between dots; a backslash takes the meaning of what follows. */
function segments(target: string): string[] {
  const parts = [''];
  for (let i = 0; i < target.length; i++) {
    const character = target.charAt(i);
    if (character === '.') parts.push('');
    else parts[parts.length - 1] += character === '\\' ? target.charAt(++i) : character;
  }
  return parts;
}
