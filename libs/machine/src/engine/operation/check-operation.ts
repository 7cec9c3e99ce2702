import { toJson } from '../../core/json';
import { InvalidOperationError, type SendToMany } from '../../core/operations';
import type { OperationSpec } from '../../core/operations-ports';
import { isName, NAME_RULE, quote } from '../../core/names';

const OPERATION_ID = /^[A-Za-z0-9_.-]{1,100}$/;
const MAX_TEXT = 128;

export function isOperationId(id: unknown): id is string {
  return typeof id === 'string' && OPERATION_ID.test(id);
}

/** @throws InvalidOperationError naming the first field that cannot be used, ContextError and ContextTooLargeError for data */
export function checkSendToMany({ id, machine, tag, event, data, by = '' }: SendToMany & { id: string }): OperationSpec {
  if (!isOperationId(id)) throw invalid('id', id, 'use 1 to 100 of A-Z a-z 0-9 _ . -');
  if ((machine === undefined) === (tag === undefined)) {
    throw new InvalidOperationError('machine', machine, 'and tag exclude each other; give one of them');
  }
  if (machine !== undefined && !(typeof machine === 'string' && isName(machine))) throw invalid('machine', machine, NAME_RULE);
  if (tag !== undefined) checkTag(tag);
  if (typeof event !== 'string' || !isName(event)) throw invalid('event', event, NAME_RULE);
  if (typeof by !== 'string' || by.length > MAX_TEXT) throw invalid('by', by, `give a text of at most ${MAX_TEXT} characters`);
  if (data !== undefined) toJson({ data });
  const target = { machine: machine ?? null, tag: tag === undefined ? null : { key: tag.key, value: tag.value } };
  return { id, ...target, event, ...(data === undefined ? {} : { data }), by };
}

function checkTag(tag: unknown): void {
  const { key, value } = (typeof tag === 'object' && tag !== null ? tag : {}) as { key?: unknown; value?: unknown };
  const fits = (text: unknown): boolean => typeof text === 'string' && text.length <= MAX_TEXT;
  if (fits(key) && key !== '' && fits(value)) return;
  throw new InvalidOperationError('tag', tag, `cannot be used; give key and value, texts of at most ${MAX_TEXT} characters`);
}

function invalid(field: string, value: unknown, wanted: string): InvalidOperationError {
  const was = value === undefined ? 'is missing' : `is ${quote(value)}`;
  return new InvalidOperationError(field, value, `${was}; ${wanted}`);
}
