import type { Schedule } from '../../core/schedules';
import { checkSchedule } from './check-schedule';

const good: Schedule = { name: 'nightly', machine: 'report', cron: '30 2 * * *' };

describe('a schedule', () => {
  it('is stored with its defaults filled in', () => {
    expect(checkSchedule(good)).toEqual({
      ...{ name: 'nightly', machine: 'report', version: null, context: {}, tags: {}, overlap: 'skip', catchUpMs: 0, endAt: null },
      timing: { cron: '30 2 * * *', timeZone: 'UTC', everyMs: null, startAt: null },
    });
    const { timing, catchUpMs } = checkSchedule({
      name: 'a',
      machine: 'b',
      every: '5m',
      catchUp: '1h',
      startAt: '2026-01-01T00:00:00Z',
    });
    expect(timing).toEqual({ cron: null, timeZone: null, everyMs: 300_000, startAt: Date.UTC(2026, 0, 1) });
    expect(catchUpMs).toBe(3_600_000);
  });

  it.each(['@daily', '*/5 * * * *', '0 */5 * * * *', '0 9 * * MON-FRI', '0 0 L * *', '0 0 * * 1#2'])(
    'may have cron %s',
    (cron) => {
      expect(checkSchedule({ ...good, cron }).timing.cron).toBe(cron);
    },
  );

  it.each<[string, Partial<Record<keyof Schedule, unknown>>]>([
    ['name', { name: 'a b' }],
    ['name', { name: 'x'.repeat(101) }],
    ['machine', { machine: '' }],
    ['version', { version: 0 }],
    ['cron', { cron: undefined }],
    ['cron', { cron: '' }],
    ['cron', { cron: '* * *' }],
    ['cron', { cron: '61 * * * *' }],
    ['cron', { cron: 'H * * * *' }],
    ['cron', { cron: '0 0 31 2 *' }],
    ['every', { every: '5m' }],
    ['every', { cron: undefined, every: 999 }],
    ['every', { cron: undefined, every: '367d' }],
    ['every', { cron: undefined, every: 'often' }],
    ['timeZone', { cron: undefined, every: '5m', timeZone: 'UTC' }],
    ['timeZone', { timeZone: 'Berlin' }],
    ['overlap', { overlap: 'never' }],
    ['catchUp', { catchUp: -1 }],
    ['startAt', { startAt: '2026-01-01' }],
    ['endAt', { startAt: '2026-01-02T00:00:00Z', endAt: '2026-01-01T00:00:00Z' }],
    ['tags', { tags: { schedule: 'mine' } }],
    ['tags', { tags: ['a'] }],
  ])('is refused for its %s: %j', (field, change) => {
    expect(() => checkSchedule({ ...good, ...change } as Schedule)).toThrow(
      expect.objectContaining({ code: 'INVALID_SCHEDULE', field }),
    );
  });
});
