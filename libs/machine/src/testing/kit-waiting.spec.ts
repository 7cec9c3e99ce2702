import { defineMachine } from '../core/define-machine';
import { CallbackGoneError, EventRejectedError, MachineEndedError, UndeclaredEventError } from '../core/errors';
import type { Context, Step } from '../core/step';
import { TestKit } from './index';

const MINUTE = 60_000;
const START = Date.parse('2024-01-01T00:00:00Z');

/** Waits for `paid`, is reminded once a minute has passed, expires after three. */
function bill(extra: object = {}) {
  return defineMachine({
    name: 'bill',
    initial: 'open',
    ...extra,
    states: {
      open: {
        do: () => {},
        on: {
          paid: { target: 'closed', action: (context: Context, step: Step) => void (context.paid = step.event.data) },
          remind: { action: (context: Context) => void (context.reminded = ((context.reminded as number) ?? 0) + 1) },
          expire: 'expired',
        },
        after: { '1m': 'remind', '3m': 'expire' },
        events: { shipped: 'reject', noise: 'ignore' },
      },
      closed: { do: () => {}, on: { shipped: 'done', noise: 'done' } },
      expired: { final: true },
      done: { final: true },
    },
  });
}

describe('TestKit: events', () => {
  it('gives a machine what it waits for, with its data, when the kit runs', async () => {
    const kit = await TestKit.create({ machines: [bill()] });
    const machine = await kit.start('bill');
    await kit.run();
    expect(machine.status).toBe('waiting');
    expect(await machine.send('paid', { amount: 3 })).toEqual({ outcome: 'taken' });
    expect(machine.state).toBe('open');
    await kit.run();
    expect([machine.state, machine.context]).toEqual(['closed', { paid: { amount: 3 } }]);
  });

  it('keeps what comes early, drops what is repeated, and follows the policies of the state', async () => {
    const kit = await TestKit.create({ machines: [bill()] });
    const machine = await kit.start('bill');
    expect(await kit.send(machine, { event: 'paid', dedupeId: 'p-1' })).toEqual({ outcome: 'kept' });
    expect(await kit.send(machine.correlationId, { event: 'paid', dedupeId: 'p-1' })).toEqual({ outcome: 'duplicate' });
    expect(await kit.events.inbox(machine.correlationId)).toMatchObject([{ event: 'paid', data: null }]);
    await expect(machine.send('nothing')).rejects.toBeInstanceOf(UndeclaredEventError);
    const other = await kit.start('bill');
    await kit.run();
    expect(machine.state).toBe('closed');
    expect(await other.send('noise')).toEqual({ outcome: 'ignored' });
    await expect(other.send('shipped')).rejects.toBeInstanceOf(EventRejectedError);
    await machine.send('shipped');
    await kit.run();
    expect(machine.status).toBe('completed');
    await expect(machine.send('shipped')).rejects.toBeInstanceOf(MachineEndedError);
  });
});

describe('TestKit: timers', () => {
  it('fires them at their exact time, an internal transition leaving the others as they are', async () => {
    const kit = await TestKit.create({ machines: [bill()] });
    const machine = await kit.start('bill');
    await kit.skip(MINUTE - 1);
    expect(machine.context).toEqual({});
    await kit.skip(1);
    expect([machine.context, machine.status]).toEqual([{ reminded: 1 }, 'waiting']);
    await kit.skip(2 * MINUTE - 1);
    expect(machine.state).toBe('open');
    await kit.skip(1);
    expect([machine.state, machine.status, machine.context]).toEqual(['expired', 'completed', { reminded: 1 }]);
    expect(machine.history.map(({ event, startedAt }) => [event, Date.parse(startedAt) - START])).toEqual([
      ['pseudo_init', 0],
      ['remind', MINUTE],
      ['expire', 3 * MINUTE],
    ]);
  });

  it('cancels them when the state is left', async () => {
    const kit = await TestKit.create({ machines: [bill()] });
    const machine = await kit.start('bill');
    await kit.run();
    await machine.send('paid');
    await kit.skip('1h');
    expect([machine.state, machine.status, machine.all.timers]).toEqual(['closed', 'waiting', []]);
  });

  it('ends a machine at its deadline, by failure or by an event', async () => {
    const failing = await TestKit.create({ machines: [bill({ deadline: '2m' })] });
    const late = await failing.start('bill');
    await failing.skip(2 * MINUTE - 1);
    expect(late.status).toBe('waiting');
    await failing.skip(1);
    expect([late.status, late.error?.code]).toEqual(['failed', 'DEADLINE']);

    const telling = await TestKit.create({ machines: [bill({ deadline: { after: '2m', event: 'expire' } })] });
    const told = await telling.start('bill');
    await telling.skip(2 * MINUTE);
    expect([told.state, telling.now - START]).toEqual(['expired', 2 * MINUTE]);
  });

  it('ends an attempt at the time-out of its state, and aborts its signal', async () => {
    let reason: unknown;
    const slow = defineMachine({
      name: 'slow',
      initial: 'only',
      states: {
        only: {
          do: (_context, step) =>
            new Promise<void>((_resolve, reject) => {
              step.signal.addEventListener('abort', () => reject((reason = step.signal.reason) as Error));
            }),
          timeout: '10s',
          retry: { maxRetries: 0 },
          final: true,
        },
      },
    });
    const kit = await TestKit.create({ machines: [slow], patienceMs: 20 });
    const machine = await kit.start('slow');
    await kit.skip('9999ms');
    expect(machine.status).toBe('running');
    await kit.skip(1);
    expect([machine.status, machine.error?.code, (reason as { code: string }).code]).toEqual(['failed', 'TIMEOUT', 'TIMEOUT']);
  });
});

describe('TestKit: what attempts leave for the next', () => {
  const charged: string[] = [];
  const charge = defineMachine({
    name: 'charge',
    initial: 'charge',
    states: {
      charge: {
        do: async (context: Context, step) => {
          context.last = (await step.lastHeartbeat()) ?? null;
          context.receipt = await step.once('card', () => charged.push(step.idempotencyKey));
          await step.heartbeat({ charged: true });
          if (step.retries < 2) throw new Error('the line is dead');
          return 'paid';
        },
        on: { paid: 'done' },
      },
      done: { final: true },
    },
  });
  beforeEach(() => void (charged.length = 0));

  it('calls once what has answered once, and hands heartbeats on', async () => {
    const kit = await TestKit.create({ machines: [charge] });
    const machine = await kit.start('charge');
    await kit.until(machine, 'completed');
    expect([machine.context, charged.length]).toEqual([{ last: { charged: true }, receipt: 1 }, 1]);
  });

  it('calls twice, with one idempotency key, where the worker dies before the result is stored', async () => {
    const kit = await TestKit.create({ machines: [charge] });
    const machine = await kit.start('charge');
    kit.killAt('before note');
    await kit.until(machine, 'completed');
    expect(charged).toHaveLength(2);
    expect(new Set(charged).size).toBe(1);
    expect(kit.unusedFaults).toEqual([]);
  });
});

describe('TestKit: callbacks', () => {
  const tokens: string[] = [];
  const task = defineMachine({
    name: 'task',
    initial: 'out',
    states: {
      out: {
        do: async (_context, step) => void tokens.push(await step.callback({ expires: '10m', failed: 'broken' })),
        on: {
          made: { target: 'done', action: (context: Context, step: Step) => void (context.result = step.event.data) },
          broken: { target: 'lost', action: (context: Context, step: Step) => void (context.result = step.event.data) },
        },
      },
      done: { final: true },
      lost: { final: true },
    },
  });
  beforeEach(() => void (tokens.length = 0));
  const begin = async () => {
    const kit = await TestKit.create({ machines: [task] });
    const machine = await kit.start('task');
    await kit.run();
    return { kit, machine, token: tokens[0] as string };
  };

  it('completes a task by its token, once', async () => {
    const { kit, machine, token } = await begin();
    expect(await kit.events.complete(token, { event: 'made', data: 7 })).toEqual({
      correlationId: machine.correlationId,
      outcome: 'taken',
    });
    await expect(kit.events.complete(token, { event: 'made' })).rejects.toBeInstanceOf(CallbackGoneError);
    await kit.run();
    expect([machine.state, machine.context]).toEqual(['done', { result: 7 }]);
  });

  it('tells of a failed task by the event that its token was made with', async () => {
    const { kit, machine, token } = await begin();
    await kit.events.failTask(token, { code: 'NO_DISK', message: 'the disk is full' });
    await kit.run();
    expect([machine.state, machine.context]).toEqual(['lost', { result: { code: 'NO_DISK', message: 'the disk is full' } }]);
  });

  it('lets a token expire, unless a heartbeat comes', async () => {
    const { kit, machine, token } = await begin();
    await kit.skip('9m');
    const { expiresAt } = await kit.events.heartbeat(token, { percent: 50 });
    expect(Date.parse(expiresAt) - kit.now).toBe(10 * MINUTE);
    await kit.skip('10m');
    await expect(kit.events.complete(token, { event: 'made' })).rejects.toBeInstanceOf(CallbackGoneError);
    expect(machine.all.heartbeat).toEqual({ percent: 50 });
  });

  it('gives the same token to every attempt', async () => {
    const kit = await TestKit.create({ machines: [task] });
    const machine = await kit.start('task');
    kit.killAt('in action');
    await kit.until(machine, 'waiting');
    expect(tokens).toEqual([tokens[0], tokens[0]]);
  });
});
