import type { CountedStatus, MachineFilter } from '../../core/listing';
import { countedAs, placeText, type Place } from '../../core/place';
import type { Keyspace } from '../keyspace';

/** What the store has, as far as a filter needs it to find its sorted sets. */
export interface Known {
  /** By partition: the places that are not empty. */
  readonly places: readonly (readonly Place[])[];
  /** Names of machines. */
  readonly machines: readonly string[];
}

/** Whether {@link sourcesOf} needs to know of the places. */
export function needsPlaces({ machine, machines, statuses, state, tag, idPrefix, failure }: MachineFilter): boolean {
  if (idPrefix !== undefined) return false;
  const byPlace = statuses !== undefined || state !== undefined || failure !== undefined;
  return byPlace || (machine === undefined && machines === undefined && tag === undefined);
}

/**
 * The sorted sets in which all machines of the filter are, as the keys of one or of several indexes: each of them has all, and others too.
 * The one with the fewest entries is to be read.
 */
export function sourcesOf(filter: MachineFilter, known: Known, keys: Keyspace): readonly (readonly string[])[] {
  const { machine, machines, tag, idPrefix } = filter;
  const partitions = Array.from({ length: keys.partitions }, (_, i) => i);
  if (idPrefix !== undefined) return [partitions.map((partition) => keys.ids(partition))];
  const found: string[][] = [];
  if (tag !== undefined) found.push(partitions.map((partition) => keys.tagIndex(partition, tag.key, tag.value)));
  if (filter.statuses !== undefined || filter.state !== undefined || filter.failure !== undefined) {
    const mayHold = (place: Place): boolean => placeMayHold(filter, place);
    found.push(
      known.places.flatMap((list, partition) => list.filter(mayHold).map((place) => keys.place(partition, placeText(place)))),
    );
  }
  if (machine !== undefined) found.push(partitions.map((partition) => keys.machineIndex(partition, machine)));
  if (machine === undefined && machines !== undefined) {
    found.push(partitions.flatMap((partition) => machines.map((name) => keys.machineIndex(partition, name))));
  }
  if (found.length > 0) return found;
  return [partitions.flatMap((partition) => known.machines.map((name) => keys.machineIndex(partition, name)))];
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
