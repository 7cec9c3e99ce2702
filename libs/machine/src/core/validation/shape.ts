import { quote } from '../names';
import type { DefinitionPart } from '../machine-source';
import type { Report } from './report';

type Kind = 'string' | 'number' | 'boolean' | 'object';
type Fields = Readonly<Record<string, Kind | `${Kind}?`>>;

const MACHINE: Fields = {
  name: 'string',
  version: 'number',
  maxRetries: 'number',
  queue: 'string',
  retentionMs: 'number?',
  initial: 'string',
  states: 'object',
};
const STATE: Fields = {
  name: 'string',
  final: 'boolean',
  entryAction: 'string?',
  doAction: 'string?',
  exitAction: 'string?',
  transitions: 'object',
  retry: 'object?',
  onExhausted: 'string?',
};
const TRANSITION: Fields = { event: 'string', target: 'string', action: 'string?', local: 'boolean' };
const RETRY: Fields = { maxRetries: 'number?', baseMs: 'number?', capMs: 'number?' };

/**
 * Whether a definition has the types it should have: plain JavaScript has no compiler to say so. The other rules rely on it.
 */
export function checkShape(definition: unknown, report: Report): boolean {
  const before = report.problems.length;
  if (!checkFields('machine', definition, MACHINE, {}, report)) return false;
  for (const [name, state] of Object.entries(definition.states as object)) {
    if (!checkFields(`state "${name}"`, state, STATE, { state: name }, report)) continue;
    checkKey('state', name, state['name'], { state: name }, report);
    if (state['retry'] !== undefined)
      checkFields(`retry of state "${name}"`, state['retry'], RETRY, { state: name, field: 'retry' }, report);
    for (const [event, transition] of Object.entries(state['transitions'] as object)) {
      const part = { state: name, event };
      if (!checkFields(`transition "${event}" of state "${name}"`, transition, TRANSITION, part, report)) continue;
      checkKey('event', event, transition['event'], part, report);
    }
  }
  return report.problems.length === before;
}

/** True when all there is can be looked into: fields that hold others have the right type. */
function checkFields(
  what: string,
  value: unknown,
  fields: Fields,
  part: DefinitionPart,
  report: Report,
): value is Record<string, unknown> {
  if (!isObject(value)) {
    report.error('wrong-type', `${what} is ${describe(value)}; give an object`, part);
    return false;
  }
  let whole = true;
  for (const [field, kind] of Object.entries(fields)) {
    const item = value[field];
    const wanted = kind.replace('?', '');
    if (item === undefined && kind.endsWith('?')) continue;
    if (wanted === 'object' ? isObject(item) : typeof item === wanted) continue;
    report.error('wrong-type', `${field} of ${what} is ${describe(item)}; give ${a(wanted)}`, {
      field,
      ...part,
    });
    if (wanted === 'object') whole = false;
  }
  return whole;
}

function checkKey(kind: string, key: string, name: unknown, part: DefinitionPart, report: Report): void {
  if (typeof name !== 'string' || name === key) return;
  report.error('bad-name', `${kind} "${key}" calls itself ${quote(name)}; key and name must be the same`, part);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function describe(value: unknown): string {
  if (value === undefined) return 'missing';
  if (typeof value === 'object') return value === null ? 'null' : Array.isArray(value) ? 'a list' : 'an object';
  return typeof value === 'function' || typeof value === 'symbol' ? `a ${typeof value}` : `${quote(value)} (${a(typeof value)})`;
}

function a(noun: string): string {
  return `${noun === 'object' ? 'an' : 'a'} ${noun}`;
}
