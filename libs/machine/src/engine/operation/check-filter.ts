import type { MachineFilter } from '../../core/listing';
import { STATUSES } from '../../core/model';
import { isName, NAME_RULE } from '../../core/names';
import { InvalidOperationError, type OperationFilter } from '../../core/operations';
import { checkTag, GROUP_RULE, invalid, isGroup } from './check-fields';

/** A time with its offset: without one it would be a matter of where the process runs. */
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/;
const TIME_RULE = 'give a time of ISO 8601 with its offset, such as 2030-01-31T12:00:00Z';

type Checks = { readonly [K in keyof Required<MachineFilter>]: (value: unknown, field: string) => Required<MachineFilter>[K] };

/** In this order they are stored: the same filter, however it was written, is the same operation. */
const CHECKS: Checks = {
  machine: nameOf,
  version: (value, field) => {
    if (Number.isSafeInteger(value) && Number(value) >= 1) return Number(value);
    throw invalid(field, value, 'give a whole number from 1');
  },
  statuses: (value, field) => {
    const isStatus = (status: unknown): boolean => STATUSES.some((known) => known === status);
    if (Array.isArray(value) && value.length > 0 && value.every(isStatus)) return STATUSES.filter((known) => value.includes(known));
    throw invalid(field, value, `give a list of ${STATUSES.join(', ')}`);
  },
  state: nameOf,
  tag: (value, field) => checkTag(field, value),
  from: timeOf,
  to: timeOf,
  idPrefix: nameOf,
  failure: (value, field) => {
    if (isGroup(value)) return value;
    throw invalid(field, value, GROUP_RULE);
  },
};

/** @throws InvalidOperationError naming the first field that cannot be used, as `filter.state` */
export function checkFilter(filter: unknown): OperationFilter {
  if (typeof filter !== 'object' || filter === null || Array.isArray(filter)) {
    throw invalid('filter', filter, `give an object of ${Object.keys(CHECKS).join(', ')}, or { all: true }`);
  }
  const given = Object.entries(filter).filter(([, value]) => value !== undefined);
  const unknown = given.find(([field]) => field !== 'all' && !Object.hasOwn(CHECKS, field));
  if (unknown) {
    const [field, value] = unknown;
    throw new InvalidOperationError(`filter.${field}`, value, `is not known here; known are: ${Object.keys(CHECKS).join(', ')}`);
  }
  if (Object.hasOwn(filter, 'all')) return checkAll(given);
  if (given.length === 0) {
    throw new InvalidOperationError('filter', filter, 'is empty; give at least one condition, or { all: true } for all machines there are');
  }
  const values = filter as Record<string, unknown>;
  if (values.version !== undefined && values.machine === undefined) {
    throw new InvalidOperationError('filter.version', values.version, 'is given without machine; give the machine it is a version of');
  }
  const checked = Object.entries(CHECKS)
    .filter(([field]) => values[field] !== undefined)
    .map(([field, check]) => [field, check(values[field], `filter.${field}`)]);
  return Object.fromEntries(checked) as MachineFilter;
}

function checkAll(given: readonly [string, unknown][]): { readonly all: true } {
  const [first, ...more] = given;
  if (first?.[1] === true && more.length === 0) return { all: true };
  throw new InvalidOperationError('filter.all', given.find(([field]) => field === 'all')?.[1], 'must be true, and alone; leave it out to give conditions');
}

function nameOf(value: unknown, field: string): string {
  if (typeof value === 'string' && isName(value)) return value;
  throw invalid(field, value, NAME_RULE);
}

function timeOf(value: unknown, field: string): string {
  const ms = typeof value === 'string' && TIME.test(value) ? Date.parse(value) : NaN;
  if (Number.isNaN(ms)) throw invalid(field, value, TIME_RULE);
  return new Date(ms).toISOString();
}
