import { TestKit } from '@stile/machine/testing';
import { Bookings } from './bookings';
import { TripMachine } from './trip.machine';

async function setUp() {
  const bookings = new Bookings();
  return { bookings, kit: await TestKit.create({ machines: [new TripMachine(bookings)] }) };
}

describe('trip', () => {
  it('books flight, hotel and car', async () => {
    const { kit, bookings } = await setUp();
    const trip = await kit.start('trip', { flight: 'BER-LIS' });
    await kit.run();
    expect(trip.committed()).toEqual(['flight', 'hotel', 'car', 'booked']);
    expect(trip.context).toMatchObject({ outcome: 'booked', numbers: { flight: 'flight-1', hotel: 'hotel-2', car: 'car-3' } });
    expect(bookings.booked.size).toBe(3);
  });

  it.each([
    ['flight', ['flight', 'cancelFlight', 'calledOff']],
    ['hotel', ['flight', 'hotel', 'cancelHotel', 'cancelFlight', 'calledOff']],
    ['car', ['flight', 'hotel', 'car', 'cancelCar', 'cancelHotel', 'cancelFlight', 'calledOff']],
  ])('gives all back in reverse where the %s is sold out', async (service, states) => {
    const { kit, bookings } = await setUp();
    const trip = await kit.start('trip', { [service]: 'sold out' });
    await kit.run();
    expect(trip.committed()).toEqual(states);
    expect([trip.context.outcome, trip.context.numbers ?? {}]).toEqual(['called off', {}]);
    expect([...bookings.booked]).toEqual([]);
  });

  it('gives back what was booked by an attempt whose answer was lost', async () => {
    const bookings = new Bookings();
    const book = bookings.book.bind(bookings);
    bookings.book = (service, ...rest) => {
      const number = book(service, ...rest);
      if (service === 'car') throw new Error('the connection was reset');
      return number;
    };
    const kit = await TestKit.create({ machines: [new TripMachine(bookings)] });
    const trip = await kit.start('trip');
    await kit.until(trip, 'completed');
    expect([trip.state, bookings.booked.size]).toEqual(['calledOff', 0]);
  });

  it('books once where the worker dies after booking', async () => {
    const { kit, bookings } = await setUp();
    const trip = await kit.start('trip');
    kit.killAt('in action', { steps: 1 });
    await kit.until(trip, 'completed');
    expect([trip.state, bookings.booked.size, kit.unusedFaults]).toEqual(['booked', 3, []]);
  });

  it('books once, whatever fails, dies or comes twice', async () => {
    const { kit, bookings } = await setUp();
    const trip = await kit.start('trip');
    kit.failAction('hotel', { retries: [0, 1], times: 2 });
    kit.killAt('in action', { steps: 0 });
    kit.deliverTwice({ steps: 0 });
    await kit.until(trip, 'completed', '5m');
    expect([trip.state, bookings.booked.size, kit.unusedFaults]).toEqual(['booked', 3, []]);
  });

  it('tries a cancellation again until it succeeds', async () => {
    const { kit, bookings } = await setUp();
    kit.failAction('cancelHotel', { times: 20 });
    const trip = await kit.start('trip', { car: 'sold out' });
    await kit.until(trip, 'completed', '1d');
    expect([trip.state, bookings.booked.size, kit.unusedFaults]).toEqual(['calledOff', 0, []]);
  });

  it('gives back what is booked when it is cancelled', async () => {
    const { kit, bookings } = await setUp();
    kit.failAction('car'); // the trip waits for its next attempt
    const trip = await kit.start('trip');
    await kit.run();
    expect([trip.status, bookings.booked.size]).toEqual(['delayed', 2]);
    await kit.steering.cancel(trip.correlationId, { by: 'ada' });
    await kit.run();
    expect([trip.status, trip.state, bookings.booked.size]).toEqual(['cancelled', 'calledOff', 0]);
  });
});
