import { Injectable } from '@nestjs/common';
import { UnrecoverableError } from '@stile/machine';

export type Service = 'flight' | 'hotel' | 'car';

/**
 * Stands in for the systems of airline, hotel and car rental. As every such system should, it takes a reference from its caller: booking
 * under the same one again is the same booking, and cancelling what was never booked does nothing.
 */
@Injectable()
export class Bookings {
  /** What is booked, by reference. */
  readonly booked = new Map<string, string>();

  book(service: Service, reference: string, wish: string | undefined): string {
    if (wish === 'sold out') throw new UnrecoverableError(`no ${service} is left`);
    const number = this.booked.get(reference) ?? `${service}-${this.booked.size + 1}`;
    this.booked.set(reference, number);
    return number;
  }

  cancel(reference: string): void {
    this.booked.delete(reference);
  }
}
