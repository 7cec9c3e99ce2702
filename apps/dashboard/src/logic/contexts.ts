import type { HistoryItem, JsonObject } from '../api/types';
import { diff, type Change } from './json-diff';

/** Acts and failed attempts leave the context as it was; an edit and a committed step may not. */
const CHANGES_IT = new Set<HistoryItem['outcome']>(['committed', 'edited']);

/**
 * What each committed step or edit changed in the context, by the number of the item: from what it began with to what the next one
 * began with, and for the last one to what the machine has now. Nothing is said of an item where either is not known: history keeps
 * a context only where it is small, and only of the last items.
 *
 * @param items oldest first, without gaps
 */
export function changesByItem(
  items: readonly HistoryItem[],
  now: JsonObject | undefined,
): ReadonlyMap<number, readonly Change[]> {
  const changes = new Map<number, readonly Change[]>();
  let known: JsonObject | undefined;
  const begun = items.map((item) => (known = item.contextBytes === undefined ? (item.context ?? known) : undefined));
  items.forEach((item, index) => {
    const before = begun[index];
    const after = index + 1 < items.length ? begun[index + 1] : now;
    if (before === undefined || after === undefined || !CHANGES_IT.has(item.outcome)) return;
    changes.set(item.number, diff(before, after));
  });
  return changes;
}
