import type { HistoryItem } from '../api/types';

/** An item of the history, with what is only seen beside the others. */
export interface Row {
  readonly item: HistoryItem;
  readonly kind: 'attempt' | 'act';
  /** Its duration as a part of the longest one, 0 to 1. */
  readonly share: number;
  /** How long nothing happened before it, ms; 0 for the first one. */
  readonly gapMs: number;
}

/** @param items oldest first. @returns newest first: what happened last is what is looked for */
export function rowsOf(items: readonly HistoryItem[]): Row[] {
  const longest = Math.max(1, ...items.filter(isAttempt).map(({ durationMs }) => durationMs));
  const rows = items.map((item, index): Row => {
    const before = items[index - 1];
    return {
      item,
      kind: isAttempt(item) ? 'attempt' : 'act',
      share: isAttempt(item) ? Math.min(1, item.durationMs / longest) : 0,
      gapMs: before === undefined ? 0 : Math.max(0, Date.parse(item.startedAt) - endOf(before)),
    };
  });
  return rows.reverse();
}

function isAttempt({ outcome }: HistoryItem): boolean {
  return outcome === 'committed' || outcome === 'failed';
}

function endOf({ startedAt, durationMs }: HistoryItem): number {
  return Date.parse(startedAt) + durationMs;
}
