import { Action, type ActionClass, type Step } from '@stile/machine';

export interface Payment {
  amount?: number;
  /** The text of each letter that went out. A real one would be sent under `step.idempotencyKey`. */
  letters?: string[];
  receipt?: string;
}

@Action('payment.request')
export class RequestPayment implements ActionClass {
  execute(payment: Payment) {
    payment.letters = [`please pay ${payment.amount ?? 0}`];
  }
}

@Action('payment.remind')
export class RemindOfPayment implements ActionClass {
  execute(payment: Payment) {
    payment.letters?.push(`${payment.amount ?? 0} is still open`);
  }
}

/** `data` of the event `paid` is `{ "receipt": "…" }`. */
@Action('payment.book')
export class BookPayment implements ActionClass {
  execute(payment: Payment, step: Step) {
    const { receipt } = (step.event.data ?? {}) as { receipt?: string };
    payment.receipt = receipt ?? 'none';
  }
}

@Action('payment.expire')
export class ExpirePayment implements ActionClass {
  execute(payment: Payment) {
    payment.letters?.push('too late');
  }
}
