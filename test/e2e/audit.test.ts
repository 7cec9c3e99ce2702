import { RequestMethod, type Type } from '@nestjs/common';
import { METHOD_METADATA } from '@nestjs/common/constants';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { AuditEntry } from '@stile/machine';
import request from 'supertest';
import { createApp } from '../../apps/api/src/app';
import { ApiModule } from '../../apps/api/src/api.module';
import { ACTS } from '../../apps/api/src/audit/acts';
import { describeApi } from '../../apps/api/src/openapi';
import { sketch } from '../integration/support/world';
import { testRedisUrl, uniquePrefix, waitFor } from '../support/redis';
import { ApiStage } from './api-support';
import { Terminal } from './support/commands';

const CANARY = 'canary-that-is-in-no-log';
const prefix = uniquePrefix('audit');
const stage = new ApiStage(prefix);
const machines = [
  sketch('wait', { begin: { do: () => undefined, on: { paid: 'end' } }, end: { final: true } }),
  sketch('fail', { begin: { do: () => Promise.reject(new Error(CANARY)), on: { go: 'end' } }, end: { final: true } }, { maxRetries: 0 }),
];
let app: NestExpressApplication;
let http: ReturnType<typeof request>;
let stile: Terminal;

beforeAll(async () => {
  await stage.worker(...machines);
  const config = { redisUrl: testRedisUrl(), prefix, retentionMs: 60_000, shutdownMs: 1000, audit: 'all' } as const;
  app = await createApp(config, false);
  await app.listen(0, '127.0.0.1');
  http = request(app.getHttpServer());
  const { port } = app.getHttpServer().address() as { port: number };
  stile = new Terminal({ STILE_API_URL: `http://127.0.0.1:${port}` });
});
afterAll(async () => {
  await app.close();
  await stage.close();
});

async function entries(query = ''): Promise<AuditEntry[]> {
  const { body } = await http.get(`/v1/audit?limit=1000${query}`).expect(200);
  return body.items as AuditEntry[];
}

/** What came into the log meanwhile. */
async function during(run: () => Promise<unknown>): Promise<AuditEntry[]> {
  const last = (await entries('&first=newest'))[0]?.entry;
  await run();
  return entries(last === undefined ? '' : `&after=${last}`);
}

describe('every route that changes something', () => {
  const values: Record<string, string> = { group: '0123456789abcdef', item: '0', token: CANARY };
  const routes: [method: string, path: string][] = [];
  beforeAll(async () => {
    const { paths } = await describeApi();
    for (const [path, methods] of Object.entries(paths)) {
      for (const method of Object.keys(methods)) if (method !== 'get') routes.push([method, path]);
    }
  });

  it('is in the log with what came of it, whoever wrote it', async () => {
    expect(routes.length).toBeGreaterThan(25);
    const missing: string[] = [];
    for (const [method, path] of routes) {
      const url = path.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? 'nothing-there');
      const found = await during(() => {
        const test = http[method as 'post'](url).set('Content-Type', 'application/json');
        return method === 'delete' ? test : test.send('{}');
      });
      const [asked, ended] = found;
      const both = found.length === 2 && asked?.phase === 'asked' && ended?.phase !== 'asked' && asked.id === ended?.id;
      const whole = both || (found.length === 1 && asked?.phase !== 'asked' && asked?.who.role === 'nobody'); // came with a token
      if (!whole) missing.push(`${method} ${path}: ${JSON.stringify(found)}`);
      expect(JSON.stringify(found)).not.toContain(CANARY);
    }
    expect(missing).toEqual([]);
  });

  it('is known by its name, and no name is left over', () => {
    const { controllers = [] } = ApiModule.register({ redisUrl: '', prefix: '', retentionMs: 1, shutdownMs: 1 });
    const handlers = (controllers as Type[]).flatMap((type) => {
      const prototype = type.prototype as Record<string, object>;
      return Object.getOwnPropertyNames(prototype)
        .filter((name) => Reflect.hasMetadata(METHOD_METADATA, prototype[name] ?? {}))
        .filter((name) => Reflect.getMetadata(METHOD_METADATA, prototype[name] ?? {}) !== RequestMethod.GET)
        .map((name) => `${type.name}.${name}`);
    });
    expect(Object.keys(ACTS).filter((name) => !handlers.includes(name))).toEqual([]);
  });

  it('of the dashboard of queues, too', async () => {
    const found = await during(() => http.put('/queues/api/queues/machines/pause').expect(200));
    expect(found.map(({ phase, act }) => [phase, act])).toEqual([
      ['asked', 'PUT /queues/api/queues/machines/pause'],
      ['done', 'PUT /queues/api/queues/machines/pause'],
    ]);
    await http.put('/queues/api/queues/machines/resume').expect(200);
  });
});

const start = async (machine: string, correlationId: string, status: string) => {
  await http.post('/v1/machines').send({ machine, correlationId, context: { card: CANARY } }).expect(201);
  const now = async () => ((await http.get(`/v1/machines/${correlationId}`)).body as { status: string }).status;
  await waitFor(async () => (await now()) === status, { what: `${correlationId} is ${status}` });
};

it('has who, what, on what, before and after of an operator, and the names of what he changed', async () => {
  await start('wait', 'a-1', 'waiting');
  const found = await during(async () => {
    const { headers } = await http.post('/v1/machines/a-1/pause').send({ by: 'ada', why: 'wrong card' }).expect(200);
    await http
      .patch('/v1/machines/a-1/context?by=ada&why=typo')
      .set('If-Match', headers.etag as string)
      .send({ card: CANARY, address: { city: CANARY } })
      .expect(200);
    await http.post('/v1/machines/a-1/retry').expect(409);
  });
  const who = { name: 'anonymous', role: 'admin', via: 'open', address: expect.stringContaining('127.0.0.1') as string };
  expect(found).toMatchObject([
    { act: 'pause', on: 'machine a-1', who, phase: 'asked', details: { by: 'ada', why: 'wrong card' }, before: { status: 'waiting' } },
    { act: 'pause', phase: 'done', after: { status: 'paused', state: 'begin' } },
    { act: 'edit', phase: 'asked', details: { by: 'ada', why: 'typo', fields: ['card', 'address.city'] }, before: { status: 'paused' } },
    { act: 'edit', phase: 'done', after: { status: 'paused' } },
    { act: 'retry', phase: 'asked', before: { status: 'paused' } },
    { act: 'retry', phase: 'refused', code: 'STEERING_REFUSED' },
  ]);
  const revisions = found.map(({ before, after }) => (before ?? after)?.revision);
  expect(revisions[1]).toBe(revisions[2]);
  expect(revisions[2]).not.toBe(revisions[3]);
  expect(JSON.stringify(found)).not.toContain(CANARY);
});

it('says what an act on many was for, and where to look for the rest', async () => {
  await start('fail', 'f-1', 'failed');
  const filter = { machine: 'fail', status: ['failed'] };
  const found = await during(() => http.post('/v1/operations').send({ act: 'cancel', filter, operationId: 'op-1', why: 'old' }).expect(202));
  expect(found).toMatchObject([
    { act: 'act on many', on: `machines ${JSON.stringify(filter)}`, details: { act: 'cancel', filter, operationId: 'op-1', why: 'old' } },
    { phase: 'done', after: { operationId: 'op-1' } },
  ]);
});

it('is read in pages, from either end, and by caller, act and what it was on', async () => {
  const all = await entries();
  const ids = ({ items }: { items: AuditEntry[] }) => items.map(({ entry }) => entry);
  const page = (query: string) => http.get(`/v1/audit?${query}`).expect(200);
  const first = (await page('limit=3')).body;
  expect(ids(first)).toEqual(all.slice(0, 3).map(({ entry }) => entry));
  const second = (await page(`limit=3&after=${first.next as string}`)).body;
  expect(ids(second)).toEqual(all.slice(3, 6).map(({ entry }) => entry));
  expect(ids((await page('first=newest&limit=2')).body)).toEqual(all.slice(-2).reverse().map(({ entry }) => entry));
  const paused = (await page('act=pause&on=machine a-1&by=anonymous&limit=1')).body;
  expect(paused).toMatchObject({ items: [{ act: 'pause', phase: 'asked' }], next: expect.any(String) });
  expect((await page(`act=pause&on=machine a-1&after=${paused.next as string}`)).body).toMatchObject({ items: [{ phase: 'done' }], next: null });
  expect((await page('to=2020-01-01T00:00:00Z')).body).toEqual({ items: [], next: null });
  expect((await page('from=2020-01-01T00:00:00Z&limit=1000')).body.items).toHaveLength(all.length);
  const { body } = await http.get('/v1/audit?after=x&limit=0&first=last&from=soon').expect(400);
  expect(body.errors.map(({ field }: { field: string }) => field).sort()).toEqual(['after', 'first', 'from', 'limit']);
});

it('"stile audit" shows, exports and follows it', async () => {
  const shown = await stile.run('audit', '--act', 'pause');
  expect(shown.out).toMatch(/anonymous.*pause +machine a-1 +done\n.*pause +machine a-1 +asked/);
  const { out } = await stile.run('audit', 'export', '--since', '1h');
  const lines = out.trim().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as AuditEntry).entry)).toEqual((await entries()).map(({ entry }) => entry));
  const tail = stile.begin('audit', 'tail', '--since', '1h', '--act', 'cancel');
  await http.post('/v1/machines/a-1/cancel').send({ mode: 'now' }).expect(200);
  await tail.says('"cancelled"');
  tail.interrupt();
  expect((await tail.ended()).code).toBe(130);
});

it('has the acts of operators alone, unless it is to have everything', async () => {
  const quiet = await createApp({ redisUrl: testRedisUrl(), prefix, retentionMs: 60_000, shutdownMs: 1000 }, false);
  await quiet.init();
  const program = request(quiet.getHttpServer());
  const found = await during(async () => {
    await program.post('/v1/machines').send({ machine: 'wait', correlationId: 'a-2' }).expect(201);
    await waitFor(async () => (await program.get('/v1/machines/a-2')).body.status === 'waiting', { what: 'it waits' });
    await program.post('/v1/machines/a-2/events').send({ event: 'paid' }).expect(202);
    await program.post('/v1/machines/a-2/cancel').expect((answer) => expect([200, 409]).toContain(answer.status));
  });
  expect(new Set(found.map(({ act }) => act))).toEqual(new Set(['cancel']));
  await quiet.close();
});
