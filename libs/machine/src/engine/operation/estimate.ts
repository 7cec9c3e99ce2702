import type { CountedStatus, MachineCount, MachineFilter } from '../../core/listing';
import type { MachineStatus } from '../../core/model';

/** Counts do not tell these apart. */
const COUNTED_AS: Readonly<Record<MachineStatus, CountedStatus>> = {
  queued: 'active',
  running: 'active',
  delayed: 'delayed',
  waiting: 'waiting',
  paused: 'paused',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
};

/** Whether counts by definition, status and state can tell how many match. */
export function isCountable({ tag, from, to, idPrefix, failure, statuses }: MachineFilter): boolean {
  if ([tag, from, to, idPrefix, failure].some((condition) => condition !== undefined)) return false;
  return statuses === undefined || statuses.includes('queued') === statuses.includes('running');
}

/** How many match; all `counts` are of the filter's machine and version. */
export function sumOf(counts: readonly MachineCount[], { statuses, state }: MachineFilter): number {
  const wanted = statuses && new Set(statuses.map((status) => COUNTED_AS[status]));
  return counts
    .filter((counted) => (wanted?.has(counted.status) ?? true) && (state === undefined || counted.state === state))
    .reduce((sum, { count }) => sum + count, 0);
}
