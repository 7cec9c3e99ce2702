import fc from 'fast-check';
import { compare, readCursor, writeCursor, type Entry, type Order } from './cursor';
import { Merge } from './merge';
import type { Asked } from './range';

/** Sorted sets as Redis has them. */
type Sets = Record<string, Entry[]>;

function ask(sets: Sets, order: Order, key: string, { after, count }: Asked): Entry[] {
  const from = (entry: Entry) => !after || compare(order, after, entry) < 0;
  return [...(sets[key] ?? [])]
    .sort((a, b) => compare(order, a, b))
    .filter(from)
    .slice(0, count);
}

const sourcesOf = (keys: readonly string[]) => keys.map((key) => ({ key }));

/** @param between is done before each question */
function read(merge: Merge, sets: Sets, order: Order, count = Infinity, between = () => undefined as void): Entry[] {
  const found: Entry[] = [];
  while (found.length < count) {
    const entry = merge.next();
    if (entry === undefined) break;
    if (entry !== 'asks') found.push(entry);
    else {
      between();
      for (const { source, asked, answer } of merge.wants) answer(ask(sets, order, source.key, asked));
    }
  }
  return found;
}

const entry = fc.record({ id: fc.constantFrom(...'abcdefghij'), score: fc.integer({ min: 0, max: 4 }) });
const sets = fc
  .array(fc.uniqueArray(entry, { selector: ({ id }) => id, maxLength: 10 }), { minLength: 1, maxLength: 4 })
  .map((lists) =>
    Object.fromEntries(lists.map((list, i) => [`${i}`, list.map(({ id, score }) => ({ id: `${id}${i}`, score }))])),
  );
const order = fc.constantFrom<Order>('time', 'id');
const flat = (all: Sets) => Object.values(all).flat();

describe('Merge', () => {
  it('gives all entries in order, whatever the size of pieces and pages', () => {
    fc.assert(
      fc.property(sets, order, fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 5 }), (all, by, piece, page) => {
        const expected = flat(all).sort((a, b) => compare(by, a, b));
        const pages: Entry[] = [];
        for (let after: Entry | undefined; ;) {
          const found = read(new Merge(sourcesOf(Object.keys(all)), by, after, piece), all, by, page);
          pages.push(...found);
          after = found.at(-1);
          if (found.length < page) break;
          after = after && readCursor(by, writeCursor(by, by === 'id' ? { ...after, score: 0 } : after));
        }
        expect(pages).toEqual(expected);
      }),
      { seed: 5, numRuns: 500 },
    );
  });

  it('passes nothing over that stays, and repeats nothing, while entries come and go between two questions', () => {
    fc.assert(
      fc.property(sets, sets, fc.infiniteStream(fc.nat()), fc.integer({ min: 1, max: 3 }), (all, others, choice, piece) => {
        const stays = structuredClone(flat(all));
        const coming = flat(others).map((e) => ({ ...e, id: `new${e.id}` }));
        const keys = Object.keys(all);
        const change = () => {
          const key = keys[choice.next().value % keys.length] as string;
          const came = coming.pop();
          if (came) all[key]?.push(came);
          else all[key] = (all[key] ?? []).filter(({ id }) => !id.startsWith('new'));
        };
        const found = read(new Merge(sourcesOf(keys), 'time', undefined, piece), all, 'time', Infinity, change);
        const ids = found.map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        expect(ids).toEqual(expect.arrayContaining(stays.map(({ id }) => id)));
        expect(found).toEqual([...found].sort((a, b) => compare('time', a, b)));
      }),
      { seed: 6, numRuns: 500 },
    );
  });

  it('gives one once that is in two sets', () => {
    const twice = {
      a: [{ id: 'x', score: 1 }],
      b: [
        { id: 'x', score: 1 },
        { id: 'w', score: 1 },
      ],
    };
    expect(read(new Merge(sourcesOf(['a', 'b']), 'time', undefined, 5), twice, 'time').map(({ id }) => id)).toEqual(['x', 'w']);
  });

  it('gets past more entries of one moment than a piece holds', () => {
    const many = Array.from({ length: 100 }, (_, i) => ({ id: `m${999 - i}`, score: 7 }));
    const last = { id: 'm905', score: 7 };
    const found = read(new Merge(sourcesOf(['a']), 'time', last, 2), { a: many }, 'time');
    expect(found.map(({ id }) => id)).toEqual(['m904', 'm903', 'm902', 'm901', 'm900']);
  });

  it('has nothing where there is nothing', () => {
    expect(new Merge([], 'time', undefined, 5).next()).toBeUndefined();
    expect(read(new Merge(sourcesOf(['a']), 'id', undefined, 5), {}, 'id')).toEqual([]);
  });
});
