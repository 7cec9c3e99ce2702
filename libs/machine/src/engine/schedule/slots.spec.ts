import fc from 'fast-check';
import type { ScheduleState, Timing } from '../../core/schedules-ports';
import { COUNTED_MISSED, nextDue, nextSlot } from './slots';

const at = (iso: string): number => Date.parse(iso);
const iso = (ms: number | undefined): string | undefined => (ms === undefined ? undefined : new Date(ms).toISOString());

function cron(expression: string, timeZone = 'UTC'): Timing {
  return { cron: expression, timeZone, everyMs: null, startAt: null };
}
function every(everyMs: number, startAt: number | null = null): Timing {
  return { cron: null, timeZone: null, everyMs, startAt };
}
function slots(timing: Timing, from: string, count: number, anchor = 0): (string | undefined)[] {
  const found: (string | undefined)[] = [];
  for (let last = at(from); found.length < count;) {
    const slot = nextSlot({ timing, anchor, endAt: null }, last);
    found.push(iso(slot));
    last = slot ?? Infinity;
  }
  return found;
}
function stateOf(timing: Timing, last: number, now: number, catchUpMs = 0, endAt: number | null = null): ScheduleState {
  const spec = {
    name: 's',
    machine: 'm',
    version: null,
    context: {},
    tags: {},
    timing,
    overlap: 'allow' as const,
    catchUpMs,
    endAt,
  };
  const counts = { started: 0, missed: 0, skipped: 0, failed: 0, waiting: 0 };
  const none = { lastSlot: null, lastCorrelationId: null, error: null, head: null };
  return { spec, rev: 1, stopped: false, anchor: 0, last, created: 0, updated: 0, now, ...counts, ...none };
}

/** What a keeper decides, one after the other, till nothing is due. */
function decideAll(state: ScheduleState): { started: number[]; missed: number; decisions: number } {
  const started: number[] = [];
  let [missed, decisions, last] = [0, 0, state.last];
  for (;;) {
    const due = nextDue({ ...state, last }, missed);
    if (!due) return { started, missed, decisions };
    expect(due.to).toBeGreaterThan(last);
    if (due.slot !== undefined) started.push(due.slot);
    missed += due.missed;
    last = due.to;
    decisions++;
  }
}

describe('slots of a cron', () => {
  it('run an hour later where the clocks leap over them in spring, once', () => {
    expect(slots(cron('30 2 * * *', 'Europe/Berlin'), '2026-03-27T12:00:00Z', 3)).toEqual([
      '2026-03-28T01:30:00.000Z', // 02:30 +01:00
      '2026-03-29T01:30:00.000Z', // 03:30 +02:00: there is no 02:30
      '2026-03-30T00:30:00.000Z', // 02:30 +02:00
    ]);
  });

  it('run the first time only where a local time comes twice in autumn', () => {
    expect(slots(cron('30 2 * * *', 'Europe/Berlin'), '2026-10-23T12:00:00Z', 3)).toEqual([
      '2026-10-24T00:30:00.000Z',
      '2026-10-25T00:30:00.000Z', // 02:30 +02:00, and not again at 02:30 +01:00
      '2026-10-26T01:30:00.000Z',
    ]);
  });

  it('of every half hour run in each half hour that there is, when clocks change too', () => {
    const autumn = slots(cron('*/30 * * * *', 'Europe/Berlin'), '2026-10-24T23:59:59Z', 6);
    expect(autumn).toEqual(['00:00', '00:30', '01:00', '01:30', '02:00', '02:30'].map((time) => `2026-10-25T${time}:00.000Z`));
    const spring = slots(cron('*/30 * * * *', 'Europe/Berlin'), '2026-03-29T00:00:00Z', 4);
    expect(spring).toEqual(['00:30', '01:00', '01:30', '02:00'].map((time) => `2026-03-29T${time}:00.000Z`));
  });

  it('are in UTC whatever the zone of this process', () => {
    expect(slots(cron('0 0 29 2 *'), '2026-01-01T00:00:00Z', 2)).toEqual([
      '2028-02-29T00:00:00.000Z',
      '2032-02-29T00:00:00.000Z',
    ]);
  });

  it('keep to its beginning and its end', () => {
    const timing = { ...cron('0 * * * *'), startAt: at('2026-01-01T03:00:00Z') };
    expect(slots(timing, '2026-01-01T00:00:00Z', 2)).toEqual(['2026-01-01T03:00:00.000Z', '2026-01-01T04:00:00.000Z']);
    const end = at('2026-01-01T04:00:00Z');
    expect(nextSlot({ timing, anchor: 0, endAt: end }, at('2026-01-01T03:00:00Z'))).toBe(end);
    expect(nextSlot({ timing, anchor: 0, endAt: end }, end)).toBeUndefined();
  });
});

describe('slots of an interval', () => {
  it('are counted from its beginning, which is one of them, or else from when it was put, which is none', () => {
    expect(nextSlot({ timing: every(300), anchor: 1000, endAt: null }, 1000)).toBe(1300);
    expect(nextSlot({ timing: every(300, 1000), anchor: 5, endAt: null }, 5)).toBe(1000);
    expect(nextSlot({ timing: every(300, 1000), anchor: 5000, endAt: null }, 5000)).toBe(5200);
  });
});

describe('after an outage', () => {
  const hour = 3_600_000;

  it.each([
    ['cron', cron('0 * * * *')],
    ['every', every(hour)],
  ])('the latest slot is started however late, and those before it are missed: %s', (_, timing) => {
    expect(decideAll(stateOf(timing, 0, 10 * hour + 5))).toMatchObject({ started: [10 * hour], missed: 9 });
    expect(decideAll(stateOf(timing, 9 * hour, 10.9 * hour))).toMatchObject({ started: [10 * hour], missed: 0 });
    expect(decideAll(stateOf(timing, 10 * hour, 10.9 * hour))).toMatchObject({ started: [], missed: 0 });
  });

  it.each([
    ['cron', cron('0 * * * *')],
    ['every', every(hour)],
  ])('slots within the window are started in order: %s', (_, timing) => {
    const { started, missed } = decideAll(stateOf(timing, 0, 10.5 * hour, 3 * hour));
    expect({ started, missed }).toEqual({ started: [8 * hour, 9 * hour, 10 * hour], missed: 7 });
  });

  it.each([
    ['cron', cron('0 * * * *')],
    ['every', every(hour)],
  ])('nothing after the end is started: %s', (_, timing) => {
    const { started, missed } = decideAll(stateOf(timing, 0, 100 * hour, 0, 4 * hour));
    expect({ started, missed }).toEqual({ started: [4 * hour], missed: 3 });
  });

  it('a cron of every second does not keep a worker busy after a month: it counts a thousand, and leaps', () => {
    const now = at('2026-06-01T12:00:00.500Z');
    const { started, missed, decisions } = decideAll(stateOf(cron('* * * * * *'), at('2026-05-01T00:00:00Z'), now));
    expect(started).toEqual([now - 500]);
    expect(missed).toBeGreaterThanOrEqual(COUNTED_MISSED);
    expect(missed).toBeLessThan(COUNTED_MISSED + 100);
    expect(decisions).toBeLessThan(10);
  });

  it('cron and interval decide alike, in whatever outage, with whatever window', () => {
    const minutes = fc.integer({ min: 0, max: 3000 });
    fc.assert(
      fc.property(minutes, minutes, minutes, fc.integer({ min: 0, max: 59_999 }), (last, out, window, ms) => {
        const now = (last + out) * 60_000 + ms;
        const byCron = decideAll(stateOf(cron('*/5 * * * *'), last * 60_000, now, window * 60_000));
        const byEvery = decideAll(stateOf(every(300_000), last * 60_000, now, window * 60_000));
        expect(byCron.started).toEqual(byEvery.started);
        expect(byCron.missed).toBe(byEvery.missed);
      }),
      { numRuns: 30 },
    );
  });
});
