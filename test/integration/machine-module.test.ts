import { Injectable, Logger, Module } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import {
  Action,
  CounterTotals,
  defineMachine,
  DefinitionError,
  MachineModule,
  Machines,
  OnTransition,
  State,
  StateMachine,
  StileRuntime,
  Workers,
  type MachineModuleOptions,
  type MachineView,
  type Step,
} from '@stile/machine';
import { Redis } from 'ioredis';
import { testRedisUrl, uniquePrefix, waitFor } from '../support/redis';

interface Order {
  amount: number;
  receipt?: string;
  seen?: string[];
}

@Injectable()
class Payments {
  charge(amount: number, key: string): string {
    return `${amount} for ${key}`;
  }
}

@StateMachine({ name: 'order', queue: 'orders' })
class OrderMachine {
  constructor(private readonly payments: Payments) {}

  @State({ initial: true, on: { charged: 'done' } })
  charge(order: Order, step: Step) {
    order.receipt = this.payments.charge(order.amount, step.correlationId);
    return 'charged';
  }

  @OnTransition('charge', 'charged')
  note(order: Order, step: Step) {
    order.seen = [`${step.from} -> ${step.to}`];
  }

  @State({ final: true })
  done() {}
}

@Action('count.up')
class CountUp {
  execute(context: { count?: number }): string {
    context.count = (context.count ?? 0) + 1;
    return context.count < 30 ? 'more' : 'enough';
  }
}

const counter = defineMachine({
  name: 'counter',
  initial: 'counting',
  states: { counting: { do: 'count.up', on: { more: 'counting', enough: 'end' } }, end: { final: true } },
});

@Module({ imports: [MachineModule.forFeature({ machines: [counter] })], providers: [OrderMachine, Payments, CountUp] })
class ShopModule {}

const apps: TestingModule[] = [];
let prefix: string;
beforeEach(() => {
  prefix = uniquePrefix('module');
});
afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.close()));
});

const options = (more: Partial<MachineModuleOptions> = {}): MachineModuleOptions => ({
  redis: { url: testRedisUrl() },
  prefix,
  ...more,
});

async function boot(...imports: Parameters<typeof Test.createTestingModule>[0]['imports'] & object): Promise<TestingModule> {
  const app = await Test.createTestingModule({ imports }).compile();
  await app.init();
  apps.push(app);
  return app;
}

function completed(machines: Machines, id: string): Promise<MachineView> {
  const over = async () => {
    const machine = await machines.get(id);
    return machine?.status === 'completed' ? machine : undefined;
  };
  return waitFor(over, { what: `the end of ${id}`, timeoutMs: 60_000 });
}

it('forRoot: decorated classes with injection, builders of features, and actions by name run in a Nest app', async () => {
  const app = await boot(MachineModule.forRoot(options({ worker: {} })), ShopModule);
  const machines = app.get(Machines);
  await machines.start({ machine: 'order', correlationId: 'o', context: { amount: 7 } });
  await machines.start({ machine: 'counter', correlationId: 'c' });
  expect(await completed(machines, 'o')).toMatchObject({ context: { receipt: '7 for o', seen: ['charge -> done'] } });
  expect(await completed(machines, 'c')).toMatchObject({ steps: 31, context: { count: 30 } });
  expect((await machines.definitions()).map(({ name }) => name)).toEqual(['counter', 'order']);
  const totals = await waitFor(
    async () => {
      const counts = await app.get(CounterTotals).totals();
      return counts.some(({ count }) => count === 'completed') ? counts : undefined;
    },
    { what: 'counts' },
  );
  expect(totals).toContainEqual({ count: 'completed', machine: 'order', state: 'done', event: 'charged', value: 1 });
});

it('forRootAsync: options from other providers; an app without a worker starts what the workers have published', async () => {
  @Module({ providers: [{ provide: 'REDIS', useFactory: testRedisUrl }], exports: ['REDIS'] })
  class Settings {}
  const worker = MachineModule.forRootAsync({
    imports: [Settings],
    inject: ['REDIS'],
    useFactory: (url: string) => options({ redis: { url }, worker: { queues: ['orders', 'machines'] } }),
  });
  await boot(worker, ShopModule);
  const client = await boot(MachineModule.forRoot(options()));
  await client.get(Machines).start({ machine: 'counter', correlationId: 'c' });
  expect(await completed(client.get(Machines), 'c')).toMatchObject({ context: { count: 30 } });
  expect(await client.get(Workers).list()).toMatchObject([{ queues: ['orders', 'machines'] }]);
});

it('a worker serves the queues it is told to, and leaves the others alone', async () => {
  const first = await boot(MachineModule.forRoot(options({ worker: { queues: ['machines'] } })), ShopModule);
  const machines = first.get(Machines);
  await machines.start({ machine: 'order', correlationId: 'o', context: { amount: 1 } });
  await machines.start({ machine: 'counter', correlationId: 'c' });
  await completed(machines, 'c');
  expect(await machines.get('o')).toMatchObject({ status: 'queued', fence: 0 });
  await boot(MachineModule.forRoot(options({ worker: { queues: ['orders'] } })), ShopModule);
  await completed(machines, 'o');
});

it('five workers share the work without coordination', async () => {
  const workers = await Promise.all(
    Array.from({ length: 5 }, (_, i) =>
      boot(MachineModule.forRoot(options({ worker: { name: `worker-${i}`, concurrency: 4, stickySteps: 5 } })), ShopModule),
    ),
  );
  const machines = workers[0]!.get(Machines);
  const ids = Array.from({ length: 60 }, (_, i) => `c${i}`);
  await machines.startMany(ids.map((correlationId) => ({ machine: 'counter', correlationId })));
  for (const id of ids) expect(await completed(machines, id)).toMatchObject({ steps: 31, context: { count: 30 } });
  const histories = await Promise.all(ids.map(async (id) => (await machines.history(id)) ?? []));
  for (const items of histories) {
    expect(items.map(({ steps }) => steps)).toEqual(Array.from({ length: 31 }, (_, step) => step)); // each step once
    expect(items.every(({ outcome, fence }, i) => outcome === 'committed' && fence > (items[i - 1]?.fence ?? 0))).toBe(true);
  }
  const names = new Set(histories.flat().map(({ worker }) => worker));
  expect(names.size).toBeGreaterThan(1);
}, 120_000);

it('an app whose definitions are broken does not start, tells all problems, and leaves no connection open', async () => {
  const broken = defineMachine({
    name: 'b',
    initial: 'a',
    states: { a: { do: 'nobody', on: { go: 'end' } }, end: { final: true } },
  });
  const module = MachineModule.forRoot(options({ worker: {}, machines: [broken], yaml: ['/nowhere.yaml'] }));
  const app = await Test.createTestingModule({ imports: [module] }).compile();
  const { redis } = app.get(StileRuntime);
  const error: unknown = await app.init().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DefinitionError);
  expect((error as DefinitionError).problems.map(({ rule }) => rule)).toEqual(['unreadable', 'unknown-action']);
  expect(redis).toBeInstanceOf(Redis);
  await waitFor(() => redis.status === 'end' || redis.status === 'wait', { what: 'the connection to be closed' });
});

it('a definition that is published again with other content is told', async () => {
  const machine = (event: string) =>
    defineMachine({ name: 'm', initial: 'a', states: { a: { on: { [event]: 'b' } }, b: { final: true } } });
  const warn = jest.spyOn(Logger.prototype, 'warn');
  const worker = (event: string) => boot(MachineModule.forRoot(options({ worker: {}, machines: [machine(event)] })));
  const told = () => warn.mock.calls.flat().filter((text) => String(text).includes('m@1 was published before'));
  await worker('go');
  await worker('go');
  expect(told()).toEqual([]);
  await worker('gone');
  expect(told()).toHaveLength(1);
  warn.mockRestore();
});
