import type { EntryOf, RunLog } from '../log';

export type HistoryEntry = EntryOf<'history'>;
export type AttemptEntry = EntryOf<'attempt'>;

/** What a worker did to the machine; the other items are an operator's, a parent's or the deadline's, and are no steps. */
export function ofWorker(item: HistoryEntry): boolean {
  return item.outcome === 'committed' || item.outcome === 'failed';
}

export function committed(run: RunLog): HistoryEntry[] {
  return run.history.filter(({ outcome }) => outcome === 'committed');
}

/** Its beginning may be missing: what follows is checked, not that it begins at step 0. */
export function isTail(run: RunLog, historyLimit = 1000): boolean {
  return (run.end?.trimmed ?? 0) > 0 || run.history.length >= historyLimit;
}

/** In the order in which the claims were granted: fences only grow, whatever the clocks say. */
export function byFence(attempts: readonly AttemptEntry[]): AttemptEntry[] {
  return [...attempts].sort((a, b) => a.fence - b.fence);
}

export function group<T, K>(items: Iterable<T>, keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const found = groups.get(key);
    if (found) found.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

export function range(from: number, to: number): string {
  return from === to ? `step ${from} is` : `steps ${from} to ${to} are`;
}
