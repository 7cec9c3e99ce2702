import type { AddressInfo } from 'node:net';
import { defineMachine, type MachineView } from '@stile/machine';
import { Ticker } from '../../apps/api/src/streams/ticker';
import { uniquePrefix, waitFor } from '../support/redis';
import { ApiStage, bound } from './api-support';

/** Goes round until it is told to stop: `n` steps for each `more`. */
const rounds = defineMachine({
  name: 'rounds',
  initial: 'rest',
  states: {
    rest: { do: () => undefined, on: { more: 'turn', stop: 'done' } },
    turn: {
      entry: (context, { event }) => {
        if (event.name === 'more') context.left = event.data;
      },
      do: (context) => {
        context.left = Number(context.left) - 1;
        return context.left > 0 ? 'again' : 'enough';
      },
      on: { again: 'turn', enough: 'rest' },
    },
    done: { final: true },
  },
});

interface Told {
  readonly event: string;
  readonly id?: string;
  readonly data: Record<string, unknown>;
}

/** A client of one stream, which reads until it is ended. */
class Client {
  readonly told: Told[] = [];
  status = 0;
  over = false;
  private readonly stop = new AbortController();

  constructor(url: string, lastId?: number) {
    void this.read(url, lastId === undefined ? {} : { 'Last-Event-ID': String(lastId) }).finally(() => (this.over = true));
  }

  close(): void {
    this.stop.abort();
  }

  numbers(): number[] {
    return this.of('history').map(({ id }) => Number(id));
  }

  of(event: string): Told[] {
    return this.told.filter((told) => told.event === event);
  }

  private async read(url: string, headers: Record<string, string>): Promise<void> {
    try {
      const response = await fetch(url, { headers, signal: this.stop.signal });
      this.status = response.status;
      let text = '';
      const decoder = new TextDecoder();
      for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
        text += decoder.decode(chunk, { stream: true });
        const blocks = text.split('\n\n');
        text = blocks.pop() ?? '';
        for (const block of blocks) this.take(block);
      }
    } catch {
      // closed by either end
    }
  }

  private take(block: string): void {
    const fields = Object.fromEntries(
      block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
    );
    if (fields.event === undefined) return;
    const { event, id, data = '' } = fields;
    this.told.push({ event, id, data: JSON.parse(data) as Record<string, unknown> });
  }
}

describe('streams over HTTP', () => {
  const stage = new ApiStage(uniquePrefix('api-stream'));
  let api: Awaited<ReturnType<ApiStage['api']>>;
  let url: (id: string) => string;

  beforeAll(async () => {
    await stage.worker(bound(rounds));
    api = await stage.api();
    url = urlsOf(api);
  });
  afterAll(() => stage.close());

  const urlsOf =
    ({ app }: Awaited<ReturnType<ApiStage['api']>>) =>
    (id: string) =>
      `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}/v1/machines/${id}/stream`;
  const start = async (id: string) => {
    await api.http.post('/v1/machines').send({ machine: 'rounds', correlationId: id }).expect(201);
    await resting(id);
  };
  const resting = (id: string, inState = 'rest') =>
    waitFor(
      async () => {
        const { body } = (await api.http.get(`/v1/machines/${id}`)) as { body: MachineView };
        return body.state === inState && ['waiting', 'completed'].includes(body.status);
      },
      { what: `${id} rests` },
    );
  const send = (id: string, event: string, data?: number) =>
    api.http.post(`/v1/machines/${id}/events`).send({ event, data }).expect(202);
  const upTo = (n: number, from = 1): number[] => Array.from({ length: n - from + 1 }, (_, i) => from + i);

  it('tells what happens as it happens, and ends with the machine', async () => {
    await start('live');
    const client = new Client(url('live'));
    await waitFor(() => client.of('machine').length > 0, { what: 'the machine is told' });
    expect(client.numbers()).toEqual([1]);
    expect(client.of('machine')[0]?.data).toMatchObject({ correlationId: 'live', status: 'waiting' });
    await send('live', 'more', 3);
    await waitFor(() => client.numbers().length === 5, { what: 'the rounds are told' });
    await send('live', 'stop');
    await waitFor(() => client.over, { what: 'the stream ends' });
    expect(client.numbers()).toEqual(upTo(6));
    expect(client.told.at(-2)).toMatchObject({ event: 'machine', data: { status: 'completed', state: 'done' } });
    expect(client.told.at(-1)).toEqual({ event: 'end', id: undefined, data: { status: 'completed' } });
  });

  it('goes on where the client was cut off: nothing twice, nothing left out', async () => {
    await start('cut');
    const seen: number[] = [];
    for (let part = 0; part < 4; part++) {
      const client = new Client(url('cut'), seen.at(-1));
      await waitFor(() => client.status === 200, { what: 'the stream is open' });
      await send('cut', 'more', 150);
      await waitFor(() => client.numbers().length >= 20, { what: 'something is told' });
      client.close();
      await waitFor(() => client.over, { what: 'the client has gone' });
      seen.push(...client.numbers());
    }
    await resting('cut');
    await send('cut', 'stop');
    await resting('cut', 'done');
    const last = new Client(url('cut'), seen.at(-1));
    await waitFor(() => last.over, { what: 'the rest is told' });
    seen.push(...last.numbers());
    expect(seen).toEqual(upTo(1 + 4 * 151 + 1));
  });

  it('is the history that GET …/history pages through', async () => {
    await start('paged');
    await send('paged', 'more', 5);
    await resting('paged');
    const numbersOf = async (query: string) => {
      const { body } = await api.http.get(`/v1/machines/paged/history${query}`).expect(200);
      return (body.items as { number: number }[]).map(({ number }) => number);
    };
    expect(await numbersOf('')).toEqual(upTo(7));
    expect(await numbersOf('?after=2&limit=3')).toEqual([3, 4, 5]);
    expect(await numbersOf('?after=7')).toEqual([]);
    const client = new Client(url('paged'), 5);
    await waitFor(() => client.of('machine').length > 0, { what: 'all is told' });
    client.close();
    const { body } = await api.http.get('/v1/machines/paged/history?after=5').expect(200);
    expect(client.of('history').map(({ data }) => data)).toEqual(body.items);
  });

  it('has a wait beside it, which answers when the machine ends, or when the time is over', async () => {
    await start('waits');
    const wait = async (time: string) => {
      const began = performance.now();
      const { body } = await api.http.get(`/v1/machines/waits?wait=${time}`).expect(200);
      return { status: body.status as string, ms: performance.now() - began };
    };
    const late = await wait('300ms');
    expect(late.status).toBe('waiting');
    expect(late.ms).toBeGreaterThanOrEqual(299);
    const [ended] = await Promise.all([wait('30s'), send('waits', 'stop')]);
    expect(ended.status).toBe('completed');
    expect(ended.ms).toBeLessThan(10_000);
    expect((await wait('30s')).status).toBe('completed'); // it has ended long ago
    expect((await api.http.get('/v1/machines/waits?wait=61s').expect(400)).body.errors).toMatchObject([{ field: 'wait' }]);
  });

  it('tells an ended machine from the start, and ends', async () => {
    await start('over');
    await send('over', 'stop');
    await resting('over', 'done');
    const client = new Client(url('over'));
    await waitFor(() => client.over, { what: 'the stream ends' });
    expect(client.numbers()).toEqual([1, 2]);
    expect(client.told.at(-1)).toMatchObject({ event: 'end', data: { status: 'completed' } });
  });

  it('says how much it has no more', async () => {
    await start('long');
    await send('long', 'more', 1300);
    await resting('long');
    const client = new Client(url('long'), 5);
    await waitFor(() => client.of('machine').length > 0, { what: 'all is told' });
    client.close();
    const { count } = client.of('lost')[0]?.data as { count: number };
    expect(client.told[0]?.event).toBe('lost');
    expect(count).toBeGreaterThan(200);
    expect(client.numbers()).toEqual(upTo(1302, 5 + count + 1));
  });

  it('serves many streams of one machine, and lets go of those whose clients went', async () => {
    await start('many');
    const clients = Array.from({ length: 50 }, () => new Client(url('many')));
    await waitFor(() => clients.every((client) => client.numbers().length === 1), { what: 'all are told the first item' });
    const { listeners } = api.app.get(Ticker) as unknown as { listeners: ReadonlySet<unknown> };
    expect(listeners.size).toBe(50);
    clients.slice(0, 25).forEach((client) => client.close());
    await waitFor(() => listeners.size === 25, { what: 'nothing is read for clients that went' });
    await send('many', 'stop');
    await waitFor(() => clients.every((client) => client.over), { what: 'all are over' });
    for (const client of clients.slice(25)) expect(client.told.at(-1)?.event).toBe('end');
    expect(clients.slice(0, 25).flatMap((client) => client.of('end'))).toEqual([]);
    await waitFor(() => listeners.size === 0, { what: 'nothing is read any more' });
  });

  it('lets a server go that has streams and waits open', async () => {
    await start('shutdown');
    const other = await stage.api();
    const client = new Client(urlsOf(other)('shutdown'));
    await waitFor(() => client.numbers().length === 1, { what: 'the stream is open' });
    const asked = fetch(urlsOf(other)('shutdown').replace('/stream', '?wait=60s'));
    await waitFor(() => connectionsOf(other).then((n) => n >= 2), { what: 'the wait is open' });
    const began = performance.now();
    await other.app.close();
    expect(performance.now() - began).toBeLessThan(900); // not cut off after the 1000 ms of this test's servers
    await waitFor(() => client.over, { what: 'the stream is ended' });
    expect(client.of('end')).toEqual([]);
    const answer = await asked;
    expect(answer.status).toBe(200);
    expect(((await answer.json()) as MachineView).status).toBe('waiting');
  });
});

function connectionsOf({ app }: Awaited<ReturnType<ApiStage['api']>>): Promise<number> {
  return new Promise((resolve) => app.getHttpServer().getConnections((_: unknown, n: number) => resolve(n)));
}
