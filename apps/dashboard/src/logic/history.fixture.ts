import type { HistoryItem } from '../api/types';

/** An item of a history, for tests. */
export function historyItem(number: number, more: Partial<HistoryItem> = {}): HistoryItem {
  return {
    ...{ number, steps: number - 1, retries: 0, fence: number, from: 'a', event: 'go', to: 'b', outcome: 'committed' },
    ...{ error: null, startedAt: '2026-11-28T12:00:00.000Z', durationMs: 10, worker: 'w' },
    ...more,
  };
}
