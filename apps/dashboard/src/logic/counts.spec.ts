import type { FailureGroup, MachineCount } from '../api/types';
import { countOf, liveOf, tally, withFailures } from './counts';
import { ALL } from './filter';

const item = (machine: string, version: number, status: MachineCount['status'], state: string, count: number): MachineCount => ({
  ...{ machine, version, status, state, count },
});

const COUNTS = [
  item('order', 1, 'active', 'charge', 2),
  item('order', 1, 'failed', 'charge', 3),
  item('order', 2, 'failed', 'charge', 4),
  item('order', 2, 'waiting', 'ship', 5),
  item('trip', 1, 'completed', 'done', 6),
];

describe('counts', () => {
  it('are added up by status and state', () => {
    expect(tally(COUNTS).total).toBe(20);
    const order = tally(COUNTS, 'order');
    expect(order.byStatus).toEqual({ active: 2, failed: 7, waiting: 5 });
    expect(order.byState.get('charge')).toEqual({ active: 2, failed: 7 });
    expect(liveOf(order.byStatus)).toBe(7);
    expect(tally(COUNTS, 'order', 2).byStatus).toEqual({ failed: 4, waiting: 5 });
    expect(tally(COUNTS, 'nothing').total).toBe(0);
  });

  it('show failures where the code failed', () => {
    const group = (machine: string, version: number, state: string, count: number): FailureGroup => ({
      ...{ group: '0', machine, version, state, count, code: 'E', message: '', firstAt: '', lastAt: '', example: 'm' },
    });
    const groups = [
      group('order', 1, 'ship', 2),
      group('order', 2, 'ship', 1),
      group('order', 1, 'charge', 4),
      group('trip', 1, 'ship', 9),
    ];
    const { byState, byStatus } = withFailures(tally(COUNTS, 'order'), groups, 'order');
    expect(byState.get('ship')).toEqual({ waiting: 5, failed: 3 });
    expect(byState.get('charge')).toEqual({ active: 2, failed: 4 });
    expect(byStatus.failed).toBe(7);
    expect(withFailures(tally(COUNTS, 'order', 1), groups, 'order', 1).byState.get('ship')).toEqual({ failed: 2 });
  });

  it('tell how many a filter takes', () => {
    expect(countOf(COUNTS, ALL)).toBe(20);
    expect(countOf(COUNTS, { machine: 'order', statuses: ['failed', 'waiting'] })).toBe(12);
    expect(countOf(COUNTS, { statuses: ['queued', 'running'], state: 'charge' })).toBe(2);
    expect(countOf(COUNTS, { statuses: ['completed'], version: 1 })).toBe(6);
  });

  it('do not tell what they do not know', () => {
    expect(countOf(COUNTS, { statuses: ['running'] })).toBeUndefined();
    for (const more of [{ tag: 'a:b' }, { from: 'x' }, { to: 'x' }, { idPrefix: 'o' }, { failure: '0' }]) {
      expect(countOf(COUNTS, { ...ALL, ...more })).toBeUndefined();
    }
  });
});
