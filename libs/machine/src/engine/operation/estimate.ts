import type { MachineCount, MachineFilter } from '../../core/listing';
import { countedAs } from '../../core/place';

/** Whether counts by definition, status and state can tell how many match. */
export function isCountable({ machines, tag, from, to, idPrefix, failure, statuses }: MachineFilter): boolean {
  if ([machines, tag, from, to, idPrefix, failure].some((condition) => condition !== undefined)) return false;
  // They do not tell a queued machine from a running one.
  return statuses === undefined || statuses.includes('queued') === statuses.includes('running');
}

/** How many match; all `counts` are of the filter's machine and version. */
export function sumOf(counts: readonly MachineCount[], { statuses, state }: MachineFilter): number {
  const wanted = statuses && new Set(statuses.map(countedAs));
  return counts
    .filter((counted) => (wanted?.has(counted.status) ?? true) && (state === undefined || counted.state === state))
    .reduce((sum, { count }) => sum + count, 0);
}
