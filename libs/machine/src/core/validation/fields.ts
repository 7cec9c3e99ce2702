import { PSEUDO_CANCEL, PSEUDO_INIT, type Definition, type State } from '../definition';
import { checkActionName, checkInteger, checkName, DAY_MS, TEN_YEARS_MS } from './checks';
import type { Report } from './report';
import { MAX_RETRIES } from './retry';

export const MAX_TIMEOUT_MS = DAY_MS;
export const MAX_INBOX_LIMIT = 100_000;

const RESERVED_STATES: ReadonlyMap<string, string> = new Map([
  [PSEUDO_INIT, 'is where every machine comes from'],
  [PSEUDO_CANCEL, 'has the name of the event that cancels a machine'],
]);
const RESERVED_EVENTS: ReadonlyMap<string, string> = new Map([
  [PSEUDO_INIT, 'is what every machine begins with'],
  [PSEUDO_CANCEL, 'is what leads a cancelled machine to its clean-up'],
]);

/** Names and numbers, each for itself. */
export function checkNamesAndNumbers(definition: Definition, report: Report): void {
  checkName('machine', definition.name, { field: 'name' }, report);
  checkName('queue', definition.queue, { field: 'queue' }, report);
  checkInteger('version', definition.version, 1, Number.MAX_SAFE_INTEGER, { field: 'version' }, report);
  checkInteger('max retries', definition.maxRetries, 0, MAX_RETRIES, { field: 'maxRetries' }, report);
  const { retentionMs, inboxLimit } = definition;
  checkInteger('retention in ms', retentionMs, 0, TEN_YEARS_MS, { field: 'retentionMs' }, report, ' (10 years)');
  checkInteger('inbox limit', inboxLimit, 1, MAX_INBOX_LIMIT, { field: 'inboxLimit' }, report);
  for (const [name, state] of Object.entries(definition.states)) checkState(name, state, report);
}

function checkState(name: string, state: State, report: Report): void {
  checkName('state', name, { state: name, field: 'name' }, report);
  const reserved = RESERVED_STATES.get(name);
  if (reserved !== undefined) report.error('reserved-name', `state "${name}" ${reserved}; rename it`, { state: name });
  for (const field of ['entryAction', 'doAction', 'exitAction'] as const) {
    checkActionName(state[field], { state: name, field }, report);
  }
  const timeout = { state: name, field: 'timeoutMs' };
  checkInteger(`timeout of state "${name}" in ms`, state.timeoutMs, 1, MAX_TIMEOUT_MS, timeout, report, ' (1 day)');
  for (const [event, { action }] of Object.entries(state.transitions)) {
    checkName('event', event, { state: name, event, field: 'event' }, report);
    checkActionName(action, { state: name, event, field: 'action' }, report);
    const taken = RESERVED_EVENTS.get(event);
    if (taken === undefined) continue;
    report.error('reserved-name', `event "${event}" ${taken}; rename it`, { state: name, event, field: 'event' });
  }
}
