import type { Json, JsonObject } from '../api/types';
import { diff, isObject } from './json-diff';

export type PatchResult =
  | { readonly patch: JsonObject }
  /** A member that is set to null: a merge patch cannot say that, null removes there (RFC 7396). */
  | { readonly impossible: string };

/** The merge patch that makes `after` of `before`. */
export function mergePatchOf(before: JsonObject, after: JsonObject): PatchResult {
  const patch: Record<string, Json> = {};
  for (const key of Object.keys(before)) {
    if (!Object.hasOwn(after, key)) set(patch, key, null);
  }
  for (const [key, value] of Object.entries(after)) {
    const old = Object.hasOwn(before, key) ? before[key] : undefined;
    if (old !== undefined && diff(old, value).length === 0) continue;
    const inner = isObject(value) ? mergePatchOf(isObject(old) ? old : {}, value) : { patch: value };
    if (value === null) return { impossible: key };
    if ('impossible' in inner) return { impossible: `${key}.${inner.impossible}` };
    set(patch, key, inner.patch);
  }
  return { patch };
}

/** Also where the key is `__proto__`, which the API then refuses by its name. */
function set(object: Record<string, Json>, key: string, value: Json): void {
  Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}
