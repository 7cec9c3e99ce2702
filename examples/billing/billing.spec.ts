import { TestKit } from '@stile/machine/testing';
import { billing, invoice, type Customer } from './billing.machine';

const customers = (count: number, without: number[] = []): Customer[] =>
  Array.from({ length: count }, (_, i) => ({ name: `c${i}`, ...(without.includes(i) ? {} : { address: `${i} High Street` }) }));

describe('billing', () => {
  it('bills everybody, and says who could not be', async () => {
    const kit = await TestKit.create({ machines: [billing, invoice] });
    const run = await kit.start('billing', { customers: customers(25, [3, 17]) });
    await kit.run();
    expect([run.status, run.state]).toEqual(['completed', 'reported']);
    expect([run.context.billed, run.context.failed]).toEqual([
      23,
      [
        { name: 'c3', why: 'c3 has no address' },
        { name: 'c17', why: 'c17 has no address' },
      ],
    ]);
  });

  it('has no more invoices in the making than it may', async () => {
    const kit = await TestKit.create({ machines: [billing, invoice] });
    kit.failAction('write', { times: 100 }); // each waits for its next attempt
    const run = await kit.start('billing', { customers: customers(5), limit: 2 });
    await kit.run();
    expect((await kit.children(run)).map(({ status }) => status)).toEqual(['delayed', 'delayed']);
    await kit.until(run, 'completed', '1d');
    expect([run.context.billed, run.context.failed.length]).toEqual([0, 5]);
  });

  it('stops, and cancels the rest, where more fail than it bears', async () => {
    const kit = await TestKit.create({ machines: [billing, invoice] });
    const run = await kit.start('billing', { customers: customers(6, [0, 1]), limit: 1, tolerate: 1 });
    await kit.run();
    expect([run.state, run.context.billed, run.context.failed.length]).toEqual(['stopped', 0, 2]);
    expect(await kit.children(run)).toHaveLength(2); // the other four were not begun
  });

  it('makes each invoice once where a worker dies while it starts them', async () => {
    const kit = await TestKit.create({ machines: [billing, invoice] });
    kit.killAt('after start');
    kit.killAt('before started', { times: 2 });
    const run = await kit.start('billing', { customers: customers(12) });
    await kit.until(run, 'completed');
    const made = (await kit.children(run)).map(({ context }) => context.number as string);
    expect([run.context.billed, new Set(made).size, kit.unusedFaults]).toEqual([12, 12, []]);
  });
});
