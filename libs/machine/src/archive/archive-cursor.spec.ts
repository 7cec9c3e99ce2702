import { InvalidFilterError } from '../core/listing';
import { comparePlaces, readCursor, writeCursor } from './archive-cursor';

const place = { correlationId: 'acme.order-1', created: 1_750_000_000_123 };

describe('a cursor of the archive', () => {
  it.each(['time', 'id'] as const)('of a list by %s comes back as it was written', (order) => {
    expect(readCursor(order, writeCursor(order, place))).toEqual(place);
  });

  it('is refused where it is of a list in the other order, of the store, or none', () => {
    const ofStore = Buffer.from('t1750000000123.order-1').toString('base64url');
    for (const text of [writeCursor('id', place), ofStore, 'no', '', '%']) {
      expect(() => readCursor('time', text)).toThrow(InvalidFilterError);
    }
  });
});

describe('places', () => {
  const all = [
    { correlationId: 'a', created: 2 },
    { correlationId: 'b', created: 2 },
    { correlationId: 'a', created: 1 },
  ];
  it('are by time with the newest first, and by falling id', () => {
    const sorted = [...all].sort((a, b) => comparePlaces('time', a, b));
    expect(sorted.map(({ correlationId: id, created }) => id + created)).toEqual(['b2', 'a2', 'a1']);
  });
  it('are by rising id, and for one id with the newest first', () => {
    const sorted = [...all].reverse().sort((a, b) => comparePlaces('id', a, b));
    expect(sorted.map(({ correlationId: id, created }) => id + created)).toEqual(['a2', 'a1', 'b2']);
  });
});
