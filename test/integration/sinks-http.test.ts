import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Body, Controller, Module, Post, Req, type MiddlewareConsumer, type NestModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import express, { type Express } from 'express';
import { Redis } from 'ioredis';
import {
  fenceGuard,
  fenceHeaders,
  guardedRequest,
  MemoryAnswerStore,
  RedisAnswerStore,
  type AnswerStore,
  type FencedRequest,
  type FenceGuardOptions,
} from '@stile/lease';
import { adminRedisUrl } from '../support/admin';
import { uniquePrefix, waitFor } from '../support/redis';
import { pausedWriter, type Account } from './support/paused-writer';
import { startReplyCutter } from './support/reply-cutter';

let redis: Redis;
let prefix: string;
const servers: Server[] = [];

beforeAll(() => {
  redis = new Redis(adminRedisUrl());
});
beforeEach(() => {
  prefix = uniquePrefix('sinks-http');
});
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  const keys = await redis.keys(`${prefix}:*`);
  if (keys.length > 0) await redis.del(keys);
});
afterAll(() => redis.quit());

async function listen(app: Express): Promise<{ url: string; port: number }> {
  const server = await new Promise<Server>((resolve) => {
    const started = app.listen(0, '127.0.0.1', () => resolve(started));
  });
  servers.push(server);
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port };
}

const stores: [string, () => AnswerStore][] = [
  ['MemoryAnswerStore', () => new MemoryAnswerStore()],
  ['RedisAnswerStore', () => new RedisAnswerStore(redis, { prefix })],
];

const step = (fence: number, more: Partial<FencedRequest> = {}): FencedRequest => ({
  correlationId: 'order-17',
  runId: 'run-a',
  fence,
  idempotencyKey: 'order-17/run-a/2/charge',
  ...more,
});

const post = (url: string, headers: Record<string, string>, body: unknown = { amount: 10 }, type = 'application/json') =>
  fetch(url, { method: 'POST', headers: { 'content-type': type, ...headers }, body: JSON.stringify(body) });

describe('a worker that is paused between its read and its write', () => {
  async function bank(guard?: ReturnType<typeof fenceGuard>): Promise<Account> {
    let balance = 0;
    const app = express().use(express.json());
    if (guard) app.use(guard);
    app.get('/balance', (_request, response) => void response.json({ balance }));
    app.put('/balance', (request, response) => {
      ({ balance } = request.body);
      response.json({ balance });
    });
    const url = `${(await listen(app)).url}/balance`;
    return {
      read: async () => ((await (await fetch(url)).json()) as { balance: number }).balance,
      write: async (token, value) => {
        const headers = { 'content-type': 'application/json', ...fenceHeaders(token) };
        const response = await fetch(url, { method: 'PUT', headers, body: JSON.stringify({ balance: value }) });
        if (!response.ok) throw await response.json();
      },
    };
  }

  it('takes away what its successor wrote, where nobody looks at the token', async () => {
    expect(await pausedWriter(redis, prefix, await bank())).toEqual({ balance: 1, refusal: undefined, fences: [1, 2] });
  });

  it.each(stores)('is refused by fenceGuard with a %s, and nothing is lost', async (_name, store) => {
    const end = await pausedWriter(redis, prefix, await bank(fenceGuard({ store: store() })));
    expect(end).toMatchObject({ balance: 10, refusal: { status: 409, code: 'STALE_FENCE', instance: '/balance' } });
  });
});

describe.each(stores)('fenceGuard with a %s', (_name, makeStore) => {
  let url: string;
  let port: number;
  let charges: unknown[];
  let errors: Error[];
  /** What the handler waits for before it answers. */
  let gate: Promise<void>;
  let open: () => void;
  let entered: () => void;
  let inside: Promise<void>;

  async function start(options: Partial<FenceGuardOptions> = {}): Promise<void> {
    charges = [];
    errors = [];
    gate = Promise.resolve();
    const app = express().use(express.json(), express.text());
    app.use(fenceGuard({ store: makeStore(), onError: (error) => void errors.push(error), ...options }));
    app.post('/charges', async (request, response) => {
      charges.push(guardedRequest(request));
      const number = charges.length;
      entered?.();
      await gate;
      const { answer = 201 } = request.body ?? {};
      response.status(answer).location(`/charges/${number}`).json({ number });
    });
    app.post('/letters', (_request, response) => {
      charges.push('letter');
      response.setHeader('content-type', 'text/plain');
      response.write('Zür', 'latin1');
      response.write(Buffer.from('ich '));
      response.end('c3bc', 'hex');
    });
    app.get('/charges', (_request, response) => void response.json(charges.length));
    ({ url, port } = await listen(app));
  }

  function hold(): void {
    gate = new Promise((resolve) => (open = resolve));
    inside = new Promise((resolve) => (entered = resolve));
  }

  beforeEach(() => start());

  it('tells the handler whose request it is', async () => {
    expect((await post(`${url}/charges`, fenceHeaders(step(3)))).status).toBe(201);
    expect(charges).toEqual([{ ...step(3), scope: 'order-17' }]);
  });

  it('gives a repeat the first answer, and handles it once', async () => {
    const [first, again, later] = [1, 1, 2].map((fence) => fenceHeaders(step(fence)));
    for (const [i, headers] of [first, again, later].entries()) {
      const response = await post(`${url}/charges`, headers as Record<string, string>);
      expect([response.status, response.headers.get('location'), await response.json()]).toEqual([
        201,
        '/charges/1',
        { number: 1 },
      ]);
      expect(response.headers.get('idempotent-replayed')).toBe(i === 0 ? null : 'true');
      expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    }
    expect(charges).toHaveLength(1);
  });

  it('gives a repeat the same bytes, however they were written', async () => {
    const bodies = [];
    for (let times = 0; times < 2; times++) {
      const response = await post(`${url}/letters`, fenceHeaders(step(1)));
      bodies.push(Buffer.from(await response.arrayBuffer()).toString('latin1'));
    }
    expect(bodies).toEqual(['Zürich ü', 'Zürich ü'].map((text) => text.replace(/ü$/, '\xc3\xbc')));
    expect(charges).toEqual(['letter']);
  });

  it('does the work once where the reply was lost and the request is sent again', async () => {
    const cutter = await startReplyCutter(port);
    try {
      const through = `http://127.0.0.1:${cutter.port}/charges`;
      cutter.cutReplyTo('POST /charges');
      await expect(post(through, fenceHeaders(step(1)))).rejects.toThrow('fetch failed');
      expect(cutter.cut).toBe(1);
      expect(await (await post(through, fenceHeaders(step(1)))).json()).toEqual({ number: 1 });
      expect(charges).toHaveLength(1);
    } finally {
      await cutter.stop();
    }
  });

  it('tells a repeat to come again while the first is being handled', async () => {
    hold();
    const first = post(`${url}/charges`, fenceHeaders(step(1)));
    await inside;
    const second = await post(`${url}/charges`, fenceHeaders(step(2)));
    expect([second.status, second.headers.get('retry-after')]).toEqual([409, '1']);
    expect(await second.json()).toMatchObject({ code: 'REQUEST_IN_PROGRESS' });
    open();
    expect((await first).status).toBe(201);
    expect((await post(`${url}/charges`, fenceHeaders(step(2)))).status).toBe(201);
    expect(charges).toHaveLength(1);
  });

  it('holds a later token back until the handlers of earlier ones are done, and lets no more of those in', async () => {
    hold();
    const first = post(`${url}/charges`, fenceHeaders(step(1), 'a'));
    await inside;
    expect((await post(`${url}/letters`, fenceHeaders(step(2), 'b'))).status).toBe(409);
    expect(await (await post(`${url}/letters`, fenceHeaders(step(1), 'c'))).json()).toMatchObject({ code: 'STALE_FENCE' });
    open();
    await first;
    expect((await post(`${url}/letters`, fenceHeaders(step(2), 'b'))).status).toBe(200);
    expect(charges).toHaveLength(2);
  });

  it('handles requests of one token side by side', async () => {
    hold();
    const first = post(`${url}/charges`, fenceHeaders(step(1), 'a'));
    await inside;
    expect((await post(`${url}/letters`, fenceHeaders(step(1), 'b'))).status).toBe(200);
    open();
    expect((await first).status).toBe(201);
  });

  it('refuses a key that comes with another body or path', async () => {
    await post(`${url}/charges`, fenceHeaders(step(1)));
    for (const { path, body } of [
      { path: 'charges', body: { amount: 11 } },
      { path: 'letters', body: { amount: 10 } },
    ]) {
      const response = await post(`${url}/${path}`, fenceHeaders(step(1)), body);
      expect(response.status).toBe(422);
      expect(await response.json()).toMatchObject({
        code: 'IDEMPOTENCY_KEY_REUSED',
        type: 'urn:stile:problem:idempotency-key-reused',
      });
    }
    expect(charges).toHaveLength(1);
  });

  it.each(['Idempotency-Key', 'Stile-Machine', 'Stile-Run', 'Stile-Fence'])(
    'answers 400 naming %s when it is missing',
    async (name) => {
      const rest = fenceHeaders(step(1));
      delete rest[name.toLowerCase()];
      const response = await post(`${url}/charges`, rest);
      expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
      const problem = (await response.json()) as { detail: string };
      expect(problem).toMatchObject({ status: 400, code: 'FENCE_HEADER_UNUSABLE', instance: '/charges' });
      expect(problem.detail).toMatch(new RegExp(`^${name} is missing`));
      expect(charges).toEqual([]);
    },
  );

  it('handles a repeat anew where the first answer was no final one', async () => {
    for (const answer of [500, 503, 429, 409]) {
      const key = { idempotencyKey: `key-${answer}` };
      for (let times = 0; times < 2; times++) await post(`${url}/charges`, fenceHeaders(step(1, key)), { answer });
    }
    expect(charges).toHaveLength(8);
    for (let times = 0; times < 2; times++) await post(`${url}/charges`, fenceHeaders(step(1)), { answer: 402 });
    expect(charges).toHaveLength(9);
  });

  it('lets a repeat in after an error in the handler', async () => {
    gate = Promise.reject(new Error('no luck'));
    expect((await post(`${url}/charges`, fenceHeaders(step(1)))).status).toBe(500);
    gate = Promise.resolve();
    expect((await post(`${url}/charges`, fenceHeaders(step(2)))).status).toBe(201);
  });

  it('lets requests without a token by where they need none, reads always, and half a token never', async () => {
    await start({ required: false });
    expect((await post(`${url}/charges`, {})).status).toBe(201);
    expect(charges).toEqual([undefined]);
    expect((await post(`${url}/charges`, { 'stile-fence': '1' })).status).toBe(400);
    await start();
    expect((await fetch(`${url}/charges`)).status).toBe(200);
  });

  it('does not keep answers that are too large, and says so to repeats', async () => {
    await start({ maxAnswerBytes: 5 });
    expect(await (await post(`${url}/charges`, fenceHeaders(step(1)))).json()).toEqual({ number: 1 });
    const again = await post(`${url}/charges`, fenceHeaders(step(1)));
    expect(await again.json()).toMatchObject({ status: 409, code: 'ANSWER_NOT_KEPT', detail: expect.stringContaining('201') });
    expect(charges).toHaveLength(1);
  });

  it('compares within what scopeOf names', async () => {
    await start({ scopeOf: (request) => request.originalUrl ?? '' });
    expect((await post(`${url}/charges`, fenceHeaders(step(2), 'a'))).status).toBe(201);
    expect((await post(`${url}/letters`, fenceHeaders(step(1), 'b'))).status).toBe(200);
    expect((await post(`${url}/charges`, fenceHeaders(step(1), 'c'))).status).toBe(409);
  });

  it('fails loudly where it stands before the body parser', async () => {
    const app = express().use(fenceGuard({ store: makeStore() }));
    app.use((error: Error, _request: express.Request, response: express.Response, _next: express.NextFunction) => {
      response.status(500).send(error.message);
    });
    const { url: bare } = await listen(app);
    expect(await (await post(bare, fenceHeaders(step(1)))).text()).toContain('put the guard behind the body parser');
  });
});

it('fenceGuard answers 503 and does nothing where its store cannot be reached', async () => {
  const unreachable = new Redis({ host: '127.0.0.1', port: 1, lazyConnect: true, retryStrategy: () => null });
  unreachable.on('error', () => undefined);
  const errors: Error[] = [];
  const handler = jest.fn();
  const app = express().use(
    express.json(),
    fenceGuard({ store: new RedisAnswerStore(unreachable), onError: (error) => void errors.push(error) }),
  );
  app.use(handler);
  const response = await post((await listen(app)).url, fenceHeaders(step(1)));
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
  expect(await response.json()).toMatchObject({
    code: 'FENCE_STORE_UNAVAILABLE',
    detail: 'nothing was done; send the request again',
  });
  expect(handler).not.toHaveBeenCalled();
  expect(errors).toHaveLength(1);
});

it('fenceGuard lets a repeat in at once where the reply of its store was lost', async () => {
  const target = new URL(adminRedisUrl());
  const cutter = await startReplyCutter(Number(target.port));
  target.port = String(cutter.port);
  const through = new Redis(target.href, { autoResendUnfulfilledCommands: false, maxRetriesPerRequest: 0 });
  through.on('error', () => undefined);
  try {
    const app = express().use(express.json(), fenceGuard({ store: new RedisAnswerStore(through, { prefix }) }));
    app.use((_request, response) => void response.json({ done: true }));
    const { url } = await listen(app);
    expect((await post(url, fenceHeaders(step(1, { idempotencyKey: 'warm-up' })))).status).toBe(200);
    cutter.cutReplyTo('order-17/run-a/2/charge');
    expect((await post(url, fenceHeaders(step(1)))).status).toBe(503);
    expect(cutter.cut).toBe(1);
    const status = await waitFor(
      async () => {
        const response = await post(url, fenceHeaders(step(1)));
        return response.status !== 503 && response.status !== 409 && response.status;
      },
      { what: 'the repeat to be let in', timeoutMs: 5_000 },
    );
    expect(status).toBe(200);
  } finally {
    through.disconnect();
    await cutter.stop();
  }
});

it('fenceGuard is middleware of Nest as it is', async () => {
  @Controller('charges')
  class Charges {
    @Post()
    charge(@Body() body: { amount: number }, @Req() request: object) {
      return { ...body, fence: guardedRequest(request)?.fence };
    }
  }
  @Module({ controllers: [Charges] })
  class Shop implements NestModule {
    configure(consumer: MiddlewareConsumer) {
      consumer.apply(fenceGuard({ store: new MemoryAnswerStore() })).forRoutes(Charges);
    }
  }
  const app = await NestFactory.create(Shop, { logger: false });
  try {
    await app.listen(0, '127.0.0.1');
    const url = `${await app.getUrl()}/charges`;
    for (const [fence, status, body] of [
      [2, 201, { amount: 10, fence: 2 }],
      [3, 201, { amount: 10, fence: 2 }],
      [1, 409, expect.objectContaining({ code: 'STALE_FENCE' })],
    ] as const) {
      const response = await post(url, fenceHeaders(step(fence)));
      expect([response.status, await response.json()]).toEqual([status, body]);
    }
  } finally {
    await app.close();
  }
});
