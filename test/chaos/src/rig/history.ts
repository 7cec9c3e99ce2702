import { readLog, type EntryOf } from '../log';

export type HistoryEntry = EntryOf<'history'>;
export type EndEntry = EntryOf<'end'>;

/** Claims that each step took, the most of each machine: every claim has a fence of its own, and without gaps where no server was changed. */
export function mostClaims(history: readonly HistoryEntry[]): ReadonlyMap<string, number> {
  const most = new Map<string, number>();
  const last = new Map<string, number>();
  for (const { correlationId, fence, outcome } of [...history].sort((a, b) => a.fence - b.fence)) {
    if (outcome !== 'committed' && outcome !== 'failed') continue;
    const claims = fence - (last.get(correlationId) ?? 0);
    last.set(correlationId, fence);
    most.set(correlationId, Math.max(most.get(correlationId) ?? 0, claims));
  }
  return most;
}

/** What `harvest` has written down. */
export function harvested(folder: string): { readonly history: readonly HistoryEntry[]; readonly ends: readonly EndEntry[] } {
  const entries = readLog(folder);
  return {
    history: entries.filter((entry) => entry.kind === 'history'),
    ends: entries.filter((entry) => entry.kind === 'end'),
  };
}
