import type { Json, JsonObject } from '../api/types';

/** One place where two JSON values differ. */
export interface Change {
  /** `order.items[2].price`; empty for the whole value. */
  readonly path: string;
  readonly kind: 'added' | 'removed' | 'changed';
  readonly before?: Json;
  readonly after?: Json;
}

/** What is different, in the order of the keys before, then of those that are new. Lists are compared place by place. */
export function diff(before: Json, after: Json, path = ''): Change[] {
  if (isObject(before) && isObject(after)) {
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) =>
      diffAt(own(before, key), own(after, key), memberPath(path, key)),
    );
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    const [from, to] = [before as readonly Json[], after as readonly Json[]];
    return Array.from({ length: Math.max(from.length, to.length) }, (_, index) =>
      diffAt(from[index], to[index], `${path}[${index}]`),
    ).flat();
  }
  return before === after ? [] : [{ path, kind: 'changed', before, after }];
}

function diffAt(before: Json | undefined, after: Json | undefined, path: string): Change[] {
  if (before === undefined) return after === undefined ? [] : [{ path, kind: 'added', after }];
  if (after === undefined) return [{ path, kind: 'removed', before }];
  return diff(before, after, path);
}

/** Keys that would be misread in a path are quoted. */
function memberPath(path: string, key: string): string {
  if (!/^[A-Za-z_$][\w$-]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function own(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
