import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalRedis, type LocalRedis } from '@stile/local-redis';
import { defineMachine, StileRuntime, type StileOptions } from '@stile/machine';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Redis } from 'ioredis';
import request from 'supertest';
import { createApp } from '../../apps/api/src/app';
import type { ApiConfig } from '../../apps/api/src/api-config';
import { testRedisUrl, uniquePrefix, waitFor } from '../support/redis';
import { bound, sourceOf } from './api-support';

const silent = { debug() {}, log() {}, warn() {}, error() {} };

/** Waits, grows or has children, as its context says. */
const pet = bound(
  defineMachine({
    name: 'pet',
    maxRetries: 0,
    inboxLimit: undefined,
    initial: 'a',
    states: {
      a: {
        do: (context: { grow?: number; litter?: number; fat?: string }, step) => {
          if (context.grow) context.fat = 'x'.repeat(context.grow);
          if (context.litter) {
            const contexts = Array.from({ length: context.litter }, () => ({}));
            step.startAll('pet', contexts, { event: 'born', group: 'litter' });
          }
          return undefined;
        },
        on: { feed: 'b', born: 'b' },
      },
      b: { on: { more: 'a' } },
    },
  }),
);
/** A child that starts itself for ever. */
const forever = bound(
  defineMachine({
    name: 'forever',
    maxRetries: 0,
    initial: 'a',
    states: {
      a: {
        do: (_context, step) => void step.start('forever', {}, { event: 'ended', failed: 'refused' }),
        on: { ended: 'b', refused: 'c' },
      },
      b: { final: true },
      c: {
        do: (context: { because?: unknown }, step) => {
          context.because = (step.event.data as { error?: unknown }).error;
          return 'told';
        },
        on: { told: 'b' },
      },
    },
  }),
);

describe('limits', () => {
  const prefix = uniquePrefix('limits');
  let app: NestExpressApplication;
  let http: ReturnType<typeof request>;
  let worker: StileRuntime;

  const limits: Partial<ApiConfig> = {
    ...{ limitBody: 4096, limitContext: 2000, limitEvent: 100, limitInbox: 2, limitHistory: 10, limitChildren: 5, limitDepth: 3 },
    ...{ limitStreams: 3, limitCallerStreams: 2, limitStarts: 50 },
  };
  const workerOptions: Pick<StileOptions, 'limits' | 'historyLimit'> = {
    limits: { contextBytes: 2000, eventBytes: 100, inbox: 2, children: 5, depth: 3 },
    historyLimit: 10,
  };

  beforeAll(async () => {
    const common = { redis: { url: testRedisUrl() }, prefix };
    worker = new StileRuntime({ ...common, ...workerOptions, worker: { name: 'w' } }, silent);
    await worker.start(sourceOf(pet, forever));
    app = await createApp({ redisUrl: testRedisUrl(), prefix, retentionMs: 60_000, shutdownMs: 500, ...limits }, false);
    await app.listen(0, '127.0.0.1');
    http = request(app.getHttpServer());
  });
  afterAll(async () => {
    await app.close();
    await worker.stop();
  });

  const start = (body: object) => http.post('/v1/machines').send(body);
  const until = (id: string, fits: (machine: Record<string, unknown>) => boolean) =>
    waitFor(
      async () => ((machine) => fits(machine) && machine)((await http.get(`/v1/machines/${id}`)).body as Record<string, unknown>),
      {
        what: `machine ${id}`,
        timeoutMs: 10_000,
      },
    );

  it('body', async () => {
    const { status, body } = await start({ machine: 'pet', context: { a: 'x'.repeat(5000) } });
    expect({ status, code: body.code }).toEqual({ status: 413, code: 'CONTENT_TOO_LARGE' });
    expect(body.detail).toBe(
      'the body is larger than the 4096 bytes allowed; keep large data elsewhere and its key here, or have STILE_LIMIT_BODY raised',
    );
  });

  it('context, at the start and as a step leaves it', async () => {
    const { status, body } = await start({ machine: 'pet', context: { a: 'x'.repeat(2000) } });
    expect({ status, code: body.code }).toEqual({ status: 413, code: 'CONTEXT_TOO_LARGE' });
    expect(body.detail).toMatch(/^context has 2008 bytes of JSON, more than the 2000 allowed/);
    await start({ machine: 'pet', correlationId: 'fat', context: { grow: 3000 } }).expect(201);
    const { error } = await until('fat', (machine) => machine.status === 'failed');
    expect(error).toMatchObject({ code: 'CONTEXT_TOO_LARGE', message: expect.stringContaining('more than the 2000 allowed') });
  });

  it('data of an event', async () => {
    await start({ machine: 'pet', correlationId: 'eats' }).expect(201);
    const { status, body } = await http.post('/v1/machines/eats/events').send({ event: 'feed', data: 'x'.repeat(100) });
    expect({ status, code: body.code }).toEqual({ status: 413, code: 'EVENT_TOO_LARGE' });
    expect(body.detail).toBe('data has 102 bytes of JSON, more than the 100 allowed; keep large data elsewhere and send its key');
  });

  it('inbox', async () => {
    await start({ machine: 'pet', correlationId: 'full', delayMs: 60_000 }).expect(201);
    for (let i = 0; i < 2; i++) await http.post('/v1/machines/full/events').send({ event: 'feed' }).expect(202);
    const { status, body, headers } = await http.post('/v1/machines/full/events').send({ event: 'feed' });
    expect({ status, code: body.code, after: headers['retry-after'] }).toEqual({ status: 429, code: 'INBOX_FULL', after: '1' });
    expect(body.detail).toMatch(/^2 events wait in the inbox of machine "full"/);
  });

  it('history: the newest items are kept, and what is gone is told', async () => {
    await start({ machine: 'pet', correlationId: 'old' }).expect(201);
    for (let i = 0; i < 8; i++) {
      await until('old', ({ status, state }) => status === 'waiting' && state === 'a');
      await http.post('/v1/machines/old/events').send({ event: 'feed' }).expect(202);
      await until('old', ({ status, state }) => status === 'waiting' && state === 'b');
      await http.post('/v1/machines/old/events').send({ event: 'more' }).expect(202);
    }
    await until('old', ({ status, steps }) => status === 'waiting' && steps === 17);
    const { body } = await http.get('/v1/machines/old/history');
    expect([body.items.length, body.lost]).toEqual([10, 7]);
  });

  it('children of a machine', async () => {
    await start({ machine: 'pet', correlationId: 'parent', context: { litter: 6 } }).expect(201);
    const { error, children } = await until('parent', (machine) => machine.status === 'failed');
    expect(error).toMatchObject({
      code: 'TOO_MANY_CHILDREN',
      message: expect.stringMatching(/^the machine would have 6 children, more than the 5/),
    });
    expect(children).toBe(0);
    await start({ machine: 'pet', correlationId: 'twice', context: { litter: 3 } }).expect(201);
    await until('twice', ({ status }) => status === 'waiting');
    await http.post('/v1/machines/twice/events').send({ event: 'feed' }).expect(202);
    await until('twice', ({ state }) => state === 'b');
    await http.post('/v1/machines/twice/events').send({ event: 'more' }).expect(202);
    expect(await until('twice', ({ status }) => status === 'failed')).toMatchObject({ error: { code: 'TOO_MANY_CHILDREN' } });
  });

  it('generations of children', async () => {
    await start({ machine: 'forever', correlationId: 'eternal' }).expect(201);
    await until('eternal', ({ status }) => status === 'completed');
    const family = (await http.get('/v1/machines?machine=forever')).body.items as { correlationId: string }[];
    expect(family).toHaveLength(4);
    const views = await Promise.all(family.map(({ correlationId }) => http.get(`/v1/machines/${correlationId}`)));
    const refused = views.map(({ body }) => body).filter(({ context }) => context.because);
    expect(refused).toMatchObject([
      {
        parent: { depth: 3 },
        context: {
          because: { code: 'CHILD_TOO_DEEP', message: expect.stringMatching(/^it would be generation 4 of its family/) },
        },
      },
    ]);
  });

  it('streams of server-sent events', async () => {
    await start({ machine: 'pet', correlationId: 'seen' }).expect(201);
    const url = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}/v1/machines/seen/stream`;
    const stop = new AbortController();
    const open = () => fetch(url, { signal: stop.signal });
    expect((await open()).status).toBe(200);
    expect((await open()).status).toBe(200);
    const refused = await open();
    expect([refused.status, refused.headers.get('retry-after'), ((await refused.json()) as { code: string }).code]).toEqual([
      429,
      '1',
      'TOO_MANY_STREAMS',
    ]);
    stop.abort();
    await waitFor(async () => (await fetch(url, { method: 'GET', signal: AbortSignal.timeout(500) })).status === 200, {
      what: 'room for a stream',
    });
  });

  it('starts of a caller in a second', async () => {
    const many = { machine: 'pet', items: Array.from({ length: 60 }, () => ({})) };
    const { status, body, headers } = await waitFor(
      async () => ((answer) => answer.status === 429 && answer)(await http.post('/v1/machines/bulk').send(many)),
      { what: 'a refusal' },
    );
    expect({ status, code: body.code }).toEqual({ status: 429, code: 'TOO_MANY_STARTS' });
    expect(body.detail).toMatch(/^caller "anonymous" has started more than 50 in a second; start again in \d+ ms/);
    expect(Number(headers['retry-after'])).toBeGreaterThanOrEqual(1);
    await waitFor(async () => (await start({ machine: 'pet' })).status === 201, {
      what: 'a start when that is made up for',
      timeoutMs: 10_000,
    });
  });

  it('limits of tenants are set, listed and taken off over HTTP', async () => {
    const set = await http.put('/v1/limits/tenant/acme').send({ concurrency: 10, weight: 2, by: 'ada' }).expect(200);
    expect(set.body).toMatchObject({ name: 'tenant:acme', concurrency: 10, weight: 2, by: 'ada', inUse: 0, waiting: 0 });
    expect((await http.get('/v1/limits').expect(200)).body.items).toMatchObject([
      { name: 'tenant:acme', kind: 'tenant', of: 'acme' },
    ]);
    const faults: [string, object, string][] = [
      ['/v1/limits/tenant/a.b', { concurrency: 1 }, 'of is "a.b"; give *, or use 1 to 20 of A-Z a-z 0-9 _ -'],
      ['/v1/limits/planet/x', { concurrency: 1 }, 'kind is "planet"; give one of tenant, definition, all'],
      [
        '/v1/limits/tenant/acme',
        {},
        'limits are missing; give one at least of concurrency, perSecond, burst, startsPerSecond, weight',
      ],
    ];
    for (const [path, body, detail] of faults) {
      const answer = await http.put(path).send(body);
      expect([answer.status, answer.body.detail]).toEqual([422, detail]);
    }
    const zero = await http.put('/v1/limits/all/*').send({ concurrency: 0 });
    expect([zero.status, zero.body.detail]).toEqual([400, 'concurrency is 0; give a whole number from 1 to 1000000']);
    await http.delete('/v1/limits/tenant/acme').expect(204);
    expect((await http.delete('/v1/limits/tenant/acme').expect(404)).body.code).toBe('LIMIT_NOT_FOUND');
  });
});

describe('a Redis whose memory is nearly full', () => {
  let dir: string;
  let server: LocalRedis;
  let admin: Redis;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'stile-full-'));
    server = await startLocalRedis({ dir, appendOnly: false });
    admin = new Redis(server.url);
  });
  afterAll(async () => {
    admin.disconnect();
    await server.stop();
    await rm(dir, { recursive: true, force: true });
  });

  it('lets nothing new in, 429 with Retry-After; what runs, its children too, completes', async () => {
    const open = { passed: false };
    const work = bound(
      defineMachine({
        name: 'work',
        initial: 'a',
        states: {
          a: {
            do: async (_context, step) => {
              while (!open.passed) await new Promise((resolve) => setTimeout(resolve, 10));
              step.start('leaf', {}, { event: 'grown' });
            },
            on: { grown: 'b' },
          },
          b: { final: true },
        },
      }),
    );
    const leaf = bound(defineMachine({ name: 'leaf', initial: 'a', states: { a: { final: true } } }));
    const worker = new StileRuntime({ redis: { url: server.url }, prefix: 'full', worker: { name: 'w' } }, silent);
    await worker.start(sourceOf(work, leaf));
    const app = await createApp({ redisUrl: server.url, prefix: 'full', retentionMs: 60_000, shutdownMs: 500 }, false);
    try {
      const http = request(app.getHttpServer());
      const post = (id: string) => http.post('/v1/machines').send({ machine: 'work', correlationId: id });
      for (let i = 0; i < 5; i++) expect((await post(`early-${i}`)).status).toBe(201);
      await admin.setrange('ballast', 60_000_000, 'x'); // so that what is left of the memory is more than what clients take
      const used = Number(/used_memory:(\d+)/.exec(await admin.info('memory'))?.[1]);
      await admin.config('SET', 'maxmemory', Math.round(used / 0.85));

      let sent = 0;
      const refused = await waitFor(async () => ((answer) => answer.status === 429 && answer)(await post(`late-${sent++}`)), {
        what: 'a refusal',
      });
      expect(refused.body).toMatchObject({
        code: 'MEMORY_SHORT',
        detail: expect.stringMatching(/^8\d % of the store's memory is used/),
      });
      expect(Number(refused.headers['retry-after'])).toBe(5);
      const bulk = await http.post('/v1/machines/bulk').send({ machine: 'work', items: [{}, {}] });
      expect([bulk.status, bulk.body.code]).toEqual([429, 'MEMORY_SHORT']);

      open.passed = true;
      for (let i = 0; i < 5; i++) {
        const done = async () => (await worker.machines.get(`early-${i}`))?.status === 'completed';
        await waitFor(done, { what: `early-${i} completed`, timeoutMs: 10_000 });
      }
      await admin.config('SET', 'maxmemory', 0);
      await waitFor(async () => (await post('later')).status === 201, {
        what: 'a start when there is memory again',
        timeoutMs: 5000,
      });
    } finally {
      open.passed = true;
      await app.close();
      await worker.stop();
    }
  });
});
