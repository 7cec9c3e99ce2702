import type { Machine } from '../api/types';
import { historyItem as item } from './history.fixture';
import { hasEnded, NOTHING, reduce, type StreamEvent, type Told } from './stream';

const machine = (more: Partial<Machine>): Machine => ({ runId: 'r1', status: 'running', ...more }) as Machine;
const all = (events: readonly StreamEvent[], from: Told = NOTHING): Told => events.reduce(reduce, from);
const numbers = ({ items }: Told): number[] => items.map(({ number }) => number);

describe('what a stream has told', () => {
  it('has each item once and in order, whatever comes twice or late', () => {
    const told = all([1, 2, 2, 1, 5, 4, 5].map((number) => ({ type: 'history', item: item(number) })));
    expect(numbers(told)).toEqual([1, 2, 4, 5]);
  });

  it('does not grow by an item that is known', () => {
    const told = all([{ type: 'history', item: item(1) }]);
    expect(reduce(told, { type: 'history', item: item(1) })).toBe(told);
  });

  it('ends, and may be opened again without forgetting', () => {
    const told = all([
      { type: 'history', item: item(1) },
      { type: 'machine', machine: machine({ status: 'failed' }) },
      { type: 'end', status: 'failed' },
    ]);
    expect(told.ended).toBe('failed');
    const again = reduce(told, { type: 'open' });
    expect(again.ended).toBeUndefined();
    expect(numbers(again)).toEqual([1]);
    expect(again.machine?.status).toBe('failed');
  });

  it('forgets another run under the same id', () => {
    const told = all([
      { type: 'machine', machine: machine({}) },
      { type: 'history', item: item(1) },
      { type: 'lost', count: 3 },
      { type: 'machine', machine: machine({ runId: 'r2' }) },
    ]);
    expect(told).toEqual({ items: [], lost: 0, machine: machine({ runId: 'r2' }) });
  });

  it('counts what is kept no more once, though it is told again', () => {
    expect(all([{ type: 'lost', count: 3 }, { type: 'open' }, { type: 'lost', count: 3 }]).lost).toBe(3);
  });

  it('knows what is an end', () => {
    expect((['completed', 'failed', 'cancelled', 'paused', 'running'] as const).map(hasEnded)).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
  });
});
