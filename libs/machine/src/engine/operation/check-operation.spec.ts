import type { OperationFilter } from '../../core/operations';
import { checkAct, checkRedrive } from './check-operation';

const act = (fields: object): ReturnType<typeof checkAct> =>
  checkAct({ id: 'x', act: 'retry', filter: { machine: 'order' }, ...fields });
const filter = (value: unknown): OperationFilter => act({ filter: value }).filter;

describe('a filter', () => {
  it('is stored the same however it was written', () => {
    const one = filter({ to: '2026-01-01T01:00:00+01:00', statuses: ['paused', 'failed', 'paused'], machine: 'a' });
    const same = filter({ machine: 'a', statuses: ['failed', 'paused'], to: '2026-01-01T00:00:00.000Z', state: undefined });
    expect(JSON.stringify(one)).toBe(JSON.stringify(same));
    expect(one).toEqual({ machine: 'a', statuses: ['paused', 'failed'], to: '2026-01-01T00:00:00.000Z' });
  });

  it('is of all machines where that is said', () => {
    expect(filter({ all: true })).toEqual({ all: true });
  });

  it.each([
    [undefined, 'filter', 'is missing'],
    [[], 'filter', 'give an object'],
    [{}, 'filter', '{ all: true }'],
    [{ machine: undefined }, 'filter', 'is empty'],
    [{ all: false }, 'filter.all', 'must be true'],
    [{ all: true, machine: 'a' }, 'filter.all', 'alone'],
    [{ status: ['failed'] }, 'filter.status', 'known are: machine'],
    [{ machine: 'a b' }, 'filter.machine', 'a b'],
    [{ version: 1 }, 'filter.version', 'without machine'],
    [{ machines: [] }, 'filter.machines', 'names none'],
    [{ machines: ['a', 1] }, 'filter.machines', 'list of names'],
    [{ machine: 'a', version: 0 }, 'filter.version', 'from 1'],
    [{ statuses: [] }, 'filter.statuses', 'names none'],
    [{ statuses: 'failed' }, 'filter.statuses', 'queued, running'],
    [{ from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' }, 'filter.to', 'not after from'],
    [{ statuses: ['active'] }, 'filter.statuses', 'active'],
    [{ state: '' }, 'filter.state', '1 to 128'],
    [{ tag: { key: '', value: 'a' } }, 'filter.tag', 'key and value'],
    [{ from: 'yesterday' }, 'filter.from', 'ISO 8601'],
    [{ from: '2026-02-30T00:00:00Z' }, 'filter.from', 'ISO 8601'],
    [{ from: '2026-13-01T00:00:00Z' }, 'filter.from', 'ISO 8601'],
    [{ to: '2026-01-01T00:00:00' }, 'filter.to', 'offset'],
    [{ idPrefix: 'a:b' }, 'filter.idPrefix', 'a:b'],
    [{ failure: 'ABC' }, 'filter.failure', '16 of 0-9 a-f'],
  ])('%j is refused, naming %s', (value, field, words) => {
    expect(() => filter(value)).toThrow(expect.objectContaining({ code: 'INVALID_OPERATION', field }));
    expect(() => filter(value)).toThrow(words);
  });
});

describe('an act on many', () => {
  it('is graceful where it is a cancellation', () => {
    expect(act({ act: 'cancel' })).toMatchObject({ act: 'cancel', mode: 'graceful', by: '', why: '' });
    expect(act({ act: 'pause' })).not.toHaveProperty('mode');
  });

  it.each([
    [{ id: 'a b' }, 'id'],
    [{ act: 'edit' }, 'act'],
    [{ act: 'cancel', mode: 'soon' }, 'mode'],
    [{ act: 'retry', mode: 'now' }, 'mode'],
    [{ by: 'x'.repeat(129) }, 'by'],
    [{ why: 'x'.repeat(1001) }, 'why'],
  ])('%j is refused, naming %s', (fields, field) => {
    expect(() => act(fields)).toThrow(expect.objectContaining({ field }));
  });
});

describe('a redrive', () => {
  const group = '0123456789abcdef';

  it('is of all machines of the group, unless a number is given', () => {
    expect(checkRedrive({ id: 'x', group })).toMatchObject({ act: 'redrive', group, count: null });
    expect(checkRedrive({ id: 'x', group, count: 5 })).toMatchObject({ count: 5 });
  });

  it.each([
    [{ group: 'nope' }, 'group'],
    [{ count: 0 }, 'count'],
    [{ count: 1.5 }, 'count'],
    [{ by: 7 as unknown as string }, 'by'],
  ])('%j is refused, naming %s', (fields, field) => {
    expect(() => checkRedrive({ id: 'x', group, ...fields })).toThrow(expect.objectContaining({ field }));
  });
});
