import type { HistoryItem, StepError } from '../core/model';
import { iso } from './view';

/** Steps, retries, fence, from, event, to, start in server ms, ms that it took, worker. */
type Short = readonly [number, number, number, string, string, string, number, number, string];

/**
 * An item without what all have in common: the names of its fields, that it was committed, and without an error. There are more items than
 * anything else, and each would be twice as long. Fields that are not of every item stay as they are.
 */
export function shorten(item: HistoryItem): { readonly error?: StepError | null } {
  const { steps, retries, fence, from, event, to, outcome, error, startedAt, durationMs, worker, ...others } = item;
  const started = Date.parse(startedAt);
  if (Number.isNaN(started) || iso(started) !== startedAt) return item;
  const i: Short = [steps, retries, fence, from, event, to, started, durationMs, worker];
  const short = { i, ...(outcome === 'committed' ? {} : { outcome }), ...(error === null ? {} : { error }), ...others };
  return short;
}

/** Whether a short item has nothing but what all have in common. */
export function isBare(item: object): item is { readonly i: Short } {
  return 'i' in item && Object.keys(item).length === 1;
}

/** What {@link shorten} was given. Items that scripts wrote, and builds before this one, are whole already. */
export function lengthen<T extends object>(stored: T): T | (T & HistoryItem) {
  if (!('i' in stored) || !Array.isArray(stored.i)) return stored;
  const { i, ...others } = stored as T & { i: Short };
  const [steps, retries, fence, from, event, to, started, durationMs, worker] = i;
  const startedAt = iso(started);
  const whole = { steps, retries, fence, from, event, to, outcome: 'committed', error: null, startedAt, durationMs, worker };
  return { ...whole, ...others } as unknown as T & HistoryItem;
}
