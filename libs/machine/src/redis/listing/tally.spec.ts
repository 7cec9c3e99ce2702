import type { FailureGroup, MachineSummary } from '../../core/listing';
import { Tally } from './tally';

const GROUP = '0123456789abcdef';
const machine = (correlationId: string, status: MachineSummary['status'], createdAt = '2026-01-01T00:00:00.000Z') =>
  ({ correlationId, machine: 'order', version: 1, status, state: 'a', createdAt }) as MachineSummary;
const group = (id: string): FailureGroup => ({
  ...{ group: id, machine: 'order', version: 1, state: 'a', code: 'E', message: 'm', count: 99, example: 'other.1' },
  ...{ firstAt: '2020-01-01T00:00:00.000Z', lastAt: '2030-01-01T00:00:00.000Z' },
});

it('counts as the indexes do: what is queued and what runs together', () => {
  const tally = new Tally();
  for (const status of ['queued', 'running', 'waiting', 'failed'] as const) tally.add({ summary: machine('m', status) });
  expect(tally.counts.map(({ status, count }) => [status, count])).toEqual([
    ['active', 2],
    ['waiting', 1],
    ['failed', 1],
  ]);
});

it('tells of a group only what is its own', () => {
  const tally = new Tally();
  const days = ['02', '03', '01'];
  days.forEach((day, i) => tally.add({ summary: machine(`m-${i}`, 'failed', `2026-01-${day}T00:00:00.000Z`), group: GROUP }));
  tally.add({ summary: machine('gone', 'failed'), group: 'f'.repeat(16) });
  expect(tally.failures([group(GROUP), group('a'.repeat(16))])).toEqual([
    {
      ...group(GROUP),
      ...{ count: 3, firstAt: '2026-01-01T00:00:00.000Z', lastAt: '2026-01-03T00:00:00.000Z', example: 'm-1' },
    },
  ]);
});
