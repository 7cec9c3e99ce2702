import type { Query } from './transport';
import type { MachineStatus, OperationFilter } from './types';

/** Which machines: all conditions that are given must hold. */
export interface MachineFilter {
  readonly machine?: string;
  /** Of `machine`. */
  readonly version?: number;
  /** One of these. */
  readonly status?: MachineStatus | readonly MachineStatus[];
  readonly state?: string;
  readonly tag?: { readonly key: string; readonly value: string };
  /** Started then or later; a text is ISO 8601. */
  readonly from?: Date | string;
  /** Started before then. */
  readonly to?: Date | string;
  readonly idPrefix?: string;
  /** Id of a group of failures. */
  readonly failure?: string;
}

/** As the query of a list has it. */
export function queryOfFilter({ status, tag, from, to, ...rest }: MachineFilter): Query {
  return {
    ...rest,
    status: status === undefined ? undefined : listOf(status).join(','),
    tag: tag && `${tag.key}:${tag.value}`,
    from: timeOf(from),
    to: timeOf(to),
  };
}

/** As the body of an operation has it. */
export function bodyOfFilter({ status, from, to, ...rest }: MachineFilter): OperationFilter {
  return { ...rest, status: status === undefined ? undefined : listOf(status), from: timeOf(from), to: timeOf(to) };
}

function listOf<T>(value: T | readonly T[]): T[] {
  return Array.isArray(value) ? [...(value as readonly T[])] : [value as T];
}

function timeOf(time: Date | string | undefined): string | undefined {
  return time instanceof Date ? time.toISOString() : time;
}
