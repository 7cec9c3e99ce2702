import type { MachineCount, MachineFilter } from '../../core/listing';
import { isCountable, sumOf } from './estimate';

const count = (status: MachineCount['status'], state: string, number: number): MachineCount => ({
  machine: 'order',
  version: 1,
  status,
  state,
  count: number,
});
const counts = [count('active', 'a', 1), count('failed', 'a', 10), count('failed', 'b', 100), count('delayed', 'b', 1000)];

it.each<[MachineFilter, number]>([
  [{}, 1111],
  [{ statuses: ['failed'] }, 110],
  [{ statuses: ['failed'], state: 'b' }, 100],
  [{ statuses: ['queued', 'running', 'delayed'] }, 1001],
  [{ state: 'nowhere' }, 0],
])('%j matches %i of those that are counted', (filter, expected) => {
  expect(isCountable(filter)).toBe(true);
  expect(sumOf(counts, filter)).toBe(expected);
});

it.each<[MachineFilter]>([
  [{ statuses: ['running'] }],
  [{ tag: { key: 'a', value: 'b' } }],
  [{ from: '2026-01-01T00:00:00Z' }],
  [{ to: '2026-01-01T00:00:00Z' }],
  [{ idPrefix: 'a' }],
  [{ machines: ['order'] }],
  [{ failure: '0123456789abcdef' }],
])('%j is not counted', (filter) => {
  expect(isCountable(filter)).toBe(false);
});
