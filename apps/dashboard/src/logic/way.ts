import type { HistoryItem } from '../api/types';

/** The way that a machine has taken through its graph. */
export interface Way {
  /** States it has been in. */
  readonly states: ReadonlySet<string>;
  /** How often each edge was taken, by {@link edgeKey}. */
  readonly edges: ReadonlyMap<string, number>;
  /** States in which an attempt failed, and how often. */
  readonly failed: ReadonlyMap<string, number>;
}

/** A state has one edge for an event. */
export function edgeKey(from: string, event: string): string {
  return `${from}\n${event}`;
}

/** @param items of the history, in any order */
export function wayOf(items: readonly HistoryItem[], state: string): Way {
  const states = new Set<string>([state]);
  const edges = new Map<string, number>();
  const failed = new Map<string, number>();
  for (const { outcome, from, event, to } of items) {
    if (outcome === 'committed') {
      states.add(from).add(to);
      const key = edgeKey(from, event);
      edges.set(key, (edges.get(key) ?? 0) + 1);
    } else if (outcome === 'failed') {
      failed.set(to, (failed.get(to) ?? 0) + 1);
    }
  }
  return { states, edges, failed };
}
