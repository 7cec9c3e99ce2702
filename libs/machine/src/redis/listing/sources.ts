import type { ScriptArgument } from '@stile/lease';
import { COUNTED_STATUSES, type MachineFilter } from '../../core/listing';
import { countedAs } from '../../core/place';
import type { Keyspace } from '../keyspace';

/** Some of the places of a partition, as scripts take them (see their `includes/wanted`). */
export interface WantedPlaces {
  /** `<machine>` or `<machine>@<version>` each; none for all. */
  readonly machines: readonly string[];
  /** `<class>|<state>|<group of failures>` each, `*` for any; none for all. */
  readonly kinds: readonly string[];
}

/** What machines are read from: a sorted set, or some of the places of a partition as one list. */
export interface Source {
  /** Of the set, or of the partition's places. */
  readonly key: string;
  /** Absent for a set. */
  readonly places?: WantedPlaces;
}

/**
 * The sources in which all machines of the filter are, as one or two candidates: each of them has all, and others too. The one with the
 * fewest machines is to be read.
 */
export function sourcesOf(filter: MachineFilter, keys: Keyspace): readonly (readonly Source[])[] {
  const { tag, idPrefix } = filter;
  const partitions = Array.from({ length: keys.partitions }, (_, i) => i);
  if (idPrefix !== undefined) return [partitions.map((partition) => ({ key: keys.ids(partition) }))];
  const places = placesOf(filter);
  const placed = places ? partitions.map((partition) => ({ key: keys.places(partition), places })) : [];
  if (tag === undefined) return [placed];
  const tagged = partitions.map((partition) => ({ key: keys.tagIndex(partition, tag.key, tag.value) }));
  const isAll = places?.machines.length === 0 && places.kinds.length === 0;
  return isAll ? [tagged] : [tagged, placed];
}

/** For scripts that list machines: what their records say is not of interest. */
export const NO_FIELDS = 0;

export function wantedArgs({ machines, kinds }: WantedPlaces): readonly ScriptArgument[] {
  return [machines.length, ...machines, ...kinds];
}

/** The places in which a machine of the filter may be; nothing where there can be none. */
function placesOf(filter: MachineFilter): WantedPlaces | undefined {
  const machines = machinesOf(filter);
  const kinds = kindsOf(filter);
  return machines && kinds && { machines, kinds };
}

function machinesOf({ machine, machines, version }: MachineFilter): readonly string[] | undefined {
  if (machine === undefined) return machines ?? [];
  if (machines !== undefined && !machines.includes(machine)) return undefined;
  return [version === undefined ? machine : `${machine}@${version}`];
}

function kindsOf({ statuses, state, failure }: MachineFilter): readonly string[] | undefined {
  if (statuses === undefined && state === undefined && failure === undefined) return [];
  const classes = new Set(statuses?.map(countedAs) ?? COUNTED_STATUSES);
  if (failure !== undefined) return classes.has('failed') ? [`failed|${state ?? '*'}|${failure}`] : undefined;
  // One that runs has gone on with sticky steps, maybe: it is still where it was taken up.
  const roams = statuses === undefined || statuses.includes('running');
  return [...classes].map((name) => `${name}|${name === 'active' && roams ? '*' : (state ?? '*')}|*`);
}
