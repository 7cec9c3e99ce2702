import { tagOf } from './grouped-reads';

it.each([
  ['{stile:7}:m:a', 'stile:7'],
  ['stile:counts', 'stile:counts'],
  ['a{b}{c}', 'b'],
  ['a{}b', 'a{}b'],
])('the slot of %s is made from %s', (key, tag) => expect(tagOf(key)).toBe(tag));
