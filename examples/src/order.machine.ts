import { Logger } from '@nestjs/common';
import { OnEntry, State, StateMachine, UnrecoverableError, type Step } from '@stile/machine';

interface Order {
  amount?: number;
  /** How many attempts of a state shall fail, for the demonstration; `"always"` never gets better. */
  fail?: Partial<Record<'reserve' | 'charge' | 'ship', number | 'always'>>;
  reservation?: string;
  receipt?: string;
  parcel?: string;
  /** Set when the order was called off. */
  calledOff?: string;
}

const retry = { baseMs: 50, capMs: 500 };

/** reserve → charge → ship → done. Whoever cannot pay gets nothing: charge → release → done. */
@StateMachine({ name: 'order', version: 1, maxRetries: 3 })
export class OrderMachine {
  private readonly log = new Logger('order');

  @State({ initial: true, retry, on: { reserved: 'charge' } })
  reserve(order: Order, step: Step) {
    stumble('reserve', order, step);
    order.reservation = `stock-${step.correlationId}`;
    return 'reserved';
  }

  @State({ retry, on: { charged: 'ship', refused: 'release' }, onExhausted: 'refused' })
  charge(order: Order, step: Step) {
    if ((order.amount ?? 1) <= 0) throw new UnrecoverableError(`cannot charge ${order.amount}`);
    stumble('charge', order, step);
    // The same key for every attempt of this step: a payment service that knows it charges once.
    order.receipt = step.idempotencyKey;
    return 'charged';
  }

  @State({ retry, on: { shipped: 'done' } })
  ship(order: Order, step: Step) {
    stumble('ship', order, step);
    order.parcel = `parcel-${step.fence}`;
    return 'shipped';
  }

  /** Gives back what `reserve` took. */
  @State({ retry, on: { released: 'done' } })
  release(order: Order) {
    delete order.reservation;
    order.calledOff = 'payment refused';
    return 'released';
  }

  @State({ final: true })
  done() {}

  @OnEntry('done')
  report(order: Order, step: Step) {
    this.log.debug(`${step.correlationId}: ${order.calledOff ?? 'delivered'}`);
  }
}

function stumble(state: 'reserve' | 'charge' | 'ship', order: Order, { retries }: Step): void {
  const failures = order.fail?.[state] ?? 0;
  if (failures === 'always' || retries < failures) throw new Error(`${state} is out of order (attempt ${retries + 1})`);
}
