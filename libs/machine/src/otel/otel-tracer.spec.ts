import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { HistoryItem } from '../core/model';
import type { Claim } from '../core/ports';
import { OtelTracer, rootOf } from './otel-tracer';

const RUN = Buffer.from('3f2504e04f8941d39a0c0305e82c3301', 'hex').toString('base64url');
const TRACE = '3f2504e04f8941d39a0c0305e82c3301';
const CAUSE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
const contexts = new AsyncLocalStorageContextManager();

beforeAll(() => {
  context.setGlobalContextManager(contexts.enable());
  trace.setGlobalTracerProvider(provider);
});
afterEach(() => exporter.reset());
afterAll(async () => {
  await provider.shutdown();
  trace.disable();
  context.disable();
});

function claimOf(fields: Partial<Claim> = {}): Claim {
  return {
    ...{ correlationId: 'ada@example.org', runId: RUN, machine: 'order', version: 2, queue: 'q', nonce: 'n', claims: 1 },
    ...{ steps: 4, retries: 0, maxRetries: 5, fence: 9, sentAt: 0, now: 5, more: false, state: 'reserve', event: 'reserved' },
    ...{ context: '{"card":"4111"}', data: '"secret"', job: {} as Claim['job'] },
    ...fields,
  };
}

const failed: HistoryItem = {
  ...{ steps: 4, retries: 0, fence: 9, from: 'reserve', event: 'reserved', to: 'charge', outcome: 'failed', worker: 'w' },
  ...{ startedAt: '', durationMs: 1, error: { code: 'DECLINED', message: 'card 4111', stack: 'card 4111' } },
};

it("is a span in the trace of the machine's run, with names and numbers and no user data", () => {
  new OtelTracer().begin(claimOf(), 'w').end('retry', failed);
  const [span] = exporter.getFinishedSpans();
  expect(span?.name).toBe('order charge');
  expect(span?.spanContext().traceId).toBe(TRACE);
  expect(span?.attributes).toEqual({
    'stile.machine': 'order',
    'stile.version': 2,
    'stile.state': 'reserve',
    'stile.event': 'reserved',
    'stile.steps': 4,
    'stile.retries': 0,
    'stile.fence': 9,
    'stile.worker': 'w',
    'stile.outcome': 'retry',
    'stile.to': 'charge',
    'error.type': 'DECLINED',
  });
  expect(span?.status).toEqual({ code: 2, message: 'DECLINED' });
  expect(JSON.stringify([span?.name, span?.attributes, span?.events, span?.status])).not.toMatch(/4111|secret|ada/);
});

it.each([
  [0, 0, 'start'],
  [4, 0, 'event'],
  [4, 2, 'retry'],
] as const)('links what caused step %i, retry %i', (steps, retries, why) => {
  new OtelTracer().begin(claimOf({ steps, retries, traceparent: CAUSE }), 'w').end('committed');
  const [span] = exporter.getFinishedSpans();
  expect(span?.links).toMatchObject([
    { context: { traceId: CAUSE.slice(3, 35), spanId: CAUSE.slice(36, 52), traceFlags: 1 }, attributes: { 'stile.link': why } },
  ]);
  expect(span?.status.code).toBe(0);
});

it('takes a record that somebody has written by hand', () => {
  const tracer = new OtelTracer();
  for (const cause of ['', 'nonsense', '00-0-0-01']) tracer.begin(claimOf({ traceparent: cause }), 'w').end('committed');
  tracer.begin(claimOf({ runId: 'not of ours' }), 'w').end('committed');
  expect(exporter.getFinishedSpans().map(({ links }) => links)).toEqual([[], [], [], []]);
  expect(rootOf('not of ours')).toBeUndefined();
});

it('is the parent of what actions begin, also after they have waited', async () => {
  const tracer = new OtelTracer();
  expect(tracer.active()).toBeUndefined();
  const span = tracer.begin(claimOf(), 'w');
  await span.within(async () => {
    await Promise.resolve();
    expect(tracer.active()).toBe(span.traceparent);
    trace.getTracer('user').startSpan('charge the card').end();
  });
  span.end('committed');
  const [child, step] = exporter.getFinishedSpans();
  expect(child?.parentSpanContext?.spanId).toBe(step?.spanContext().spanId);
  expect(child?.spanContext().traceId).toBe(TRACE);
});
