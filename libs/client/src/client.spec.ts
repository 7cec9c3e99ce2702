import { StileClient } from './client';
import { StileApiError } from './errors';
import { fakeFetch, json, problem, refused, tooMuch, type Answer, type Seen } from './testing/fake-fetch';
import type { StreamEvent } from './machine-stream';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

function client(...answers: Answer[]): { stile: StileClient; seen: Seen[] } {
  const { fetch, seen } = fakeFetch(...answers);
  const stile = new StileClient({ url: 'http://a', fetch });
  return { stile, seen };
}

/** Time does not pass in these tests: delays are drawn as 0. */
beforeEach(() => void jest.spyOn(Math, 'random').mockReturnValue(0));
afterEach(() => jest.restoreAllMocks());

const machine = (status: string): Answer => json({ correlationId: 'm', status, revision: '7.1' });

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

it('refuses an address that is none', () => {
  expect(() => new StileClient({ url: 'nowhere' })).toThrow('Invalid URL');
});

describe('start', () => {
  it('makes an id up before it sends, so that a repeat starts nothing twice', async () => {
    for (const correlationId of [undefined, 'o-1']) {
      const { stile, seen } = client(refused, machine('queued'));
      await stile.start({ machine: 'order', correlationId });
      const [first, second] = seen.map(({ body }) => body?.correlationId);
      expect(first).toEqual(correlationId ?? expect.stringMatching(UUID));
      expect(second).toBe(first);
    }
  });

  it('starts many in requests of 1,000 and of less than 1 MB', async () => {
    const echo: Answer = ({ body }) =>
      new Response(JSON.stringify({ items: (body?.items as object[]).map((item) => ({ ...item, outcome: 'created' })) }));
    const { stile, seen } = client(echo, echo, echo, echo);
    const small = Array.from({ length: 1001 }, (_, i) => ({ correlationId: `m-${i}` }));
    const large = [1, 2].map(() => ({ context: { text: 'ä'.repeat(250_000) } }));
    const outcomes = await stile.startMany('order', [...small, ...large]);
    expect(seen.map(({ body }) => (body?.items as object[]).length)).toEqual([1000, 2, 1]);
    expect(outcomes.slice(0, 2).map(({ correlationId }) => correlationId)).toEqual(['m-0', 'm-1']);
    expect(outcomes.at(-1)?.correlationId).toMatch(UUID);
  });
});

it('an event is sent again only where it has a name of its own', async () => {
  const named = client(refused, json({ outcome: 'duplicate' }));
  expect(await named.stile.send('m', 'paid', { data: null, dedupeId: 'd' })).toEqual({ outcome: 'duplicate' });
  expect(named.seen[1]?.body).toEqual({ event: 'paid', data: null, dedupeId: 'd' });
  const nameless = client(refused);
  await expect(nameless.stile.send('m', 'paid')).rejects.toMatchObject({ code: 'UNREACHABLE' });
});

it('acts of an operator are not sent twice; ids in paths are escaped', async () => {
  const { stile, seen } = client(problem(503, 'STORE_UNAVAILABLE'));
  await expect(stile.cancel('a/b', { mode: 'now', why: 'w' })).rejects.toBeInstanceOf(StileApiError);
  expect(seen).toMatchObject([{ url: 'http://a/v1/machines/a%2Fb/cancel', body: { mode: 'now', why: 'w' } }]);
});

it('an edit names the revision that was read, or the one it is given', async () => {
  const { stile, seen } = client(machine('paused'), machine('paused'), machine('paused'));
  await stile.edit('m', { amount: null }, { by: 'ada' });
  await stile.edit('m', {}, { revision: '6.9' });
  const edits = seen.filter(({ method }) => method === 'PATCH');
  expect(edits.map(({ headers }) => headers['if-match'])).toEqual(['"7.1"', '"6.9"']);
  expect(edits[0]).toMatchObject({ url: 'http://a/v1/machines/m/context?by=ada', body: { amount: null } });
  expect(edits[0]?.headers['content-type']).toBe('application/merge-patch+json');
});

describe('wait', () => {
  it('polls until the machine has ended', async () => {
    const { stile, seen } = client(machine('running'), refused, machine('waiting'), machine('failed'));
    expect(await stile.wait('m')).toMatchObject({ status: 'failed' });
    expect(seen.map(({ url }) => url)).toEqual(Array(4).fill('http://a/v1/machines/m?wait=25000'));
  });

  it('gives the machine as it is when the time is up', async () => {
    const { stile, seen } = client(machine('running'));
    expect(await stile.wait('m', { timeoutMs: 0 })).toMatchObject({ status: 'running' });
    expect(seen[0]?.url).toBe('http://a/v1/machines/m?wait=0');
  });
});

describe('pages', () => {
  it('history goes on after the last item of a full page', async () => {
    const items = Array.from({ length: 501 }, (_, i) => ({ number: i + 5 }));
    const { stile, seen } = client(json({ items: items.slice(0, 500), lost: 4 }), json({ items: items.slice(500), lost: 0 }));
    expect(await all(stile.history('m'))).toEqual(items);
    expect(seen.map(({ url }) => url)).toEqual(
      [0, 504].map((after) => `http://a/v1/machines/m/history?after=${after}&limit=500`),
    );
  });

  it('a list goes on while there is a next page, also after an empty one', async () => {
    const { stile, seen } = client(
      json({ items: [1], next: 'c1' }),
      json({ items: [], next: 'c2' }),
      json({ items: [2], next: null }),
    );
    const filter = { machine: 'order', version: 2, status: ['failed', 'paused'], tag: { key: 'shop', value: 'b:x' } } as const;
    expect(await all(stile.list({ ...filter, from: new Date(0) }))).toEqual([1, 2]);
    const queries = seen.map(({ url }) => Object.fromEntries(new URL(url).searchParams));
    const asked = { machine: 'order', version: '2', status: 'failed,paused', tag: 'shop:b:x', from: '1970-01-01T00:00:00.000Z' };
    expect(queries[0]).toEqual({ ...asked, limit: '200' });
    expect(queries.map(({ cursor }) => cursor)).toEqual([undefined, 'c1', 'c2']);
  });
});

describe('operations', () => {
  it('have a name before they are sent', async () => {
    const { stile, seen } = client(refused, json({ operationId: 'op' }));
    await stile.operations.act({ act: 'retry', filter: { machine: 'order', status: 'failed' }, why: 'mended' });
    expect(seen[0]?.body).toEqual({
      ...{ act: 'retry', why: 'mended', filter: { machine: 'order', status: ['failed'] } },
      operationId: expect.stringMatching(UUID),
    });
    expect(seen[1]?.body).toEqual(seen[0]?.body);
  });

  it('so have redrives and replays', async () => {
    const { stile, seen } = client(refused, json({ operationId: 'op' }), refused, machine('queued'));
    await stile.operations.redrive('00ff', { count: 10 });
    await stile.replay('m', { step: 3 });
    expect(seen[0]).toMatchObject({
      url: 'http://a/v1/failures/00ff/redrive',
      body: { count: 10, operationId: expect.stringMatching(UUID) },
    });
    expect(seen[2]?.body).toEqual({ step: 3, correlationId: expect.stringMatching(UUID) });
    expect([seen[1], seen[3]]).toEqual([seen[0], seen[2]]);
  });

  it('can be asked of every machine there is, but only in so many words', async () => {
    const { stile, seen } = client(json({ operationId: 'op' }));
    await stile.operations.act({ act: 'pause', filter: { all: true } });
    expect(seen[0]?.body).toMatchObject({ act: 'pause', filter: { all: true } });
  });
});

describe('stream', () => {
  const item = (number: number): string => `id: ${number}\nevent: history\ndata: {"number":${number}}\n\n`;
  const sse =
    (...texts: string[]): Answer =>
    () =>
      new Response(texts.join(''));
  const broken =
    (text: string): Answer =>
    () =>
      new Response(
        new ReadableStream({
          start: (controller) => controller.enqueue(new TextEncoder().encode(text)),
          pull: (controller) => controller.error(new TypeError('terminated')),
        }),
      );
  const told = (events: StreamEvent[]) => events.map((event) => (event.type === 'history' ? event.item.number : event.type));

  it('goes on where it was cut, however it was', async () => {
    const { stile, seen } = client(
      sse('retry: 1000\n\n', item(1)),
      refused,
      broken(item(2)),
      problem(503, 'STORE_UNAVAILABLE'),
      tooMuch('0', 'TOO_MANY_STREAMS'),
      sse('event: lost\ndata: {"count":3}\n\n'),
      sse(item(6), 'event: soon\ndata: 1\n\n', 'event: end\ndata: {"status":"completed"}\n\n', item(7)),
    );
    expect(told(await all(stile.stream('m')))).toEqual([1, 2, 'lost', 6, 'end']);
    expect(seen.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '1', '1', '2', '2', '2', '5']);
  });

  it('begins behind what is known', async () => {
    const { stile, seen } = client(sse('event: end\ndata: {"status":"failed"}\n\n'));
    expect(await all(stile.stream('m', { after: 9 }))).toEqual([{ type: 'end', status: 'failed' }]);
    expect(seen[0]?.headers).toEqual({ accept: 'text/event-stream', 'last-event-id': '9' });
  });

  it('ends with what the API refuses, and with an outage that lasts', async () => {
    await expect(all(client(problem(404, 'MACHINE_NOT_FOUND')).stile.stream('m'))).rejects.toMatchObject({ status: 404 });
    await expect(all(client(tooMuch('60')).stile.stream('m'))).rejects.toMatchObject({ status: 429 });
    await expect(all(client(refused).stile.stream('m', { patienceMs: -1 }))).rejects.toMatchObject({ code: 'UNREACHABLE' });
  });
});
