import { quote } from '../names';
import type { DefinitionPart } from '../machine-source';
import type { Report } from './report';

type Kind = 'string' | 'number' | 'boolean' | 'object' | 'list';
type Fields = Readonly<Record<string, Kind | `${Kind}?`>>;

const MACHINE: Fields = {
  name: 'string',
  version: 'number',
  maxRetries: 'number',
  retry: 'object?',
  queue: 'string',
  retentionMs: 'number?',
  deadline: 'object?',
  onCancel: 'string?',
  inboxLimit: 'number?',
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
  after: 'list?',
  events: 'object?',
  timeoutMs: 'number?',
};
const TRANSITION: Fields = { event: 'string', target: 'string', action: 'string?', local: 'boolean', internal: 'boolean?' };
const TIMER: Fields = { afterMs: 'number', event: 'string' };
const DEADLINE: Fields = { afterMs: 'number', event: 'string?' };
const RETRY: Fields = {
  maxRetries: 'number?',
  baseMs: 'number?',
  capMs: 'number?',
  factor: 'number?',
  jitter: 'string?',
  retryable: 'list?',
};

/**
 * Whether a definition has the types it should have: plain JavaScript has no compiler to say so. The other rules rely on it.
 */
export function checkShape(definition: unknown, report: Report): boolean {
  const before = report.problems.length;
  if (!checkFields('machine', definition, MACHINE, {}, report)) return false;
  checkRetry('machine', definition['retry'], {}, report);
  const { deadline } = definition;
  if (deadline !== undefined) checkFields('deadline of machine', deadline, DEADLINE, { field: 'deadline' }, report);
  for (const [name, state] of Object.entries(definition['states'] as object)) checkState(name, state, report);
  return report.problems.length === before;
}

function checkState(name: string, state: unknown, report: Report): void {
  const what = `state "${name}"`;
  if (!checkFields(what, state, STATE, { state: name }, report)) return;
  checkKey('state', name, state['name'], { state: name }, report);
  checkRetry(what, state['retry'], { state: name }, report);
  for (const [index, timer] of ((state['after'] ?? []) as unknown[]).entries()) {
    checkFields(`timer ${index} of ${what}`, timer, TIMER, { state: name, field: `after.${index}` }, report);
  }
  for (const [event, policy] of Object.entries(state['events'] ?? {})) {
    const part = { state: name, field: `events.${event}` };
    checkText(`policy of ${what} for event ${quote(event)}`, policy, part, report);
  }
  for (const [event, transition] of Object.entries(state['transitions'] as object)) {
    const part = { state: name, event };
    if (!checkFields(`transition "${event}" of ${what}`, transition, TRANSITION, part, report)) continue;
    checkKey('event', event, transition['event'], part, report);
  }
}

function checkRetry(what: string, retry: unknown, at: DefinitionPart, report: Report): void {
  if (retry === undefined) return;
  if (!checkFields(`retry of ${what}`, retry, RETRY, { ...at, field: 'retry' }, report)) return;
  const part = { ...at, field: 'retry.retryable' };
  for (const code of (retry['retryable'] ?? []) as unknown[]) checkText(`a retryable error code of ${what}`, code, part, report);
}

function checkText(what: string, value: unknown, part: DefinitionPart, report: Report): void {
  if (typeof value !== 'string') report.error('wrong-type', `${what} is ${describe(value)}; give ${a('string')}`, part);
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
    if (wanted === 'object' ? isObject(item) : wanted === 'list' ? Array.isArray(item) : typeof item === wanted) continue;
    report.error('wrong-type', `${field} of ${what} is ${describe(item)}; give ${a(wanted)}`, {
      field,
      ...part,
    });
    if (wanted === 'object' || wanted === 'list') whole = false;
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
