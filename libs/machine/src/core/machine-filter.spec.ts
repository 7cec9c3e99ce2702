import { InvalidFilterError, type MachineFilter, type MachineSummary } from './listing';
import { checkFilter, checkLimit, matches } from './machine-filter';
import type { MachineStatus } from './model';

const REFUSED: [field: string, shown: string, filter: MachineFilter][] = [
  ['machine', '"a b"', { machine: 'a b' }],
  ['machine', '""', { machine: '' }],
  ['machines', 'names none', { machines: [] }],
  ['machines', '"a b"', { machines: ['a', 'a b'] }],
  ['version', '0', { machine: 'a', version: 0 }],
  ['version', '1.5', { machine: 'a', version: 1.5 }],
  ['version', 'without machine', { version: 1 }],
  ['statuses', '"done"', { statuses: ['failed', 'done' as MachineStatus] }],
  ['statuses', 'names none', { statuses: [] }],
  ['state', '"a|b"', { state: 'a|b' }],
  ['tag', '""', { tag: { key: '', value: 'x' } }],
  ['tag', 'up to 128', { tag: { key: 'a', value: 'x'.repeat(129) } }],
  ['from', '"yesterday"', { from: 'yesterday' }],
  ['to', '"2026-13-01T00:00:00Z"', { to: '2026-13-01T00:00:00Z' }],
  ['to', 'not after from', { from: '2026-01-02T00:00:00Z', to: '2026-01-02T00:00:00Z' }],
  ['idPrefix', '"a*"', { idPrefix: 'a*' }],
  ['failure', '"0123"', { failure: '0123' }],
];

describe('checkFilter', () => {
  it.each(REFUSED)('refuses a %s: %s', (field, shown, filter) => {
    const check = () => checkFilter(filter);
    expect(check).toThrow(InvalidFilterError);
    expect(check).toThrow(expect.objectContaining({ field, message: expect.stringContaining(shown) as string }) as Error);
  });

  it('takes what is fine, all together too', () => {
    checkFilter({});
    checkFilter({
      ...{ machine: 'order', version: 2, statuses: ['failed', 'paused'], state: 'charge', tag: { key: 'a:b', value: '' } },
      ...{ from: '2026-01-01T00:00:00Z', to: '2026-01-01T00:00:00.001Z', idPrefix: 'o-', failure: '0123456789abcdef' },
    });
  });

  it.each([0, 201, 1.5, Number.NaN])('refuses a limit of %d', (limit) => {
    expect(() => checkLimit(limit)).toThrow(/^limit is .*; give a whole number from 1 to 200/);
  });
});

const MACHINE: MachineSummary = {
  ...{
    correlationId: 'o-17',
    machine: 'order',
    version: 2,
    runId: 'r',
    status: 'failed',
    state: 'charge',
    event: 'go',
    steps: 3,
  },
  ...{ retries: 5, maxRetries: 5, tags: { shop: 'berlin' }, inbox: 0, heldBy: null, error: { code: 'A', message: 'b' } },
  ...{ createdAt: '2026-01-02T00:00:00.000Z', updatedAt: '2026-01-03T00:00:00.000Z', finishedAt: null },
};
const GROUP = '0123456789abcdef';

const ANSWERS: [matches: boolean, filter: MachineFilter][] = [
  [true, {}],
  [true, { machine: 'order', version: 2, statuses: ['paused', 'failed'], state: 'charge', failure: GROUP, idPrefix: 'o-' }],
  [false, { machine: 'orders' }],
  [false, { machine: 'order', version: 1 }],
  [false, { statuses: ['paused'] }],
  [false, { state: 'pay' }],
  [true, { tag: { key: 'shop', value: 'berlin' } }],
  [false, { tag: { key: 'shop', value: 'bonn' } }],
  [false, { tag: { key: 'toString', value: '' } }],
  [true, { from: '2026-01-02T00:00:00Z', to: '2026-01-02T00:00:00.001Z' }],
  [false, { from: '2026-01-02T00:00:00.001Z' }],
  [false, { to: '2026-01-02T00:00:00Z' }],
  [true, { from: '2026-01-02T01:00:00+01:00' }],
  [false, { idPrefix: 'o-2' }],
  [false, { failure: 'f123456789abcdef' }],
];

describe('matches', () => {
  it.each(ANSWERS)('%s for %j', (answer, filter) => expect(matches(filter, MACHINE, GROUP)).toBe(answer));

  it('takes no machine that lives again for a failure', () => {
    expect(matches({ failure: GROUP }, { ...MACHINE, status: 'queued' }, GROUP)).toBe(false);
  });
});
