import fc from 'fast-check';
import { hasChanged, keptBy, keptNow, packItem, parseItem, showItems, type StoredItem } from './history-text';

const stored = (began?: object, beganBytes?: number): StoredItem =>
  ({ steps: 0, ...(began ? { began } : {}), ...(beganBytes === undefined ? {} : { beganBytes }) }) as unknown as StoredItem;

const ITEM: object = { a: 1 };

describe('packItem', () => {
  it('puts texts in as they are', () => {
    expect(packItem(ITEM, { began: '{"n":1.0}', data: '[ ]' })).toBe('{"a":1,"began":{"n":1.0},"data":[ ]}');
    expect(packItem(ITEM, { began: 20_000, data: 30_000 })).toBe('{"a":1,"beganBytes":20000,"dataBytes":30000}');
    expect(packItem(ITEM)).toBe('{"a":1}');
  });
});

describe('showItems', () => {
  it('shows each context once, with the item that is the first to begin with it', () => {
    const items = [stored(), stored({ n: 0 }), stored(), stored({ n: 1 }), stored(), stored()];
    expect(showItems(items, { isFirst: true, after: { context: { n: 2 } } }).map(({ context }) => context)).toEqual([
      { n: 0 },
      undefined,
      { n: 1 },
      undefined,
      { n: 2 },
      undefined,
    ]);
  });

  it('shows the size of what was not kept', () => {
    const items = [stored(undefined, 20_000), stored()];
    expect(showItems(items, { isFirst: true, after: keptNow(`"${'x'.repeat(30)}"`, 20) })).toMatchObject([
      { contextBytes: 20_000 },
      { contextBytes: 32 },
    ]);
  });

  it('of a page that is not the first shows a context where the item before has left another', () => {
    const after = { context: { n: 9 } };
    expect(showItems([stored()], { isFirst: false, before: stored(), after })[0]).not.toHaveProperty('context');
    expect(showItems([stored()], { isFirst: false, before: stored({}), after })[0]).toMatchObject(after);
  });

  it('brings back what every step began with, wherever pages and trimming cut', () => {
    const contexts = fc.array(fc.nat(2), { minLength: 2, maxLength: 12 });
    fc.assert(
      fc.property(contexts, fc.nat(11), fc.nat(11), (began, cut, from) => {
        // Step i begins with began[i] and leaves began[i + 1]; the last one of them is in the record.
        const all = began.slice(0, -1).map((n, i) => (n === began[i + 1] ? stored() : stored({ n })));
        const kept = all.slice(Math.min(cut, all.length - 1));
        const start = Math.min(from, kept.length - 1);
        const pages = [kept.slice(0, start), kept.slice(start)];
        const now = { context: { n: began.at(-1) } };
        const next = pages[1]?.find(hasChanged);
        const shown = [
          ...showItems(pages[0] ?? [], { isFirst: true, after: next ? keptBy(next) : now }),
          ...showItems(pages[1] ?? [], { isFirst: start === 0, before: kept[start - 1], after: now }),
        ];
        let context: unknown;
        const seen = shown.map((item) => (context = item.context ?? context));
        expect(seen).toEqual(
          began
            .slice(0, -1)
            .slice(-kept.length)
            .map((n) => ({ n })),
        );
      }),
    );
  });
});

it('parseItem refuses what is no object', () => {
  for (const text of ['1', 'null', '"a"', '{']) expect(() => parseItem(text)).toThrow(SyntaxError);
  expect(parseItem('{"steps":1}')).toEqual({ steps: 1 });
});
