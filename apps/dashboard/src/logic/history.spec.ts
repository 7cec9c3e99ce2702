import { changesByItem } from './contexts';
import { historyItem as item } from './history.fixture';
import { rowsOf } from './timeline';
import { edgeKey, wayOf } from './way';

describe('what the context was changed to', () => {
  it('is the difference to what the next item began with', () => {
    const items = [
      item(1, { context: { n: 1 } }),
      item(2, { outcome: 'failed', context: { n: 2 } }),
      item(3), // unchanged
      item(4, { outcome: 'edited' }),
      item(5, { context: { n: 9 } }),
    ];
    expect([...changesByItem(items, { n: 9, done: true })]).toEqual([
      [1, [{ path: 'n', kind: 'changed', before: 1, after: 2 }]],
      [3, []],
      [4, [{ path: 'n', kind: 'changed', before: 2, after: 9 }]],
      [5, [{ path: 'done', kind: 'added', after: true }]],
    ]);
  });

  it('is not said where either side was not kept', () => {
    const items = [item(1), item(2, { context: {} }), item(3, { contextBytes: 20_000 }), item(4)];
    expect([...changesByItem(items, { n: 1 }).keys()]).toEqual([]);
    expect([...changesByItem([item(1, { context: {} })], undefined)]).toEqual([]);
  });
});

describe('the way taken', () => {
  it('has states, edges with how often, and where it failed', () => {
    const items = [
      item(1, { from: 'pseudo_init', event: 'pseudo_init', to: 'a' }),
      item(2, { outcome: 'failed' }),
      item(3),
      item(4, { from: 'b', event: 'back', to: 'a' }),
      item(5),
      item(6, { outcome: 'paused', from: 'x', to: 'x' }),
    ];
    const way = wayOf(items, 'b');
    expect([...way.states].sort()).toEqual(['a', 'b', 'pseudo_init']);
    expect(way.edges.get(edgeKey('a', 'go'))).toBe(2);
    expect(way.edges.get(edgeKey('b', 'back'))).toBe(1);
    expect([...way.failed]).toEqual([['b', 1]]);
  });
});

describe('the timeline', () => {
  it('begins with what was last, measures by the longest attempt, and tells pauses', () => {
    const rows = rowsOf([
      item(1, { startedAt: '2026-11-28T12:00:00.000Z', durationMs: 100 }),
      item(2, { startedAt: '2026-11-28T12:00:00.100Z', durationMs: 25, outcome: 'failed' }),
      item(3, { startedAt: '2026-11-28T12:01:00.125Z', durationMs: 5000, outcome: 'paused' }),
    ]);
    expect(rows.map(({ item: { number }, kind, share, gapMs }) => [number, kind, share, gapMs])).toEqual([
      [3, 'act', 0, 60_000],
      [2, 'attempt', 0.25, 0],
      [1, 'attempt', 1, 0],
    ]);
    expect(rowsOf([])).toEqual([]);
  });

  it('has no pauses that clocks make', () => {
    const rows = rowsOf([item(1), item(2, { startedAt: '2026-11-28T11:59:59.000Z' })]);
    expect(rows.map(({ gapMs }) => gapMs)).toEqual([0, 0]);
  });
});
