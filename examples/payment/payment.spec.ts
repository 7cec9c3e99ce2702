import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TestKit } from '@stile/machine/testing';
import { BookPayment, ExpirePayment, RemindOfPayment, RequestPayment } from './payment.actions';

const HOUR = 3_600_000;

async function setUp() {
  const yaml = readFileSync(join(__dirname, 'payment.yaml'), 'utf8');
  const actions = [new RequestPayment(), new RemindOfPayment(), new BookPayment(), new ExpirePayment()];
  const kit = await TestKit.create({ machines: [yaml, ...actions] });
  const payment = await kit.start('payment', { amount: 30 });
  await kit.run();
  return { kit, payment };
}

describe('payment', () => {
  it('waits for its money, and books it', async () => {
    const { kit, payment } = await setUp();
    expect([payment.status, payment.context]).toEqual(['waiting', { amount: 30, letters: ['please pay 30'] }]);
    await payment.send('paid', { receipt: 'r-1' }, { dedupeId: 'bank-817' });
    expect(await payment.send('paid', { receipt: 'r-1' }, { dedupeId: 'bank-817' })).toEqual({ outcome: 'duplicate' });
    await kit.run();
    expect([payment.state, payment.context.receipt]).toEqual(['paid', 'r-1']);
  });

  it('reminds once after a day, and expires two days later', async () => {
    const { kit, payment } = await setUp();
    await kit.skip(24 * HOUR - 1);
    expect(payment.context.letters).toHaveLength(1);
    await kit.skip(1);
    expect(payment.context.letters).toEqual(['please pay 30', '30 is still open']);
    await kit.skip(48 * HOUR - 1);
    expect(payment.status).toBe('waiting');
    await kit.skip(1);
    expect([payment.status, payment.state, payment.context.letters]).toEqual([
      'completed',
      'expired',
      ['please pay 30', '30 is still open', 'too late'],
    ]);
  });

  it('takes money after the reminder, and its last timer is gone then', async () => {
    const { kit, payment } = await setUp();
    await kit.skip('30h');
    await payment.send('paid', { receipt: 'r-2' });
    await kit.skip('72h');
    expect([payment.state, payment.committed()]).toEqual(['paid', ['open', 'open', 'paid']]);
  });

  it('still expires at 72 hours where the reminder fails and is tried again', async () => {
    const { kit, payment } = await setUp();
    kit.failAction('payment.remind', { times: 2 });
    await kit.skip(72 * HOUR - 1);
    expect([payment.status, payment.context.letters]).toEqual(['waiting', ['please pay 30', '30 is still open']]);
    await kit.skip(1);
    expect([payment.state, kit.unusedFaults]).toEqual(['expired', []]);
  });
});
