import { COUNTED_STATUSES, type CountedStatus } from './listing';
import type { MachineStatus } from './model';

/**
 * Where lists find a machine, and counts count it; every machine that is kept is in exactly one place. Its text is part of a Redis key, and
 * scripts write the same: `order@2|waiting|payment`, `order@2|failed|charge|0123456789abcdef`.
 */
export interface Place {
  readonly machine: string;
  readonly version: number;
  readonly status: CountedStatus;
  readonly state: string;
  /** Of failed machines: id of the group of failures. */
  readonly group?: string;
}

export function placeText({ machine, version, status, state, group }: Place): string {
  return `${machine}@${version}|${status}|${state}${group === undefined ? '' : `|${group}`}`;
}

/** Nothing where the text names no place: somebody has written into the store by hand. */
export function readPlace(text: string): Place | undefined {
  const [definition = '', status, state, group] = text.split('|');
  const at = definition.lastIndexOf('@');
  const version = Number(definition.slice(at + 1));
  const counted = COUNTED_STATUSES.find((name) => name === status);
  if (at < 1 || !Number.isSafeInteger(version) || counted === undefined || state === undefined) return undefined;
  return { machine: definition.slice(0, at), version, status: counted, state, ...(group === undefined ? {} : { group }) };
}

/** What counts take a status for. */
export function countedAs(status: MachineStatus): CountedStatus {
  return status === 'queued' || status === 'running' ? 'active' : status;
}
