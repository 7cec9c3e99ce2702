import { quote } from '../../core/names';
import { InvalidOperationError } from '../../core/operations';

const GROUP = /^[0-9a-f]{16}$/;
const MAX_TEXT = 128;

export function isGroup(group: unknown): group is string {
  return typeof group === 'string' && GROUP.test(group);
}

export const GROUP_RULE = 'give the id of a group of failures, 16 of 0-9 a-f';

/** @throws InvalidOperationError */
export function checkTag(field: string, tag: unknown): { key: string; value: string } {
  const { key, value } = (typeof tag === 'object' && tag !== null ? tag : {}) as { key?: unknown; value?: unknown };
  if (isText(key, MAX_TEXT) && key !== '' && isText(value, MAX_TEXT)) return { key, value };
  throw new InvalidOperationError(field, tag, `cannot be used; give key and value, texts of at most ${MAX_TEXT} characters`);
}

/** @throws InvalidOperationError */
export function checkText(field: string, text: unknown, limit = MAX_TEXT): void {
  if (!isText(text, limit)) throw invalid(field, text, `give a text of at most ${limit} characters`);
}

export function invalid(field: string, value: unknown, wanted: string): InvalidOperationError {
  const was = value === undefined ? 'is missing' : `is ${quote(value)}`;
  return new InvalidOperationError(field, value, `${was}; ${wanted}`);
}

function isText(text: unknown, limit: number): text is string {
  return typeof text === 'string' && text.length <= limit;
}
