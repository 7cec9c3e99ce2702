import { InvalidFilterError, type MachineFilter, type MachineSummary } from './listing';
import { STATUSES } from './model';
import { isName, NAME_RULE, quote } from './names';

const GROUP = /^[0-9a-f]{16}$/;
const TAG_LIMIT = 128;
export const PAGE_LIMIT = 200;
export const DEFAULT_PAGE = 50;

/** @throws InvalidFilterError for the first field that cannot be used */
export function checkFilter(filter: MachineFilter): void {
  const { machine, machines, version, statuses, state, tag, idPrefix, failure } = filter;
  if (machine !== undefined) checkName('machine', machine);
  if (machines !== undefined) checkMachines(machines);
  checkVersion(machine, version);
  if (state !== undefined) checkName('state', state);
  if (idPrefix !== undefined) checkName('idPrefix', idPrefix);
  if (statuses !== undefined) checkStatuses(statuses);
  if (tag !== undefined) checkTag(tag);
  if (failure !== undefined && !GROUP.test(failure)) {
    throw invalid('failure', failure, 'give the id of a group of failures, 16 of 0-9 a-f');
  }
  const { from, to } = rangeOf(filter);
  if (from >= to) throw new InvalidFilterError('to', `is not after from (${filter.from}); give a later time`);
}

/** @throws InvalidFilterError */
export function checkVersion(machine: string | undefined, version: number | undefined): void {
  if (version === undefined) return;
  if (!Number.isSafeInteger(version) || version < 1) throw invalid('version', version, 'give a whole number from 1');
  if (machine === undefined) throw new InvalidFilterError('version', 'is given without machine; give both');
}

/** @throws InvalidFilterError */
export function checkLimit(limit: number): void {
  if (Number.isInteger(limit) && limit >= 1 && limit <= PAGE_LIMIT) return;
  throw invalid('limit', limit, `give a whole number from 1 to ${PAGE_LIMIT}`);
}

/** When the machines of a filter were started, ms: from the first on, before the second. */
export function rangeOf({ from, to }: MachineFilter): { readonly from: number; readonly to: number } {
  return { from: from === undefined ? -Infinity : timeOf('from', from), to: to === undefined ? Infinity : timeOf('to', to) };
}

/** Whether a machine, as it was read, is one of those asked for. @param group of failures that it is in */
export function matches(filter: MachineFilter, machine: MachineSummary, group: string | undefined): boolean {
  const { machines, version, statuses, state, tag, idPrefix = '', failure } = filter;
  const { from, to } = rangeOf(filter);
  const created = Date.parse(machine.createdAt);
  return (
    (filter.machine === undefined || filter.machine === machine.machine) &&
    (machines === undefined || machines.includes(machine.machine)) &&
    (version === undefined || version === machine.version) &&
    (statuses === undefined || statuses.includes(machine.status)) &&
    (state === undefined || state === machine.state) &&
    (tag === undefined || (Object.hasOwn(machine.tags, tag.key) && machine.tags[tag.key] === tag.value)) &&
    (failure === undefined || (machine.status === 'failed' && failure === group)) &&
    machine.correlationId.startsWith(idPrefix) &&
    created >= from &&
    created < to
  );
}

function checkName(field: string, value: string): void {
  if (typeof value !== 'string' || !isName(value)) throw invalid(field, value, NAME_RULE);
}

function checkMachines(machines: readonly string[]): void {
  if (machines.length === 0) throw new InvalidFilterError('machines', 'names none; leave it out for all');
  for (const name of machines) checkName('machines', name);
}

function checkStatuses(statuses: NonNullable<MachineFilter['statuses']>): void {
  if (statuses.length === 0) throw new InvalidFilterError('statuses', 'names none; leave it out for all');
  for (const status of statuses) {
    if (!STATUSES.includes(status)) throw invalid('statuses', status, `give some of ${STATUSES.join(', ')}`);
  }
}

function checkTag({ key, value }: NonNullable<MachineFilter['tag']>): void {
  const rule = `give a key of 1 to ${TAG_LIMIT} characters and a value of up to ${TAG_LIMIT}`;
  if (typeof key !== 'string' || key.length < 1 || key.length > TAG_LIMIT) throw invalid('tag', key, rule);
  if (typeof value !== 'string' || value.length > TAG_LIMIT) throw invalid('tag', value, rule);
}

function timeOf(field: string, text: string): number {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw invalid(field, text, 'give a time of ISO 8601, such as 2026-12-24T17:00:00Z');
  return ms;
}

function invalid(field: string, value: unknown, wayOut: string): InvalidFilterError {
  return new InvalidFilterError(field, `is ${quote(value)}; ${wayOut}`);
}
