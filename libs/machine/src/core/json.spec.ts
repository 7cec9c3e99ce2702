import fc from 'fast-check';
import { ContextError, ContextTooLargeError } from './errors';
import { eventText, toJson } from './json';

function errorOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

const cycle: Record<string, unknown> = { list: [] };
(cycle['list'] as unknown[]).push({ cycle });

describe('toJson', () => {
  it('gives the JSON text', () => {
    expect(toJson({ a: [1, 'x', null, true, {}], b: undefined })).toBe('{"a":[1,"x",null,true,{}]}');
    expect(toJson(Object.assign(Object.create(null) as object, { a: 1 }))).toBe('{"a":1}');
  });

  it.each<[string, unknown, string, RegExp]>([
    ['null', null, '$', /not an object/],
    ['a list', [], '$', /not an object/],
    ['a text', 'x', '$', /not an object/],
    ['a BigInt', { order: { id: 1n } }, '$.order.id', /BigInt.*string/],
    ['a function', { run: () => 1 }, '$.run', /a function/],
    ['a symbol', { a: [Symbol('x')] }, '$.a[0]', /a symbol/],
    ['a Date', { items: [0, { at: new Date(0) }] }, '$.items[1].at', /Date.*toISOString/],
    ['a Map', { 'odd key': new Map() }, '$["odd key"]', /a Map/],
    ['NaN', { price: NaN }, '$.price', /NaN/],
    ['Infinity', { price: -Infinity }, '$.price', /-Infinity/],
    ['undefined in a list', { a: [undefined] }, '$.a[0]', /undefined/],
    ['toJSON', { a: { toJSON: () => 1 } }, '$.a', /toJSON/],
  ])('refuses %s, naming the path', (_name, context, path, problem) => {
    const error = errorOf(() => toJson(context));
    expect(error).toBeInstanceOf(ContextError);
    expect(error).toMatchObject({
      code: 'CONTEXT_NOT_JSON',
      path,
      message: expect.stringMatching(problem) as string,
    });
  });

  it('refuses a cycle, with a path of bounded length', () => {
    const error = errorOf(() => toJson(cycle)) as ContextError;
    expect(error.message).toMatch(/cycle/);
    expect(error.path.length).toBeLessThan(400);
  });

  it('counts bytes, not letters', () => {
    expect(toJson({ a: 'xx' }, 10)).toBe('{"a":"xx"}');
    expect(errorOf(() => toJson({ a: 'éé' }, 10))).toMatchObject({
      code: 'CONTEXT_TOO_LARGE',
      bytes: 12,
      limit: 10,
    });
    expect(errorOf(() => toJson({ a: 'x'.repeat(300_000) }))).toBeInstanceOf(ContextTooLargeError);
  });

  it('keeps what JSON can hold, whatever it is', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 })), (context) => {
        expect(JSON.parse(toJson(context))).toEqual(JSON.parse(JSON.stringify(context)));
      }),
    );
  });
});

describe('eventText', () => {
  it('counts bytes, not characters', () => {
    expect(eventText('a'.repeat(262_142), 'data')).toHaveLength(262_144);
    expect(() => eventText('ä'.repeat(140_000), 'data')).toThrow('data has 280002 bytes of JSON, more than the 262144 allowed');
  });

  it('has an error of its own for what is too large, another for what is no JSON', () => {
    expect(errorOf(() => eventText('ab', 'data', 3))).toMatchObject({ code: 'EVENT_TOO_LARGE', bytes: 4, limit: 3 });
    expect(errorOf(() => eventText(1n, 'data'))).toMatchObject({ code: 'RESULT_UNUSABLE' });
  });
});
