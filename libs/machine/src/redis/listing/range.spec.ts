import { pieceOf, Range } from './range';

/** What it asks for, piece by piece, of a source that does not end. */
function pieces(first: number, count: number): number[] {
  const range = new Range(undefined, first);
  return Array.from({ length: count }, (_, piece) => {
    const asked = range.wants?.count ?? 0;
    range.take(Array.from({ length: asked }, (_each, i) => ({ id: `${piece}-${i}`, score: 0 })));
    while (range.head) range.shift();
    return asked;
  });
}

describe('Range', () => {
  it.each([
    ['a small piece', 3, [3, 6, 12, 24, 48, 96, 128, 128]],
    ['the largest', 128, [128, 128]],
    ['too much for one script: half of it', 201, [101, 128]],
    ['one', 1, [1, 2]],
  ])('asks for twice as many each time, and never for more than one script may read: %s', (_what, first, expected) => {
    expect(pieces(first, expected.length)).toEqual(expected);
  });

  it('asks for nothing after a piece that was not full', () => {
    const range = new Range(undefined, 2);
    range.take([{ id: 'a', score: 1 }]);
    range.shift();
    expect(range.wants).toBeUndefined();
  });
});

describe('pieceOf', () => {
  it('is all entries of one source', () => {
    expect([pieceOf(51, 1), pieceOf(2, 1), pieceOf(51, 0)]).toEqual([51, 2, 51]);
  });

  it.each([2, 4, 8, 16, 32, 64])('is enough for 98 of 100 pages where chance spreads machines over %i sources', (sources) => {
    let seed = sources;
    const random = (): number => (seed = (seed * 48271) % 2147483647) / 2147483647;
    const enough = Array.from({ length: 1000 }, () => {
      const of = new Array<number>(sources).fill(0);
      for (let i = 0; i < 51; i++) of[Math.floor(random() * sources)]!++;
      return Math.max(...of) < pieceOf(51, sources);
    });
    expect(enough.filter(Boolean).length).toBeGreaterThanOrEqual(980);
  });
});
