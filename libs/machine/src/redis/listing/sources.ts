import type { CountedStatus, MachineFilter } from '../../core/listing';
import { countedAs, placeText, type Place } from '../../core/place';
import type { Keyspace } from '../keyspace';

/** What machines are read from: a sorted set, or some of the places of a partition as one list. */
export interface Source {
  /** Of the set, or of the partition's places. */
  readonly key: string;
  /** Places, or what they begin with where that ends in `@` or `|`, or is empty. Absent for a set. */
  readonly places?: readonly string[];
}

/** Whether {@link sourcesOf} needs to know of the places that are there. */
export function needsPlaces({ statuses, state, failure, idPrefix }: MachineFilter): boolean {
  return idPrefix === undefined && (statuses !== undefined || state !== undefined || failure !== undefined);
}

/**
 * The sources in which all machines of the filter are, as one or two candidates: each of them has all, and others too. The one with the
 * fewest machines is to be read.
 *
 * @param known by partition: the places that are not empty, where {@link needsPlaces} asks for them
 */
export function sourcesOf(
  filter: MachineFilter,
  known: readonly (readonly Place[])[],
  keys: Keyspace,
): readonly (readonly Source[])[] {
  const { tag, idPrefix } = filter;
  const partitions = Array.from({ length: keys.partitions }, (_, i) => i);
  if (idPrefix !== undefined) return [partitions.map((partition) => ({ key: keys.ids(partition) }))];
  const named = beginningsOf(filter);
  const placed = partitions.flatMap((partition): Source[] => {
    const places = needsPlaces(filter)
      ? (known[partition] ?? []).filter((place) => placeMayHold(filter, place)).map(placeText)
      : named;
    return places.length > 0 ? [{ key: keys.places(partition), places }] : [];
  });
  if (tag === undefined) return [placed];
  const tagged = partitions.map((partition) => ({ key: keys.tagIndex(partition, tag.key, tag.value) }));
  return named.includes('') && !needsPlaces(filter) ? [tagged] : [tagged, placed];
}

/** What the places of a filter begin with that asks for no more than machines and a version. */
function beginningsOf({ machine, machines, version }: MachineFilter): readonly string[] {
  if (machine === undefined) return machines === undefined ? [''] : machines.map((name) => `${name}@`);
  if (machines !== undefined && !machines.includes(machine)) return [];
  return [version === undefined ? `${machine}@` : `${machine}@${version}|`];
}

/** Whether a machine of the filter may be found in a place. */
export function placeMayHold(filter: MachineFilter, { machine, version, status, state, group }: Place): boolean {
  const { machines, statuses, failure } = filter;
  if (machines !== undefined && !machines.includes(machine)) return false;
  if (filter.machine !== undefined && filter.machine !== machine) return false;
  if (filter.version !== undefined && filter.version !== version) return false;
  if (failure !== undefined && failure !== group) return false;
  const counted: readonly CountedStatus[] | undefined = statuses?.map(countedAs);
  if (counted !== undefined && !counted.includes(status)) return false;
  if (filter.state === undefined || filter.state === state) return true;
  // One that runs has gone on with sticky steps, maybe: it is still where it was taken up.
  return status === 'active' && (statuses === undefined || statuses.includes('running'));
}
