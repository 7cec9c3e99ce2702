import type { HistoryItem, StepError } from '../core/model';
import { noSeal, type Seal } from '../core/payload-cipher';
import type { Trace } from '../core/ports';
import { SealedError } from '../core/sealed-error';
import type { Context, Json } from '../core/step';
import { isBare, lengthen } from './history-item';

/** An item as it is stored. `began` is an undo record: what the step began with, where it has left another context. */
export type StoredItem = Omit<HistoryItem, 'context' | 'contextBytes'> & {
  readonly began?: Context;
  readonly beganBytes?: number;
};

/**
 * The items of a history that is short enough to be in the record (see the scripts' `includes/history`). Such a one has no list.
 *
 * @param field `history` of the record
 */
export function itemsInRecord(field: string | null | undefined): readonly string[] {
  return field ? field.split('\n') : [];
}

/** Puts JSON texts into an item as they are: they are neither parsed nor written anew. An item that is plain and gets none is a bare list. */
export function packItem(item: object & { readonly error?: StepError | null }, trace: Trace = {}, seal: Seal = noSeal): string {
  const { began, data } = trace;
  if (isBare(item) && began === undefined && data === undefined) return JSON.stringify(item.i);
  if (seal.on) return packSealed(item, trace, seal);
  const text = JSON.stringify(item);
  if (began === undefined && data === undefined) return text;
  return `${text.slice(0, -1)}${packField('began', began)}${packField('data', data)}}`;
}

/** What users' data is in goes into one sealed text; the error's code and sizes stay, for those who cannot open it. */
function packSealed(item: { readonly error?: StepError | null }, { began, data }: Trace, seal: Seal): string {
  const parts: string[] = [];
  if (item.error) parts.push(`"error":${JSON.stringify({ ...item.error, code: undefined })}`);
  if (typeof began === 'string') parts.push(`"began":${began}`);
  if (typeof data === 'string') parts.push(`"data":${data}`);
  const open = { ...item, ...(item.error ? { error: { code: item.error.code } } : {}) };
  const text = `${JSON.stringify(open).slice(0, -1)}${packField('began', sizeOf(began))}${packField('data', sizeOf(data))}`;
  return parts.length === 0 ? `${text}}` : `${text},"sealed":"${seal.seal(`{${parts.join(',')}}`, 'history')}"}`;
}

function sizeOf(kept: string | number | undefined): number | undefined {
  return typeof kept === 'string' ? Buffer.byteLength(kept) : kept;
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

/** The record's own context, opened, shown as one of an item would be. One that is broken is shown by its size: whoever runs it will tell. */
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

/** @throws SyntaxError where it is neither the JSON of an object nor a bare list */
export function parseItem(text: string): StoredItem {
  const value = JSON.parse(text) as Json;
  if (typeof value !== 'object' || value === null) throw new SyntaxError('no object');
  return lengthen((Array.isArray(value) ? { i: value } : value) as unknown as StoredItem);
}

/** As {@link parseItem}. What cannot be opened is shown by its sizes, and the error by its code. */
export function openItem(text: string, seal: Seal): StoredItem {
  const { sealed, ...item } = parseItem(text) as StoredItem & { readonly sealed?: unknown };
  if (typeof sealed !== 'string') return item;
  let secret: Pick<StoredItem, 'began' | 'data'> & { readonly error?: Omit<StepError, 'code'> };
  try {
    secret = JSON.parse(seal.open(sealed, 'history')) as typeof secret;
  } catch (error) {
    if (!(error instanceof SealedError)) throw error;
    return { ...item, error: item.error && { ...item.error, message: `(${error.message})` } };
  }
  const { beganBytes, dataBytes, ...rest } = item;
  return {
    ...rest,
    ...(item.error && secret.error ? { error: { ...item.error, ...secret.error } } : {}),
    ...(secret.began === undefined ? withSize('beganBytes', beganBytes) : { began: secret.began }),
    ...(secret.data === undefined ? withSize('dataBytes', dataBytes) : { data: secret.data }),
  };
}

function withSize(name: 'beganBytes' | 'dataBytes', bytes: number | undefined): Partial<StoredItem> {
  return bytes === undefined ? {} : { [name]: bytes };
}
