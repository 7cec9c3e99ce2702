import fc from 'fast-check';
import { HISTORY_OUTCOMES, type HistoryItem } from '../core/model';
import { lengthen, shorten } from './history-item';

const ITEM: HistoryItem = {
  ...{ steps: 3, retries: 0, fence: 4, from: 'reserve', event: 'reserved', to: 'charge', outcome: 'committed', error: null },
  ...{ startedAt: '2026-01-02T03:04:05.678Z', durationMs: 1.25, worker: 'pod-7.1' },
};
const stored = (item: object): unknown => JSON.parse(JSON.stringify(item));

it('a committed item takes less than half of its JSON', () => {
  const [short, long] = [JSON.stringify(shorten(ITEM)), JSON.stringify(ITEM)];
  expect(short).toBe('{"i":[3,0,4,"reserve","reserved","charge",1767323045678,1.25,"pod-7.1"]}');
  expect(short.length).toBeLessThan(long.length / 2);
});

it('comes back as it was, whatever it is', () => {
  const name = fc.string({ maxLength: 8 });
  const items = fc.record(
    {
      ...{ steps: fc.nat(), retries: fc.nat(), fence: fc.nat(), from: name, event: name, to: name },
      outcome: fc.constantFrom(...HISTORY_OUTCOMES),
      error: fc.option(fc.record({ code: name, message: name }), { nil: null }),
      startedAt: fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(8.64e15) }).map((date) => date.toISOString()),
      ...{ durationMs: fc.double({ min: 0, max: 1e9, noNaN: true }), worker: name, by: name, why: name },
    },
    {
      requiredKeys: ['steps', 'retries', 'fence', 'from', 'event', 'to', 'outcome', 'error', 'startedAt', 'durationMs', 'worker'],
    },
  );
  fc.assert(
    fc.property(items, (item) => {
      expect(lengthen(stored(shorten(item)) as object)).toEqual(stored(item));
    }),
  );
});

it.each(['yesterday', '2026-01-02', '2026-01-02T03:04:05Z'])(
  'a time that would not come back is kept as it is: %s',
  (startedAt) => {
    expect(shorten({ ...ITEM, startedAt })).toEqual({ ...ITEM, startedAt });
  },
);

it('leaves alone what was never shortened', () => {
  expect(lengthen(ITEM)).toBe(ITEM);
  expect(lengthen({ i: 1 })).toEqual({ i: 1 });
});
