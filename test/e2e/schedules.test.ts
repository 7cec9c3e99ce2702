import { Logger, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Machines, Schedules } from '@stile/machine';
import request from 'supertest';
import { prepareHttp } from '../../apps/api/src/http/prepare-http';
import { SchedulesController } from '../../apps/api/src/schedules/schedules.controller';
import { ScheduleService } from '../../libs/machine/src/engine/schedule/schedule-service';
import { BullScheduleAlarms } from '../../libs/machine/src/queue/schedule-alarms';
import { RedisScheduleStore } from '../../libs/machine/src/redis/schedule-store';
import { plain } from '../integration/support/machines';
import { World } from '../integration/support/world';
import { asAnonymous } from './api-support';

const silent = { debug() {}, log() {}, warn() {}, error() {} };

describe('/v1/schedules', () => {
  let world: World;
  let app: NestExpressApplication;
  let http: ReturnType<typeof request>;
  let alarms: BullScheduleAlarms;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    world = new World();
    await world.worker([plain('job')]);
    alarms = new BullScheduleAlarms(world.redis, world.keys, () => undefined);
    const schedules = new ScheduleService(new RedisScheduleStore(world.redis, world.keys), alarms, world.machines, silent);
    const providers = [
      { provide: Schedules, useValue: schedules },
      { provide: Machines, useValue: world.machines },
    ];
    class ScheduleRoutes {}
    Module({ controllers: [SchedulesController], providers })(ScheduleRoutes);
    app = await NestFactory.create<NestExpressApplication>(ScheduleRoutes, { bodyParser: false, logger: false });
    prepareHttp(app);
    app.use(asAnonymous);
    await app.listen(0, '127.0.0.1');
    http = request(app.getHttpServer());
  });
  afterAll(async () => {
    await app.close();
    await alarms.close();
    await world.close();
  });

  it('makes, shows, lists, steers and removes a schedule', async () => {
    const fields = { machine: 'job', cron: '30 2 * * *', timeZone: 'Europe/Berlin', catchUp: '1h', context: { a: [] } };
    const put = await http.put('/v1/schedules/nightly').send(fields).expect(200);
    expect(put.body).toMatchObject({
      name: 'nightly',
      cron: '30 2 * * *',
      catchUpMs: 3_600_000,
      overlap: 'skip',
      stopped: false,
    });
    const again = await http.post('/v1/schedules').send({ ...fields, name: 'nightly' });
    expect([again.status, again.body]).toEqual([200, put.body]);
    expect((await http.get('/v1/schedules/nightly').expect(200)).body).toEqual(put.body);
    expect((await http.get('/v1/schedules').expect(200)).body).toEqual({ items: [put.body] });
    expect((await http.post('/v1/schedules/nightly/stop').expect(200)).body).toMatchObject({ stopped: true, nextAt: null });
    expect((await http.post('/v1/schedules/nightly/start').expect(200)).body).toMatchObject({ stopped: false });
    const { body, headers } = await http.post('/v1/schedules/nightly/trigger').expect(201);
    expect(headers.location).toBe(`/v1/machines/${body.correlationId}`);
    await world.until(body.correlationId, 'completed');
    await http.delete('/v1/schedules/nightly').expect(204);
    expect((await http.delete('/v1/schedules/nightly').expect(404)).body.code).toBe('SCHEDULE_NOT_FOUND');
  });

  it.each([
    [{ machine: 'job' }, 'cron'],
    [{ machine: 'job', cron: 'soon' }, 'cron'],
    [{ machine: 'job', cron: '@daily', every: '5m' }, 'every'],
    [{ machine: 'job', every: 5 }, 'every'],
    [{ machine: 'job', every: '5m', overlap: 'no' }, 'overlap'],
    [{ machine: 'job', cron: '@daily', timeZone: 'Mars' }, 'timeZone'],
    [{ machine: 'job', every: '5m', more: 1 }, 'more'],
  ])('refuses %j for its %s', async (fields, field) => {
    const { body } = await http.put('/v1/schedules/s').send(fields).expect(400);
    expect(body).toMatchObject({ code: 'VALIDATION_FAILED', errors: [{ field }] });
  });

  it('refuses a machine that nobody has published', async () => {
    expect((await http.put('/v1/schedules/s').send({ machine: 'x', every: '5m' }).expect(422)).body.code).toBe('UNKNOWN_MACHINE');
    const old = await http.put('/v1/schedules/s').send({ machine: 'job', version: 9, every: '5m' }).expect(422);
    expect(old.body.code).toBe('UNKNOWN_VERSION');
  });

  it.each(['get', 'delete'] as const)('%s of one that is not there is 404, of no name 400', async (method) => {
    expect((await http[method]('/v1/schedules/none').expect(404)).body.code).toBe('SCHEDULE_NOT_FOUND');
    await http[method]('/v1/schedules/a%20b').expect(400);
  });
});
