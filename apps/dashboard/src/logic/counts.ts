import type { CountedStatus, FailureGroup, MachineCount } from '../api/types';
import type { Filter } from './filter';

export type ByStatus = Readonly<Partial<Record<CountedStatus, number>>>;

export interface Tally {
  readonly total: number;
  readonly byStatus: ByStatus;
  readonly byState: ReadonlyMap<string, ByStatus>;
}

/** Adds up what is counted of one definition, of one version of it, or of all. */
export function tally(counts: readonly MachineCount[], machine?: string, version?: number): Tally {
  const byStatus: Partial<Record<CountedStatus, number>> = {};
  const byState = new Map<string, Partial<Record<CountedStatus, number>>>();
  let total = 0;
  for (const item of counts) {
    if (machine !== undefined && item.machine !== machine) continue;
    if (version !== undefined && item.version !== version) continue;
    total += item.count;
    byStatus[item.status] = (byStatus[item.status] ?? 0) + item.count;
    const state = byState.get(item.state) ?? {};
    state[item.status] = (state[item.status] ?? 0) + item.count;
    byState.set(item.state, state);
  }
  return { total, byStatus, byState };
}

/**
 * Counts know a failed machine by the state it has committed, groups of failures by the state whose code failed: that is where it has to
 * be mended, so that is where it is shown.
 */
export function withFailures(
  { total, byStatus, byState }: Tally,
  groups: readonly FailureGroup[],
  machine: string,
  version?: number,
): Tally {
  const moved = new Map([...byState].map(([state, counts]) => [state, { ...counts, failed: 0 }]));
  for (const group of groups) {
    if (group.machine !== machine || (version !== undefined && group.version !== version)) continue;
    const counts = moved.get(group.state) ?? { failed: 0 };
    moved.set(group.state, { ...counts, failed: counts.failed + group.count });
  }
  return { total, byStatus, byState: moved };
}

const LIVE: readonly CountedStatus[] = ['active', 'delayed', 'waiting', 'paused'];

export function liveOf(byStatus: ByStatus): number {
  return LIVE.reduce((sum, status) => sum + (byStatus[status] ?? 0), 0);
}

/** How many machines a filter takes, where the counts can tell: they know definition, version, status and state, and nothing else. */
export function countOf(counts: readonly MachineCount[], filter: Filter): number | undefined {
  const { machine, version, state, statuses, tag, from, to, idPrefix, failure } = filter;
  if (tag ?? from ?? to ?? idPrefix ?? failure) return undefined;
  const active = statuses.filter((status) => status === 'queued' || status === 'running');
  if (active.length === 1) return undefined; // they count as one
  const wanted = new Set<CountedStatus>(
    statuses.map((status) => (status === 'queued' || status === 'running' ? 'active' : status)),
  );
  return counts
    .filter(
      (item) =>
        (machine === undefined || item.machine === machine) &&
        (version === undefined || item.version === version) &&
        (state === undefined || item.state === state) &&
        (wanted.size === 0 || wanted.has(item.status)),
    )
    .reduce((sum, { count }) => sum + count, 0);
}
