import type { HistoryItem, Machine, Status } from '../api/types';

/** What is known of a machine from its stream. */
export interface Told {
  readonly machine?: Machine;
  /** Oldest first, each once. */
  readonly items: readonly HistoryItem[];
  /** Items that are kept no more. */
  readonly lost: number;
  /** It has ended with this, and so has the stream. */
  readonly ended?: Status;
}

export type StreamEvent =
  | { readonly type: 'history'; readonly item: HistoryItem }
  | { readonly type: 'machine'; readonly machine: Machine }
  | { readonly type: 'lost'; readonly count: number }
  | { readonly type: 'end'; readonly status: Status }
  /** It is opened again. */
  | { readonly type: 'open' };

export const NOTHING: Told = { items: [], lost: 0 };

/**
 * A stream that is opened again tells all from the start, so an item may come twice. A machine of another run under the same id is
 * another machine: what was told of the old one is forgotten.
 */
export function reduce(told: Told, event: StreamEvent): Told {
  switch (event.type) {
    case 'history': {
      const last = told.items.at(-1);
      if (last === undefined || event.item.number > last.number) return { ...told, items: [...told.items, event.item] };
      if (told.items.some(({ number }) => number === event.item.number)) return told;
      return { ...told, items: [...told.items, event.item].sort((a, b) => a.number - b.number) };
    }
    case 'machine':
      if (told.machine && told.machine.runId !== event.machine.runId) return { items: [], lost: 0, machine: event.machine };
      return { ...told, machine: event.machine };
    case 'lost':
      return { ...told, lost: Math.max(told.lost, event.count) };
    case 'end':
      return { ...told, ended: event.status };
    case 'open':
      return { items: told.items, lost: told.lost, ...(told.machine ? { machine: told.machine } : {}) };
  }
}

const ENDED = new Set<Status>(['completed', 'failed', 'cancelled']);

export function hasEnded(status: Status): boolean {
  return ENDED.has(status);
}
