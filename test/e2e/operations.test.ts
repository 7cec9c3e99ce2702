import { Logger, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Operations } from '@stile/machine';
import request from 'supertest';
import { prepareHttp } from '../../apps/api/src/http/prepare-http';
import { OperationsController } from '../../apps/api/src/operations/operations.controller';
import { OperationService } from '../../libs/machine/src/engine/operation/operation-service';
import { BullOperationQueue } from '../../libs/machine/src/queue/operation-queue';
import { RedisMachineListing } from '../../libs/machine/src/redis/listing/redis-machine-listing';
import { RedisOperationStore } from '../../libs/machine/src/redis/operation-store';
import { plain } from '../integration/support/machines';
import { World } from '../integration/support/world';
import { asAnonymous } from './api-support';

const silent = { debug() {}, log() {}, warn() {}, error() {} };

describe('/v1/events and /v1/operations', () => {
  let world: World;
  let app: NestExpressApplication;
  let http: ReturnType<typeof request>;
  let queue: BullOperationQueue;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    world = new World();
    world.pod();
    // Published, and no worker there: nothing happens to an operation but what is asked for here.
    await world.redis.hset(world.keys.definitions, 'job@1', JSON.stringify(plain('job').definition));
    queue = new BullOperationQueue(world.redis, world.keys, () => undefined);
    const listing = new RedisMachineListing(world.redis, world.keys);
    const store = new RedisOperationStore(world.redis, world.keys);
    const operations = new OperationService({ store, queue, machines: world.machines, listing, log: silent });
    class OperationRoutes {}
    Module({ controllers: [OperationsController], providers: [{ provide: Operations, useValue: operations }] })(OperationRoutes);
    app = await NestFactory.create<NestExpressApplication>(OperationRoutes, { bodyParser: false, logger: false });
    prepareHttp(app);
    app.use(asAnonymous);
    await app.listen(0, '127.0.0.1');
    http = request(app.getHttpServer());
  });
  afterAll(async () => {
    await app.close();
    await queue.close();
    await world.close();
  });

  it('stores an operation, shows it and stops it', async () => {
    const wanted = { machine: 'job', event: 'go', data: { a: [] }, by: 'ada' };
    const { body, headers } = await http.post('/v1/events').send(wanted).expect(202);
    expect(headers.location).toBe(`/v1/operations/${body.operationId}`);
    const shown = await http.get(headers.location ?? '').expect(200);
    expect(shown.body).toMatchObject({
      id: body.operationId,
      ...{ act: 'send', status: 'running', filter: { machine: 'job' }, total: 0 },
      machine: 'job',
      tag: null,
      matched: 0,
      by: 'ada',
    });
    const stopped = await http.post(`/v1/operations/${body.operationId}/stop`).expect(200);
    expect(stopped.body).toMatchObject({ status: 'stopped', finishedAt: expect.any(String) });
    expect((await http.get(headers.location ?? '').expect(200)).body).toEqual(stopped.body);
  });

  it('takes the same request under the same id once, and another one not at all', async () => {
    const wanted = { operationId: 'x', tag: { key: 'shop', value: 'a' }, event: 'go' };
    expect((await http.post('/v1/events').send(wanted).expect(202)).body).toEqual({ operationId: 'x' });
    await http.post('/v1/events').send(wanted).expect(202);
    const other = await http
      .post('/v1/events')
      .send({ ...wanted, event: 'stop' })
      .expect(409);
    expect(other.body.code).toBe('OPERATION_ID_TAKEN');
  });

  it.each([
    [{ event: 'go' }, 400, 'VALIDATION_FAILED'],
    [{ machine: 'job' }, 400, 'VALIDATION_FAILED'],
    [{ machine: 'job', tag: { key: 'a', value: 'b' }, event: 'go' }, 400, 'VALIDATION_FAILED'],
    [{ tag: { key: 'a' }, event: 'go' }, 400, 'VALIDATION_FAILED'],
    [{ machine: 'nobody', event: 'go' }, 422, 'UNKNOWN_MACHINE'],
    [{ machine: 'job', event: 'never' }, 422, 'UNDECLARED_EVENT'],
    [{ machine: 'job', event: 'go', data: 'x'.repeat(300_000) }, 413, 'EVENT_TOO_LARGE'],
  ])('answers %#: %i', async (body, status, code) => {
    expect((await http.post('/v1/events').send(body).expect(status)).body.code).toBe(code);
  });

  it('says that an operation is not there', async () => {
    expect((await http.get('/v1/operations/none').expect(404)).body.code).toBe('OPERATION_NOT_FOUND');
    expect((await http.post('/v1/operations/none/stop').expect(404)).body.code).toBe('OPERATION_NOT_FOUND');
  });
});
