import fc from 'fast-check';
import type { Json, JsonObject } from '../api/types';
import { isObject } from './json-diff';
import { mergePatchOf } from './merge-patch';

/** RFC 7396, section 2, as the API does it. */
function apply(target: Json, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const result = new Map(Object.entries(isObject(target) ? target : {}));
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) result.delete(key);
    else result.set(key, apply(result.get(key) ?? null, value));
  }
  return Object.fromEntries(result);
}

describe('mergePatchOf', () => {
  it('says only what is different', () => {
    const before = { amount: 30, nested: { a: 1, b: 2 }, list: [1, null], gone: 1 };
    const after = { amount: 12, nested: { a: 1, c: 3 }, list: [1, null, 2], kept: {} };
    expect(mergePatchOf(before, after)).toEqual({
      patch: { amount: 12, nested: { b: null, c: 3 }, list: [1, null, 2], kept: {}, gone: null },
    });
    expect(mergePatchOf(after, after)).toEqual({ patch: {} });
  });

  it('says where it cannot be said', () => {
    expect(mergePatchOf({ a: 1 }, { a: null })).toEqual({ impossible: 'a' });
    expect(mergePatchOf({}, { a: { b: { c: null } } })).toEqual({ impossible: 'a.b.c' });
    expect(mergePatchOf({ a: null }, { a: null, b: 1 })).toEqual({ patch: { b: 1 } });
  });

  it('makes the one of the other, whatever they are', () => {
    const context = fc.dictionary(fc.string({ maxLength: 3 }), fc.jsonValue({ maxDepth: 3 })) as fc.Arbitrary<JsonObject>;
    fc.assert(
      fc.property(context, context, (before, after) => {
        const result = mergePatchOf(before, after);
        if ('impossible' in result) expect(JSON.stringify(after)).toContain('null');
        else expect(apply(before, result.patch)).toEqual({ ...after });
      }),
    );
  });
});
