import { InvalidFilterError, type MachineFilter } from '../../core/listing';
import { checkFilter as checkConditions } from '../../core/machine-filter';
import { STATUSES } from '../../core/model';
import { InvalidOperationError, type OperationFilter } from '../../core/operations';
import { checkTag, invalid } from './check-fields';

/** A time with its offset: without one it would be a matter of where the process runs. */
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/;

type Conditions = Required<MachineFilter>;
type Kinds = { readonly [K in keyof Conditions]: (value: unknown, field: string) => Conditions[K] };

/**
 * What is JSON, and not yet known to be what it should be. In this order conditions are stored: the same filter, however it was
 * written, is the same operation.
 */
const KINDS: Kinds = {
  machine: textOf,
  machines: (value, field) => {
    if (Array.isArray(value) && value.every((name) => typeof name === 'string')) return [...new Set(value)].sort();
    throw invalid(field, value, 'give a list of names of machines');
  },
  version: (value, field) => {
    if (typeof value === 'number') return value;
    throw invalid(field, value, 'give a whole number from 1');
  },
  statuses: (value, field) => {
    const isStatus = (status: unknown): boolean => STATUSES.some((known) => known === status);
    if (Array.isArray(value) && value.every(isStatus)) return STATUSES.filter((known) => value.includes(known));
    throw invalid(field, value, `give a list of some of ${STATUSES.join(', ')}`);
  },
  state: textOf,
  tag: (value, field) => checkTag(field, value),
  from: timeOf,
  to: timeOf,
  idPrefix: textOf,
  failure: textOf,
};

/** @throws InvalidOperationError naming the first field that cannot be used, as `filter.state` */
export function checkFilter(filter: unknown): OperationFilter {
  const known = Object.keys(KINDS).join(', ');
  if (typeof filter !== 'object' || filter === null || Array.isArray(filter)) {
    throw invalid('filter', filter, `give an object of ${known}, or { all: true }`);
  }
  const given = Object.entries(filter as Record<string, unknown>).filter(([, value]) => value !== undefined);
  for (const [field, value] of given) {
    if (field === 'all' || Object.hasOwn(KINDS, field)) continue;
    throw new InvalidOperationError(`filter.${field}`, value, `is not known here; known are: ${known}`);
  }
  if (given.length === 0) {
    throw new InvalidOperationError('filter', filter, 'is empty; give a condition, or { all: true } for all machines there are');
  }
  const values = new Map<string, unknown>(given);
  if (values.has('all')) return checkAll(values);
  const conditions = Object.entries(KINDS)
    .filter(([field]) => values.has(field))
    .map(([field, kindOf]) => [field, kindOf(values.get(field), `filter.${field}`)]);
  return checked(Object.fromEntries(conditions) as MachineFilter);
}

function checkAll(values: ReadonlyMap<string, unknown>): { readonly all: true } {
  if (values.get('all') === true && values.size === 1) return { all: true };
  throw new InvalidOperationError('filter.all', values.get('all'), 'must be true, and alone; leave it out to give conditions');
}

/** What is refused here is refused as a list would refuse it. */
function checked(filter: MachineFilter): MachineFilter {
  try {
    checkConditions(filter);
    return filter;
  } catch (error) {
    if (!(error instanceof InvalidFilterError)) throw error;
    const { field, message } = error;
    throw new InvalidOperationError(`filter.${field}`, filter[field as keyof MachineFilter], message.replace(`${field} `, ''));
  }
}

function textOf(value: unknown, field: string): string {
  if (typeof value === 'string') return value;
  throw invalid(field, value, 'give a text');
}

function timeOf(value: unknown, field: string): string {
  if (typeof value === 'string' && TIME.test(value) && !Number.isNaN(Date.parse(value)) && isDay(value.slice(0, 10))) {
    return new Date(value).toISOString();
  }
  throw invalid(field, value, 'give a time of ISO 8601 with its offset, such as 2030-01-31T12:00:00Z');
}

/** `Date` takes the 30th of February for the 2nd of March. */
function isDay(day: string): boolean {
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}
