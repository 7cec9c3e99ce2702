import { diff } from './json-diff';

describe('diff', () => {
  it('finds nothing where nothing is different', () => {
    expect(diff({ a: [1, { b: null }] }, { a: [1, { b: null }] })).toEqual([]);
  });

  it('names each place', () => {
    const before = { amount: 30, items: [{ price: 1 }, { price: 2 }], gone: true, same: 'x' };
    const after = { amount: 12, items: [{ price: 1 }, { price: 3 }, 4], same: 'x', fresh: {} };
    expect(diff(before, after)).toEqual([
      { path: 'amount', kind: 'changed', before: 30, after: 12 },
      { path: 'items[1].price', kind: 'changed', before: 2, after: 3 },
      { path: 'items[2]', kind: 'added', after: 4 },
      { path: 'gone', kind: 'removed', before: true },
      { path: 'fresh', kind: 'added', after: {} },
    ]);
  });

  it('tells null, false, 0, [] and {} apart', () => {
    expect(diff(null, false)).toHaveLength(1);
    expect(diff(0, false)).toHaveLength(1);
    expect(diff({ a: [] }, { a: {} })).toEqual([{ path: 'a', kind: 'changed', before: [], after: {} }]);
    expect(diff({ a: null }, {})).toEqual([{ path: 'a', kind: 'removed', before: null }]);
  });

  it('quotes keys that a path could not hold, and is not misled by names of Object’s own', () => {
    expect(diff({}, { 'a.b': 1, constructor: 2 }).map(({ path }) => path)).toEqual(['["a.b"]', 'constructor']);
    expect(diff({ toString: 1 }, {})).toEqual([{ path: 'toString', kind: 'removed', before: 1 }]);
  });

  it('can compare what is no object at all', () => {
    expect(diff(1, [1])).toEqual([{ path: '', kind: 'changed', before: 1, after: [1] }]);
  });
});
