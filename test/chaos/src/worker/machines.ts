import { setTimeout as sleep } from 'node:timers/promises';
import { defineMachine, type MachineSource } from '@stile/machine';
import type { Recorder } from './recorder';

const retry = { baseMs: 10, capMs: 100, maxRetries: 1000 } as const;

/** States whose `do` has an effect outside, by machine: each committed step of them must have had it. */
export const EFFECTS: Readonly<Record<string, readonly string[]>> = {
  order: ['reserve', 'charge', 'ship'],
  kid: ['play'],
  chain: ['one', 'two', 'three', 'four', 'five', 'six'],
  slow: ['work'],
  blocked: ['work'],
};

/** Those of them that `step.once` keeps for the next attempt. */
export const KEPT_EFFECTS: ReadonlySet<string> = new Set(['order/charge']);

/**
 * What the workers of a fault run run. Every kind of step, wait and message is in one of them.
 *
 * @param versions of the chain, from 1; of the others there is one
 */
export function chaosMachines(recorder: Recorder, versions: readonly number[] = [1]): readonly MachineSource[] {
  return [
    order(recorder),
    kid(recorder),
    mailbox(recorder),
    ...versions.map((version) => chain(recorder, version)),
    slow(recorder),
    blocked(recorder),
    poison(recorder),
    looper(recorder),
  ];
}

/**
 * All kinds of actions, a retry, a local transition, a delay, an event from outside, a child, a message and a timer.
 * Context: `{ledger: id of a mailbox, taken: []}`; takes one event `pay {id}`.
 */
function order(r: Recorder): MachineSource {
  return defineMachine({
    name: 'order',
    retry,
    initial: 'reserve',
    states: {
      reserve: {
        entry: r.action('entry', 'reserve.entry', () => undefined),
        do: r.action('do', 'reserve', async (_context, step) => {
          await r.effect(step);
          if (step.retries === 0 && step.correlationId.endsWith('7')) throw new Error('the first attempt of every tenth fails');
          return 'reserved' as const;
        }),
        exit: r.action('exit', 'reserve.exit', () => undefined),
        on: { reserved: { target: 'checked', action: r.action('transition', 'reserve.on.reserved', () => undefined) } },
      },
      checked: { do: r.action('do', 'checked', () => 'fine' as const), on: { fine: { target: 'charge', local: true } } },
      charge: {
        do: r.action('do', 'charge', async (_context, step) => {
          await step.once('charge', () => r.effect(step));
          step.delay(20);
          return 'charged' as const;
        }),
        on: { charged: 'unpaid' },
      },
      unpaid: { on: { pay: 'ship' } },
      ship: {
        do: r.action('do', 'ship', async (context, step) => {
          r.take(context, step);
          await r.effect(step);
          step.send(context.ledger as string, 'put', { id: step.correlationId });
          step.start('kid', { taken: [] }, { correlationId: `${step.correlationId}.kid`, event: 'kidDone' });
        }),
        on: { kidDone: 'cooling' },
      },
      cooling: { after: { '50ms': 'cold' }, on: { cold: 'shipped' } },
      shipped: { final: true, entry: r.action('entry', 'shipped.entry', () => undefined) },
    },
  });
}

function kid(r: Recorder): MachineSource {
  return defineMachine({
    name: 'kid',
    retry,
    initial: 'play',
    states: {
      play: {
        do: r.action('do', 'play', async (_context, step) => {
          await r.effect(step);
          return 'played' as const;
        }),
        on: { played: 'asleep' },
      },
      asleep: { final: true },
    },
  });
}

/** Takes `put {id}` until it is told to `close`. Context: `{taken: []}`. */
function mailbox(r: Recorder): MachineSource {
  return defineMachine({
    name: 'mailbox',
    retry,
    inboxLimit: 100_000,
    initial: 'open',
    states: {
      open: {
        on: {
          put: { target: 'open', action: r.action('transition', 'open.on.put', (context, step) => r.take(context, step)) },
          close: { target: 'closed', action: r.action('transition', 'open.on.close', (context, step) => r.take(context, step)) },
        },
      },
      closed: { final: true },
    },
  });
}

/** Five steps in a row, six from version 2 on, with an effect each: as much load as a run wants. */
function chain(r: Recorder, version: number): MachineSource {
  const step = <E extends string>(name: string, event: E) =>
    r.action('do', name, async (_context, step) => {
      await r.effect(step);
      return event;
    });
  return defineMachine({
    name: 'chain',
    version,
    retry,
    initial: 'one',
    states: {
      one: { do: step('one', 'next'), on: { next: 'two' } },
      two: { do: step('two', 'next'), on: { next: 'three' } },
      three: { do: step('three', 'next'), on: { next: 'four' } },
      four: { do: step('four', 'next'), on: { next: 'five' } },
      five: { do: step('five', 'next'), on: { next: version > 1 ? 'six' : 'end' } },
      ...(version > 1 ? { six: { do: step('six', 'next'), on: { next: 'end' } } } : {}),
      end: { final: true },
    },
  });
}

/** Context: `{ms: how long its step takes, laterMs: how long under later fences than the first (default ms), stubborn: it does not listen to its signal}`. */
function slow(r: Recorder): MachineSource {
  return defineMachine({
    name: 'slow',
    retry,
    initial: 'work',
    states: {
      work: {
        do: r.action('do', 'work', async (context, step) => {
          const ms = step.fence > 1 ? (context.laterMs ?? context.ms) : context.ms;
          await sleep(ms as number, undefined, context.stubborn ? {} : { signal: step.signal });
          await r.effect(step);
          return 'worked' as const;
        }),
        on: { worked: 'end' },
      },
      end: { final: true },
    },
  });
}

/** Context: `{ms: how long its first attempt keeps the event loop}`. */
function blocked(r: Recorder): MachineSource {
  return defineMachine({
    name: 'blocked',
    retry,
    initial: 'work',
    states: {
      work: {
        do: r.action('do', 'work', async (context, step) => {
          if (step.fence === 1) for (const end = performance.now() + (context.ms as number); performance.now() < end;);
          await r.effect(step);
          return 'worked' as const;
        }),
        on: { worked: 'end' },
      },
      end: { final: true },
    },
  });
}

/** Waits for `go`, runs a step, and waits again, for ever. */
function looper(r: Recorder): MachineSource {
  return defineMachine({
    name: 'looper',
    retry,
    initial: 'idle',
    states: {
      idle: { on: { go: 'spin' } },
      spin: { do: r.action('do', 'spin', () => 'spun' as const), on: { spun: 'idle' } },
    },
  });
}

/** Ends or hangs the process that runs it. Context: `{how: 'exit' | 'rejection' | 'loop'}`. */
function poison(r: Recorder): MachineSource {
  return defineMachine({
    name: 'poison',
    retry,
    initial: 'bite',
    states: {
      bite: {
        do: r.action('do', 'bite', async ({ how }) => {
          if (how === 'exit') process.exit(7);
          if (how === 'rejection') void Promise.reject(new Error('nobody handles this'));
          if (how === 'loop') for (;;);
          await sleep(60_000);
          return 'survived' as const;
        }),
        on: { survived: 'end' },
      },
      end: { final: true },
    },
  });
}
