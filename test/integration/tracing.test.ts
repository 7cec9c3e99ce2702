import { context, trace, type Attributes } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor, type ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { waitFor } from '../support/redis';
import { sketch, World } from './support/world';

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
let world: World;

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(provider);
});
beforeEach(() => {
  world = new World();
  exporter.reset();
});
afterEach(() => world.close());
afterAll(async () => {
  await provider.shutdown();
  trace.disable();
  context.disable();
});

const traceOf = ({ runId }: { runId: string }): string => Buffer.from(runId, 'base64url').toString('hex');

/** The spans of a machine, in order, when there are so many. */
async function spansOf(id: string, count: number): Promise<ReadableSpan[]> {
  const traceId = traceOf(await world.get(id));
  const found = () =>
    exporter.getFinishedSpans().filter((span) => span.spanContext().traceId === traceId && 'stile.steps' in span.attributes);
  await waitFor(() => found().length >= count, { what: `${count} spans of ${id}` });
  expect(found()).toHaveLength(count);
  const order = ({ 'stile.steps': steps, 'stile.retries': retries }: Attributes) => Number(steps) * 100 + Number(retries);
  return found().sort((a, b) => order(a.attributes) - order(b.attributes));
}

const linked = ({ links }: ReadableSpan): unknown =>
  links.map(({ context: { traceId, spanId }, attributes }) => ({ traceId, spanId, why: attributes?.['stile.link'] }));
const linkTo = (span: ReadableSpan, why: string): unknown => {
  const { traceId, spanId } = span.spanContext();
  return [{ traceId, spanId, why }];
};
const active = <T>(name: string, run: () => Promise<T>): Promise<T> =>
  trace.getTracer('test').startActiveSpan(name, (span) => run().finally(() => span.end()));
const named = (name: string): ReadableSpan => exporter.getFinishedSpans().find((span) => span.name === name) as ReadableSpan;

const telemetry = true;

it('links a machine to who started it, an attempt to the one that failed, and a step to who sent its event', async () => {
  const waits = sketch('waits', {
    a: {
      retry: { baseMs: 1, capMs: 2 },
      do: (_context, step) => {
        if (step.retries < 2) throw new Error('again');
      },
      on: { go: 'b' },
    },
    b: { do: () => 'on', on: { on: 'c' } },
    c: { final: true },
  });
  const pod = await world.worker([waits], { telemetry });
  const id = await active('http start', () => world.start({ machine: 'waits' }));
  await world.until(id, 'waiting');
  await active('http send', () => pod.runtime.events.send(id, { event: 'go' }));
  await world.until(id, 'completed');
  const [first, second, third, taken, last] = (await spansOf(id, 5)) as [ReadableSpan, ...ReadableSpan[]] & ReadableSpan[];
  expect(linked(first)).toEqual(linkTo(named('http start'), 'start'));
  expect(linked(second!)).toEqual(linkTo(first, 'retry'));
  expect(linked(third!)).toEqual(linkTo(second!, 'retry'));
  expect(linked(taken!)).toEqual(linkTo(named('http send'), 'event'));
  expect(linked(last!)).toEqual([]); // what the step before has caused is its own trace
  expect([first, second!, third!, taken!, last!].map(({ attributes }) => attributes['stile.outcome'])).toEqual([
    ...['retry', 'retry', 'committed', 'committed', 'committed'],
  ]);
});

it('links children and receivers of messages to the step that made them', async () => {
  const child = sketch('child', { a: { final: true } });
  const parent = sketch('parent', {
    a: {
      do: (context, step) => {
        step.start('child', {}, { correlationId: `child-of-${step.correlationId}` });
        step.send(String(context.friend), 'hello');
        return 'end';
      },
      on: { end: 'b' },
    },
    b: { final: true },
  });
  const friend = sketch('friend', { a: { on: { hello: 'b' } }, b: { final: true } });
  await world.worker([child, parent, friend], { telemetry });
  const friendId = await world.start({ machine: 'friend' });
  await world.until(friendId, 'waiting');
  const { correlationId } = await world.run('parent', { friend: friendId });
  await world.until(friendId, 'completed');
  await waitFor(() => world.get(`child-of-${correlationId}`), { what: 'the child' });
  await world.until(`child-of-${correlationId}`, 'completed');

  const [sender] = (await spansOf(correlationId, 2)) as [ReadableSpan];
  const [born] = (await spansOf(`child-of-${correlationId}`, 1)) as [ReadableSpan];
  const [, greeted] = (await spansOf(friendId, 2)) as [ReadableSpan, ReadableSpan];
  expect(linked(born)).toEqual(linkTo(sender, 'start'));
  expect(linked(greeted)).toEqual(linkTo(sender, 'event'));
});

it('links a step to who sent its event before the machine waited, and a parent to the child whose end it waited for', async () => {
  let go!: () => void;
  const asked = new Promise<void>((resolve) => (go = resolve));
  const busy = sketch('busy', {
    a: { do: () => asked.then(() => 'on'), on: { on: 'b' } },
    b: { on: { early: 'c' } },
    c: { final: true },
  });
  const child = sketch('kid', { a: { final: true } });
  const parent = sketch('waiter', {
    a: {
      do: (_context, step) => void step.start('kid', {}, { correlationId: `kid-of-${step.correlationId}`, event: 'joined' }),
      on: { joined: 'b' },
    },
    b: { final: true },
  });
  const pod = await world.worker([busy, child, parent], { telemetry });
  const id = await world.start({ machine: 'busy' });
  await world.until(id, 'running');
  expect(await active('early bird', () => pod.runtime.events.send(id, { event: 'early' }))).toMatchObject({ outcome: 'kept' });
  expect(await pod.runtime.events.inbox(id)).toMatchObject([{ event: 'early', data: null }]);
  go();
  await world.until(id, 'completed');
  const [, , taken] = await spansOf(id, 3);
  expect(linked(taken!)).toEqual(linkTo(named('early bird'), 'event'));

  const { correlationId } = await world.run('waiter');
  const kid = await world.get(`kid-of-${correlationId}`);
  const [, joined] = await spansOf(correlationId, 2);
  expect(linked(joined!)).toMatchObject([{ traceId: traceOf(kid), why: 'event' }]);
});

it('makes nothing where it is not asked for, and leaves nothing in the record', async () => {
  await world.worker([sketch('plain', { a: { final: true } })]);
  const { correlationId } = await active('start', () => world.run('plain'));
  expect(exporter.getFinishedSpans().map(({ name }) => name)).toEqual(['start']);
  expect(await world.redis.hget(world.keys.record(correlationId), 'traceparent')).toBeNull();
});
