import { defineMachine, UnrecoverableError, type JoinResult, type Step } from '@stile/machine';

export interface Billing {
  /** Who is to be billed, 1 to 20,000 of them. */
  customers: Customer[];
  /** Invoices that are made at the same time. @default 10 */
  limit?: number;
  /** Invoices that may fail; one more stops the run. @default all of them */
  tolerate?: number;
  billed?: number;
  /** Customers whose invoice could not be made, and why. */
  failed?: { name: string; why: string }[];
}

export interface Customer {
  name: string;
  /** Without an address there is no invoice. */
  address?: string;
}

/** Bills all customers: a child machine makes each invoice, and the run goes on when all have ended. */
export const billing = defineMachine({
  name: 'billing',
  initial: 'invoices',
  states: {
    invoices: {
      do: ({ customers, limit = 10, tolerate }: Billing, step) => {
        const options = { group: 'invoices', limit, tolerate: tolerate ?? ('any' as const) };
        step.startAll('invoice', customers, { ...options, event: 'joined', failed: 'tooMany' });
      },
      on: { joined: { target: 'reported', action: summarize }, tooMany: { target: 'stopped', action: summarize } },
    },
    reported: { final: true },
    stopped: { final: true },
  },
});

/** One invoice. Its last context is its result. */
export const invoice = defineMachine({
  name: 'invoice',
  initial: 'write',
  states: {
    write: {
      do: (customer: Customer & { number?: string }, step) => {
        if (!customer.address) throw new UnrecoverableError(`${customer.name} has no address`);
        customer.number = `invoice-${step.correlationId}`;
        return 'written';
      },
      on: { written: 'done' },
    },
    done: { final: true },
  },
});

/** The names stay in the order of the list. `results` is null where it is more than 256 KB: the group can then be asked for. */
async function summarize(context: Billing, step: Step) {
  const { group, completed, results } = step.event.data as unknown as JoinResult;
  context.billed = completed;
  context.failed = (results ?? (await step.results(group)))
    .filter(({ outcome }) => outcome === 'failed')
    .map(({ index, error }) => ({ name: context.customers[index]?.name ?? '', why: error?.message ?? '' }));
}
