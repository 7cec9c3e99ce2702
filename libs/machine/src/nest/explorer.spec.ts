import { Injectable, Module, Scope } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { DefinitionError } from '../core/errors';
import type { Context, Step } from '../core/step';
import { Action, OnEntry, OnExit, OnTransition, State, StateMachine } from './decorators';
import { MachineExplorer } from './explorer';
import { MachineModule } from './machine.module';
import { MachineRegistry } from './registry';

interface Order {
  receipt: string;
}

@Injectable()
class Payments {
  charge(): string {
    return 'receipt';
  }
}

@StateMachine({ name: 'order', version: 2, maxRetries: 7, queue: 'orders', retention: '2d' })
class OrderMachine {
  constructor(private readonly payments: Payments) {}

  @State({
    initial: true,
    on: { charged: 'done', again: { target: 'charge', local: true } },
    retry: { baseMs: 5 },
    onExhausted: 'charged',
  })
  charge(context: Order): string {
    context.receipt = this.payments.charge();
    return 'charged';
  }

  @State({ name: 'done', final: true })
  finish(): void {}

  @OnEntry('charge')
  enter(context: Context): void {
    context.entered = true;
  }

  @OnExit('charge')
  leave(): void {}

  @OnTransition('charge', 'charged')
  pass(): void {}
}

@Action('count.up')
class CountUp {
  execute(context: Context): string {
    context.count = 1;
    return 'counted';
  }
}

const NO_STEP = {} as Step;

async function explore(...providers: unknown[]): Promise<MachineRegistry> {
  const module = await Test.createTestingModule({
    imports: [DiscoveryModule],
    providers: [...(providers as []), MachineRegistry, MachineExplorer],
  }).compile();
  module.get(MachineExplorer).explore();
  return module.get(MachineRegistry);
}

async function problemsOf(...providers: unknown[]): Promise<readonly string[]> {
  try {
    (await explore(...providers)).bind();
  } catch (error) {
    expect(error).toBeInstanceOf(DefinitionError);
    return (error as DefinitionError).problems.map(({ rule, where, message }) => `${rule}: ${where ?? ''}: ${message}`);
  }
  return [];
}

describe('decorated classes', () => {
  it('become definitions, with hooks where they belong', async () => {
    const registry = await explore(Payments, OrderMachine);
    expect(registry.bind()).toEqual([]);
    const { definition } = registry.find('order', 2)!;
    expect({ ...definition, states: undefined }).toEqual({
      name: 'order',
      version: 2,
      maxRetries: 7,
      queue: 'orders',
      retentionMs: 2 * 24 * 3600 * 1000,
      initial: 'charge',
      states: undefined,
    });
    expect({ ...definition.states.charge, transitions: { ...definition.states.charge?.transitions } }).toEqual({
      name: 'charge',
      final: false,
      doAction: 'charge',
      entryAction: 'charge.entry',
      exitAction: 'charge.exit',
      transitions: {
        charged: { event: 'charged', target: 'done', action: 'charge.on.charged', local: false },
        again: { event: 'again', target: 'charge', local: true },
      },
      retry: { baseMs: 5 },
      onExhausted: 'charged',
    });
    expect(Object.keys(definition.states)).toEqual(['charge', 'done']);
  });

  it('run with what was injected into them', async () => {
    const registry = await explore(Payments, OrderMachine);
    registry.bind();
    const { actions } = registry.find('order', 2)!;
    const context: Context = {};
    expect(await actions.get('charge')!(context, NO_STEP)).toBe('charged');
    await actions.get('charge.entry')!(context, NO_STEP);
    expect(context).toEqual({ receipt: 'receipt', entered: true });
  });

  it('have the states of the class they extend, and may override them', async () => {
    @StateMachine({ name: 'special' })
    class Special extends OrderMachine {
      @State({ initial: true, on: { skipped: 'done', charged: 'done' } })
      override charge(): string {
        return 'skipped';
      }
    }
    const registry = await explore(Payments, Special);
    registry.bind();
    const { definition, actions } = registry.find('special', 1)!;
    expect(Object.keys(definition.states.charge!.transitions)).toEqual(['skipped', 'charged']);
    expect(await actions.get('charge')!({}, NO_STEP)).toBe('skipped');
    expect(registry.all()).toHaveLength(1);
  });
});

describe('what is wrong is told all at once', () => {
  it('in one class', async () => {
    @StateMachine({ name: 'broken', retention: 'soon' })
    class Broken {
      @State({ on: { go: 'nowhere' } })
      a(): void {}
      @State({ name: 'a', final: true })
      b(): void {}
      @OnEntry('c')
      c(): void {}
      @OnTransition('a', 'leave')
      d(): void {}
      @OnExit('a')
      e(): void {}
      @OnExit('a')
      f(): void {}
    }
    const rules = (await problemsOf(Broken)).map((line) => line.split(':')[0]);
    for (const rule of ['duplicate-state', 'missing-state', 'missing-event', 'duplicate-hook', 'bad-number', 'no-initial']) {
      expect(rules).toContain(rule);
    }
  });

  it('in what waits and ends late, in the words of the decorators', async () => {
    @StateMachine({ name: 'late', deadline: 'soon', onCancel: 'c', inboxLimit: 0, ...{ retires: 3 } })
    class Late {
      @State({ initial: true, on: { go: 'b', note: {} }, after: { '1m': 'go', '60s': 'go', '5': 'go' }, timeout: 'long' })
      a(): void {}
      @State({ on: { go: 'a', out: 'end' }, events: { go: 'ignore' }, retry: { baseMs: 1, ...{ bas: 1 } } })
      b(): void {}
      @State({ final: true })
      end(): void {}
    }
    const rules = (await problemsOf(Late)).map((line) => line.split(':')[0]).sort();
    const reading = ['unknown-key', 'unknown-key', 'bad-number', 'bad-number', 'bad-number'];
    const judging = ['bad-number', 'missing-target', 'duplicate-timer', 'empty', 'policy-with-transition'];
    expect(rules).toEqual([...reading, ...judging].sort());
  });

  it('over several: an action registered twice names both owners, one without execute, one request-scoped', async () => {
    @Action('count.up')
    class OtherUp extends CountUp {}
    class Empty {}
    Action('empty')(Empty as never); // TypeScript would refuse it; plain JavaScript does not
    @Action('scoped')
    class Scoped extends CountUp {}
    Injectable({ scope: Scope.REQUEST })(Scoped);
    const problems = await problemsOf(CountUp, OtherUp, Empty, Scoped);
    expect(problems).toHaveLength(3);
    expect(problems.join('\n')).toMatch(/class CountUp and class OtherUp/);
    expect(problems.join('\n')).toMatch(/no-execute: class Empty/);
    expect(problems.join('\n')).toMatch(/request-scoped: class Scoped/);
  });
});

describe('MachineModule.forFeature', () => {
  it('brings machines of its module', async () => {
    const source = {
      origin: 'test',
      actions: new Map(),
      definition: {
        name: 'feature',
        version: 1,
        maxRetries: 0,
        queue: 'machines',
        initial: 'only',
        states: { only: { name: 'only', final: true, transitions: {}, doAction: 'count.up' } },
      },
    };
    @Module({ imports: [MachineModule.forFeature({ machines: [source] })], providers: [CountUp] })
    class Feature {}
    const module = await Test.createTestingModule({
      imports: [DiscoveryModule, Feature],
      providers: [MachineRegistry, MachineExplorer],
    }).compile();
    module.get(MachineExplorer).explore();
    const registry = module.get(MachineRegistry);
    registry.bind();
    expect(registry.find('feature', 1)?.actions.has('count.up')).toBe(true);
  });
});
