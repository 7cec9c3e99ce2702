import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineMachine, OnEntry, OnExit, OnTransition, State, StateMachine, type Definition, type Step } from '..';
import * as builder from '../core/define-machine';
import { bindAll } from '../core/bind';
import { generatedName } from '../core/names';
import { loadYamlText } from '../loader/yaml-loader';
import * as yaml from '../loader/yaml-machine';
import { RETRY_KEYS } from '../loader/yaml-parts';
import * as decorators from './class-source';
import { sourceOfClass } from './class-source';
import { readStateMachine } from './metadata';

// What follows stands in docs/guide/definitions.md, letter by letter: so it compiles.
export const order = defineMachine({
  name: 'order',
  version: 2,
  maxRetries: 3,
  queue: 'orders',
  retention: '30d',
  initial: 'charge',
  states: {
    charge: {
      entry: 'audit.enter', // the name of an @Action class
      do: async (context: { amount: number; receipt?: string }, step) => {
        context.receipt = await charge(context.amount, step.idempotencyKey);
        return 'charged';
      },
      exit: (context, step) => step.log.info('left'),
      on: {
        charged: 'ship',
        refused: { target: 'closed', action: async (context) => void (context.refused = true), local: true },
      },
      onExhausted: 'refused',
    },
    ship: { do: 'parcel.send', on: { sent: 'closed' } },
    closed: { final: true },
  },
});
// End.

@StateMachine({ name: 'order', version: 2, maxRetries: 3, queue: 'orders', retention: '30d' })
export class Order {
  @State({
    initial: true,
    on: { charged: 'ship', refused: { target: 'closed', local: true } },
    onExhausted: 'refused',
  })
  async charge(context: { amount: number; receipt?: string }, step: Step) {
    context.receipt = await charge(context.amount, step.idempotencyKey);
    return 'charged';
  }

  @OnEntry('charge')
  enter() {}

  @OnExit('charge')
  leave(_context: object, step: Step) {
    step.log.info('left');
  }

  @OnTransition('charge', 'refused')
  async refuse(context: { refused?: boolean }) {
    context.refused = true;
  }

  @State({ on: { sent: 'closed' } })
  async ship() {
    return 'sent';
  }

  @State({ final: true })
  closed() {}
}
// End.

export const invoice = defineMachine({
  name: 'invoice',
  deadline: { after: '60d', event: 'written_off' },
  onCancel: 'undo',
  inboxLimit: 100,
  initial: 'open',
  states: {
    open: {
      do: 'invoice.mail', // returns nothing: the machine waits
      on: {
        paid: 'closed',
        remind: { action: 'invoice.remind' }, // no target: internal
        expired: 'undo',
        written_off: 'undo',
      },
      after: { '24h': 'remind', '30d': 'expired' },
      events: { refund: 'reject' },
      timeout: '10s',
    },
    undo: { do: 'invoice.undo', on: { refund: 'closed' }, events: { paid: 'defer', remind: 'ignore' } },
    closed: { final: true },
  },
});
// End.

@StateMachine({
  name: 'invoice',
  deadline: { after: '60d', event: 'written_off' },
  onCancel: 'undo',
  inboxLimit: 100,
})
export class Invoice {
  @State({
    initial: true,
    on: { paid: 'closed', remind: {}, expired: 'undo', written_off: 'undo' },
    after: { '24h': 'remind', '30d': 'expired' },
    events: { refund: 'reject' },
    timeout: '10s',
  })
  async open() {}

  @OnTransition('open', 'remind') // no target: internal
  async remind() {}

  @State({ on: { refund: 'closed' }, events: { paid: 'defer', remind: 'ignore' } })
  async undo() {}

  @State({ final: true })
  closed() {}
}
// End.

export const fetching = defineMachine({
  name: 'fetch',
  retry: { baseMs: 500, capMs: 30_000, jitter: 'full' },
  initial: 'get',
  states: {
    get: {
      do: 'http.get',
      on: { got: 'done', gave_up: 'done' },
      retry: { maxRetries: 8, factor: 3, jitter: 'none', retryable: ['ETIMEDOUT', 'ECONNRESET'] },
      onExhausted: 'gave_up',
    },
    done: { final: true },
  },
});
// End.

@StateMachine({ name: 'fetch', retry: { baseMs: 500, capMs: 30_000, jitter: 'full' } })
export class Fetching {
  @State({
    initial: true,
    on: { got: 'done', gave_up: 'done' },
    retry: { maxRetries: 8, factor: 3, jitter: 'none', retryable: ['ETIMEDOUT', 'ECONNRESET'] },
    onExhausted: 'gave_up',
  })
  async get() {
    return 'got';
  }

  @State({ final: true })
  done() {}
}
// End of what stands in the guide.

async function charge(amount: number, key: string): Promise<string> {
  return `${amount} ${key}`;
}

const guide = readFileSync(join(__dirname, '../../../../docs/guide/definitions.md'), 'utf8');
const blocks = (language: string) =>
  [...guide.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'))].map(([, code]) => code!);

function decorated(target: new () => object): Definition {
  const { source, problems } = sourceOfClass(new target(), readStateMachine(target)!);
  expect(problems).toEqual([]);
  return source.definition;
}

/** Where actions run, without their names: a registered class, a function and a method are called differently. */
function withoutActionNames(definition: Definition): unknown {
  return JSON.parse(
    JSON.stringify(definition, (key, value: unknown) =>
      /^(entryA|exitA|a)ction$/.test(key) ? 'some' : key === 'doAction' ? undefined : value,
    ),
  );
}

describe('the guide to definitions', () => {
  it('shows code that compiles, and no other', () => {
    const [, ...shown] = /letter by letter[^\n]*\n(.*)\n\/\/ End of/s.exec(readFileSync(__filename, 'utf8')) ?? [];
    expect(blocks('ts')).toEqual(shown[0]!.split(/\n\/\/ End\.\n\n/).map((code) => `${code}\n`));
  });

  it.each([
    ['order', order, Order],
    ['invoice', invoice, Invoice],
    ['fetch', fetching, Fetching],
  ] as const)('shows %s in three ways that come to the same', (name, built, target) => {
    const { sources, problems } = loadYamlText(blocks('yaml').join('---\n'), 'guide.yaml');
    expect(problems).toEqual([]);
    const source = sources.find(({ definition }) => definition.name === name)!;
    const actions = new Map(
      [...JSON.stringify(source.definition).matchAll(/[aA]ction":"([^"]+)"/g)].map(([, action]) => [action!, () => undefined]),
    );
    expect(bindAll([source], actions).problems).toEqual([]);
    const written = withoutActionNames(source.definition);
    expect(withoutActionNames(built.definition)).toEqual(written);
    expect(withoutActionNames(decorated(target))).toEqual(written);
  });

  it.each([
    ['YAML', [yaml.MACHINE_KEYS, yaml.STATE_KEYS, yaml.TRANSITION_KEYS, RETRY_KEYS], blocks('yaml').join('\n')],
    ['the builder', [builder.MACHINE_KEYS, builder.STATE_KEYS, builder.TRANSITION_KEYS], blocks('ts').join('\n')],
    ['decorators', [decorators.MACHINE_KEYS, decorators.STATE_KEYS, decorators.TRANSITION_KEYS], blocks('ts').join('\n')],
  ])('has every field of %s in an example and in a table', (_way, keys, examples) => {
    const tables = guide.split('\n').filter((line) => line.startsWith('|'));
    for (const key of keys.flat()) {
      expect(examples).toMatch(new RegExp(`\\b${key}:\\s`));
      expect(tables.join('\n')).toContain(`\`${key}\``);
    }
  });

  it('tells what functions are called', () => {
    for (const name of [generatedName.do('<state>'), generatedName.entry('<state>'), generatedName.on('<state>', '<event>')]) {
      expect(guide).toContain(`\`${name}\``);
    }
  });
});
