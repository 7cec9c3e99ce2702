import { PSEUDO_INIT, type Definition, type State } from '../definition';
import { ACTION_NAME_RULE, isActionName, isName, NAME_RULE, quote } from '../names';
import type { DefinitionPart } from '../machine-source';
import { DEFAULT_CAP_MS } from '../retry';
import type { Report } from './report';

const DAY_MS = 24 * 3600 * 1000;
export const MAX_RETRIES = 1000;
export const MAX_BACKOFF_MS = DAY_MS;
export const MAX_RETENTION_MS = 3650 * DAY_MS;

/** Names and numbers, each for itself. */
export function checkNamesAndNumbers(definition: Definition, report: Report): void {
  checkName('machine', definition.name, { field: 'name' }, report);
  checkName('queue', definition.queue, { field: 'queue' }, report);
  checkInteger('version', definition.version, 1, Number.MAX_SAFE_INTEGER, { field: 'version' }, report);
  checkInteger('max retries', definition.maxRetries, 0, MAX_RETRIES, { field: 'maxRetries' }, report);
  const { retentionMs } = definition;
  checkInteger('retention in ms', retentionMs, 0, MAX_RETENTION_MS, { field: 'retentionMs' }, report, ' (10 years)');
  for (const [name, state] of Object.entries(definition.states)) checkState(name, state, report);
}

function checkState(name: string, state: State, report: Report): void {
  checkName('state', name, { state: name, field: 'name' }, report);
  if (name === PSEUDO_INIT) {
    report.error('reserved-name', `state "${PSEUDO_INIT}" is where every machine comes from; rename it`, {
      state: name,
    });
  }
  for (const field of ['entryAction', 'doAction', 'exitAction'] as const) {
    checkActionName(state[field], { state: name, field }, report);
  }
  checkRetry(state, report);
  for (const [event, { action }] of Object.entries(state.transitions)) {
    checkName('event', event, { state: name, event, field: 'event' }, report);
    checkActionName(action, { state: name, event, field: 'action' }, report);
    if (event !== PSEUDO_INIT) continue;
    const message = `event "${PSEUDO_INIT}" is what every machine begins with; rename it`;
    report.error('reserved-name', message, { state: name, event, field: 'event' });
  }
}

function checkRetry({ name, retry }: State, report: Report): void {
  if (!retry) return;
  const { maxRetries, baseMs, capMs } = retry;
  const part = (field: string): DefinitionPart => ({ state: name, field });
  checkInteger(`max retries of state "${name}"`, maxRetries, 0, MAX_RETRIES, part('retry.maxRetries'), report);
  checkInteger(`retry base of state "${name}" in ms`, baseMs, 0, MAX_BACKOFF_MS, part('retry.baseMs'), report, ' (1 day)');
  checkInteger(`retry cap of state "${name}" in ms`, capMs, 0, MAX_BACKOFF_MS, part('retry.capMs'), report, ' (1 day)');
  const cap = capMs ?? DEFAULT_CAP_MS;
  if (baseMs === undefined || !(baseMs > cap)) return;
  const message = `retry base of state "${name}" is ${baseMs} ms, above its cap of ${cap} ms, which wins; raise the cap`;
  report.warning('base-above-cap', message, part('retry.baseMs'));
}

function checkName(kind: string, name: string, part: DefinitionPart, report: Report): void {
  if (isName(name)) return;
  if (name === '') report.error('empty', `the ${kind} has an empty name; ${NAME_RULE}`, part);
  else report.error('bad-name', `${kind} ${quote(name)} is not a usable name; ${NAME_RULE}`, part);
}

function checkActionName(name: string | undefined, part: DefinitionPart, report: Report): void {
  if (name === undefined || isActionName(name)) return;
  if (name === '') report.error('empty', `an action of state "${part.state}" has an empty name; ${ACTION_NAME_RULE}`, part);
  else report.error('bad-name', `action ${quote(name)} is not a usable name; ${ACTION_NAME_RULE}`, part);
}

function checkInteger(
  what: string,
  value: number | undefined,
  min: number,
  max: number,
  part: DefinitionPart,
  report: Report,
  meaning = '',
): void {
  if (value === undefined || (Number.isSafeInteger(value) && value >= min && value <= max)) return;
  const range = max === Number.MAX_SAFE_INTEGER ? `${min} or more` : `from ${min} to ${max}${meaning}`;
  report.error('bad-number', `${what} is ${value}; give a whole number ${range}`, part);
}
