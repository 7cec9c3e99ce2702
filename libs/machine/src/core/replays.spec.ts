import type { HistoryItem } from './model';
import { recordedSteps, StepNotRecordedError } from './replays';

const item = (steps: number, over: Partial<HistoryItem> = {}): HistoryItem => ({
  steps,
  retries: 0,
  fence: 1,
  from: `s${steps}`,
  event: `e${steps}`,
  to: `s${steps + 1}`,
  outcome: 'committed',
  error: null,
  startedAt: '2026-01-01T00:00:00.000Z',
  durationMs: 1,
  worker: 'w',
  ...over,
});
const began = (items: readonly HistoryItem[]) => Object.fromEntries(recordedSteps(items));

describe('recordedSteps', () => {
  it('takes a context to be the same until another one is there', () => {
    expect(began([item(0, { context: { a: 1 } }), item(1), item(2, { context: { a: 2 } }), item(3)])).toEqual({
      0: { state: 's0', event: 'e0', context: { a: 1 } },
      1: { state: 's1', event: 'e1', context: { a: 1 } },
      2: { state: 's2', event: 'e2', context: { a: 2 } },
      3: { state: 's3', event: 'e3', context: { a: 2 } },
    });
  });

  it('begins a step as its last attempt did, with the data of its first', () => {
    const items = [
      item(0, { context: { a: 1 }, data: [1], outcome: 'failed' }),
      item(0, { outcome: 'edited' }),
      item(0, { retries: 1, context: { a: 2 } }),
      item(1),
    ];
    expect(began(items)).toMatchObject({ 0: { context: { a: 2 }, data: [1] }, 1: { context: { a: 2 } } });
    expect(recordedSteps(items).get(1)).not.toHaveProperty('data');
  });

  it('says what is not kept: contexts, data, the first attempt of the oldest step', () => {
    const items = [
      item(4, { context: {}, retries: 2 }),
      item(5),
      item(6, { contextBytes: 20_000 }),
      item(7, { context: {}, dataBytes: 30_000 }),
    ];
    expect(began(items)).toEqual({
      4: expect.stringContaining('first attempt'),
      5: expect.objectContaining({ context: {} }),
      6: expect.stringContaining('20000 bytes'),
      7: expect.stringContaining('30000 bytes'),
    });
  });

  it('knows acts from attempts', () => {
    expect(began([item(0, { outcome: 'paused', context: {} }), item(0, { outcome: 'resumed' })])).toEqual({});
  });
});

it('an error names the steps that can be replayed', () => {
  expect(new StepNotRecordedError('m', 9, 'it has not been run', [0, 1, 2, 5, 7, 8]).message).toBe(
    'step 9 of machine "m" cannot be replayed: it has not been run; these can: 0-2, 5, 7-8',
  );
  expect(new StepNotRecordedError('m', 0, 'it has not been run', []).message).toContain('no step of it can be');
});
