import { OnEntry, State, StateMachine, type Step } from '@stile/machine';
import { Bookings, type Service } from './bookings';

export interface Trip {
  /** What is wished for; `"sold out"` cannot be had, for the demonstration. */
  flight?: string;
  hotel?: string;
  car?: string;
  /** Numbers of what is booked. */
  numbers?: Partial<Record<Service, string>>;
  /** What has come of it. */
  outcome?: 'booked' | 'called off';
}

const retry = { maxRetries: 3, baseMs: 200, capMs: 5000 };
/** What was booked must be given back: never give up before a day of trying. */
const stubborn = { maxRetries: 1000, baseMs: 1000, capMs: 5 * 60_000 };

/**
 * A saga: flight, hotel and car are booked one after the other; where one cannot be had, what came before is given back in reverse.
 *
 * The way back begins with the booking that failed: it may have gone through, and only its answer got lost. So does the way back of a
 * trip that is cancelled from outside, wherever it is.
 */
@StateMachine({ name: 'trip', onCancel: 'cancelCar' })
export class TripMachine {
  constructor(private readonly bookings: Bookings) {}

  @State({ initial: true, retry, on: { booked: 'hotel', refused: 'cancelFlight' }, onExhausted: 'refused' })
  flight(trip: Trip, step: Step) {
    return this.book('flight', trip, step);
  }

  @State({ retry, on: { booked: 'car', refused: 'cancelHotel' }, onExhausted: 'refused' })
  hotel(trip: Trip, step: Step) {
    return this.book('hotel', trip, step);
  }

  @State({ retry, on: { booked: 'booked', refused: 'cancelCar' }, onExhausted: 'refused' })
  car(trip: Trip, step: Step) {
    return this.book('car', trip, step);
  }

  @State({ retry: stubborn, on: { cancelled: 'cancelHotel' } })
  cancelCar(trip: Trip, step: Step) {
    return this.cancel('car', trip, step);
  }

  @State({ retry: stubborn, on: { cancelled: 'cancelFlight' } })
  cancelHotel(trip: Trip, step: Step) {
    return this.cancel('hotel', trip, step);
  }

  @State({ retry: stubborn, on: { cancelled: 'calledOff' } })
  cancelFlight(trip: Trip, step: Step) {
    return this.cancel('flight', trip, step);
  }

  @State({ final: true })
  booked() {}

  @State({ final: true })
  calledOff() {}

  @OnEntry('booked')
  succeed(trip: Trip) {
    trip.outcome = 'booked';
  }

  @OnEntry('calledOff')
  giveUp(trip: Trip) {
    trip.outcome = 'called off';
  }

  private book(service: Service, trip: Trip, step: Step) {
    const number = this.bookings.book(service, reference(service, step), trip[service]);
    trip.numbers = { ...trip.numbers, [service]: number };
    return 'booked';
  }

  private cancel(service: Service, trip: Trip, step: Step) {
    this.bookings.cancel(reference(service, step));
    if (trip.numbers) delete trip.numbers[service];
    return 'cancelled';
  }
}

/**
 * Made from what is known before anything is booked: the step that gives back must find what a step has booked whose answer, and with it
 * all that it wrote to the context, was lost. `step.idempotencyKey` would differ between the two.
 */
function reference(service: Service, step: Step): string {
  return `${step.runId}/${service}`;
}
