import { ALL, describe as inWords, filterOf, isEmpty, narrowed, operationFilter, queryOf, type Filter } from './filter';

const FULL: Filter = {
  ...{ machine: 'order', version: 2, statuses: ['waiting', 'failed'], state: 'charge', tag: 'shop:a:b' },
  ...{ from: '2026-11-01T00:00:00.000Z', to: '2026-12-01T00:00:00.000Z', idPrefix: 'o-', failure: '0123456789abcdef' },
};

describe('filters', () => {
  it('stand in the address and come back from it', () => {
    expect(filterOf(queryOf(FULL).toString())).toEqual(FULL);
    expect(filterOf('')).toEqual(ALL);
    expect(isEmpty(ALL)).toBe(true);
    expect(isEmpty(filterOf('idPrefix=o'))).toBe(false);
  });

  it('pass over what they cannot read', () => {
    expect(filterOf('status=failed,dead&version=-1&more=1&state=')).toEqual({ statuses: ['failed'] });
  });

  it('are the same for operations, which want lists and a pair for a tag', () => {
    const { statuses, ...same } = FULL;
    expect(operationFilter(FULL)).toEqual({ ...same, status: statuses, tag: { key: 'shop', value: 'a:b' } });
    expect(operationFilter(ALL)).toEqual({});
  });

  it('leave out machines that an act means nothing to', () => {
    expect(narrowed(ALL, 'retry')?.statuses).toEqual(['failed']);
    expect(narrowed(FULL, 'retry')).toEqual({ ...FULL, statuses: ['failed'] });
    expect(narrowed(FULL, 'pause')?.statuses).toEqual(['waiting']);
    expect(narrowed(FULL, 'resume')).toBeUndefined();
    expect(narrowed({ statuses: ['completed'] }, 'cancel')).toBeUndefined();
  });

  it('can be said', () => {
    expect(inWords({})).toBe('machines');
    expect(inWords(operationFilter(FULL), (iso) => iso.slice(0, 10))).toBe(
      'waiting or failed machines of order@2 in charge tagged shop:a:b with ids that begin with o- of failure group 0123456789abcdef ' +
        'started since 2026-11-01 started before 2026-12-01',
    );
    expect(inWords({ status: ['queued', 'running', 'failed'] })).toBe('queued, running or failed machines');
  });
});
