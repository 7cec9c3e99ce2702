import { Keyspace } from './keyspace';

it('no two tags share an index', () => {
  const keys = new Keyspace('stile', 1);
  const tags = [
    ['a=b', 'c'],
    ['a', 'b=c'],
    ['a%3Db', 'c'],
    ['a', 'b'],
  ] as const;
  expect(new Set(tags.map(([key, value]) => keys.tagIndex(0, key, value))).size).toBe(tags.length);
  expect(keys.tagIndex(0, 'shop', 'x=1')).toBe('{stile:0}:ix:t:shop=x=1');
});
