import type { HistoryItem } from '../core/model';
import type { Trace } from '../core/ports';
import type { Context, Json } from '../core/step';
import { lengthen } from './history-item';

/** An item as it is stored. `began` is an undo record: what the step began with, where it has left another context. */
export type StoredItem = Omit<HistoryItem, 'context' | 'contextBytes'> & {
  readonly began?: Context;
  readonly beganBytes?: number;
};

/** Puts JSON texts into an item as they are: they are neither parsed nor written anew. */
export function packItem(item: object, { began, data }: Trace = {}): string {
  const text = JSON.stringify(item);
  if (began === undefined && data === undefined) return text;
  return `${text.slice(0, -1)}${packField('began', began)}${packField('data', data)}}`;
}

function packField(name: string, value: string | number | undefined): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? `,"${name}":${value}` : `,"${name}Bytes":${value}`;
}

/** A context, or how large it is where it is not kept. */
export type Kept = Pick<HistoryItem, 'context' | 'contextBytes'>;

/** Whether the step left another context than it began with. */
export function hasChanged({ began, beganBytes }: StoredItem): boolean {
  return began !== undefined || beganBytes !== undefined;
}

/** What a step of this item, or of one before it that changed nothing, began with. */
export function keptBy({ began, beganBytes }: StoredItem): Kept {
  return began === undefined ? { contextBytes: beganBytes } : { context: began };
}

/** The record's own context, shown as one of an item would be. One that is broken is shown by its size: whoever runs it will tell. */
export function keptNow(json: string, limitBytes: number): Kept {
  const contextBytes = Buffer.byteLength(json);
  if (contextBytes > limitBytes) return { contextBytes };
  try {
    return { context: JSON.parse(json) as Context };
  } catch {
    return { contextBytes };
  }
}

/**
 * Items as they are shown: each with what it began with, where the one before has changed that.
 *
 * @param isFirst nothing is kept before them
 * @param before the item before them
 * @param after what the last of them has left, or a step after it began with
 */
export function showItems(
  items: readonly StoredItem[],
  { isFirst, before, after }: { readonly isFirst: boolean; readonly before?: StoredItem; readonly after: Kept },
): HistoryItem[] {
  let next = after;
  const shown: HistoryItem[] = [];
  for (let i = items.length - 1; i >= 0; i--) {
    const item = items[i] as StoredItem;
    if (hasChanged(item)) next = keptBy(item);
    const last = i === 0 ? before : items[i - 1];
    const show = last ? hasChanged(last) : isFirst;
    shown.push({ ...bare(item), ...(show ? next : {}) });
  }
  return shown.reverse();
}

/** Without what it left for undoing. */
function bare(item: StoredItem): HistoryItem {
  const rest: { began?: Context; beganBytes?: number } & HistoryItem = { ...item };
  delete rest.began;
  delete rest.beganBytes;
  return rest;
}

/** @throws SyntaxError where it is not the JSON of an object */
export function parseItem(text: string): StoredItem {
  const value = JSON.parse(text) as Json;
  if (typeof value !== 'object' || value === null) throw new SyntaxError('no object');
  return lengthen(value as unknown as StoredItem);
}
