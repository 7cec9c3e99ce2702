import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Redis } from 'ioredis';
import { Keyspace } from '../../libs/machine/src/redis/keyspace';
import { testRedisUrl, uniquePrefix, waitFor } from '../support/redis';
import { ApiStage, greet } from './api-support';

let stage: ApiStage;
let folder: string;
let redis: Redis;

beforeEach(() => {
  stage = new ApiStage(uniquePrefix('api-archive'));
  folder = mkdtempSync(join(tmpdir(), 'stile-api-archive-'));
  redis = new Redis(testRedisUrl());
});
afterEach(async () => {
  await stage.close();
  redis.disconnect();
  rmSync(folder, { recursive: true, force: true });
});

it('answers for machines that have gone into the archive, and lists them', async () => {
  const archiveUrl = pathToFileURL(folder).href;
  const { http } = await stage.api({ archiveUrl });
  await stage.workerWith({ archive: { url: archiveUrl } }, greet());
  for (const id of ['a-1', 'a-2']) {
    await http
      .post('/v1/machines')
      .send({ machine: 'greet', correlationId: id, tags: { shop: 'b' } })
      .expect(201);
  }
  const before = (await http.get('/v1/machines/a-1?wait=10s').expect(200)).body;
  await http.get('/v1/machines/a-2?wait=10s').expect(200);
  const history = (await http.get('/v1/machines/a-1/history').expect(200)).body;
  expect(before.archived).toBeUndefined();
  await redis.zadd(new Keyspace(stage.prefix, 1).retention(0), 'XX', 1, 'a-1', 1, 'a-2');
  await waitFor(async () => (await http.get('/v1/machines')).body.items.length === 0, { what: 'both have gone' });

  expect((await http.get('/v1/machines/a-1').expect(200)).body).toEqual({ ...before, archived: true });
  expect((await http.get('/v1/machines/a-1?wait=5s').expect(200)).body.archived).toBe(true);
  expect((await http.get('/v1/machines/a-1/history').expect(200)).body).toEqual(history);
  expect((await http.get('/v1/machines/a-1/children').expect(200)).body).toEqual({ items: [] });
  await http.get('/v1/machines/nobody').expect(404);
  const first = (await http.get('/v1/machines?archived=true&tag=shop:b&status=completed&limit=1').expect(200)).body;
  expect(first.items).toMatchObject([{ correlationId: 'a-2', status: 'completed', archived: true }]);
  const next = (await http.get(`/v1/machines?archived=true&tag=shop:b&status=completed&limit=1&cursor=${first.next}`)).body;
  expect(next).toMatchObject({ items: [{ correlationId: 'a-1' }], next: null });
  expect((await http.get('/v1/machines?archived=true&idPrefix=a-1').expect(200)).body.items).toHaveLength(1);
  expect((await http.get('/v1/machines?archived=false').expect(200)).body.items).toEqual([]);
  expect((await http.get('/v1/machines?archived=yes').expect(400)).body.errors[0].field).toBe('archived');
  expect((await http.get(`/v1/machines?archived=true&cursor=${first.next}x`).expect(400)).body.errors[0].field).toBe('cursor');
});

it('says that there is no archive where none is configured', async () => {
  const { http } = await stage.api();
  const { body } = await http.get('/v1/machines?archived=true').expect(400);
  expect(body).toMatchObject({ code: 'VALIDATION_FAILED', errors: [{ field: 'archived' }] });
  await http.get('/v1/machines/nobody').expect(404);
});
