import type { NestExpressApplication } from '@nestjs/platform-express';
import { defineMachine } from '@stile/machine';
import request from 'supertest';
import { createApp } from '../../apps/api/src/app';
import { testRedisUrl, uniquePrefix, waitFor } from '../support/redis';
import { ApiStage, bound } from './api-support';

const order = defineMachine({
  name: 'order',
  maxRetries: 0,
  initial: 'wait',
  states: {
    wait: { on: { paid: 'work' } },
    work: {
      do: (context, step) => {
        context.paid = step.event.data;
        if (!context.go) throw new Error('not yet');
        return 'done';
      },
      on: { done: 'end' },
    },
    end: { final: true },
  },
});

const prefix = uniquePrefix('redaction');
const stage = new ApiStage(prefix);
const NUMBER = '4111-1111';
const context = { card: { number: NUMBER, brand: 'visa' }, password: 'hunter2', number: 1 };
const shown = { card: { number: '[redacted]', brand: 'visa' }, password: '[redacted]', number: 1 };
let app: NestExpressApplication;
let http: ReturnType<typeof request>;

beforeAll(async () => {
  await stage.worker(bound(order));
  const redact = ['card.number', 'password'];
  app = await createApp({ redisUrl: testRedisUrl(), prefix, retentionMs: 60_000, shutdownMs: 1000, redact }, false);
  await app.listen(0, '127.0.0.1');
  http = request(app.getHttpServer());
});
afterAll(async () => {
  await app.close();
  await stage.close();
});

const until = (id: string, status: string) =>
  waitFor(
    async () => {
      const { body } = await http.get(`/v1/machines/${id}`).expect(200);
      return body.status === status && body;
    },
    { what: `${id} ${status}` },
  );

it('fields are hidden in every answer, and stay what they are', async () => {
  const started = await http.post('/v1/machines').send({ machine: 'order', correlationId: 'o-1', context }).expect(201);
  expect(started.body.context).toEqual(shown);
  await until('o-1', 'waiting');
  const data = { card: { number: NUMBER } };
  await http.post('/v1/machines/o-1/events').send({ event: 'paid', data }).expect(202);
  const failed = await until('o-1', 'failed');
  expect(failed.context).toEqual(shown);
  const history = await http.get('/v1/machines/o-1/history').expect(200);
  expect(history.body.items[0].context).toEqual(shown);
  expect(history.body.items[1].data).toEqual({ card: { number: '[redacted]' } });
  const schedule = await http.put('/v1/schedules/daily').send({ machine: 'order', every: '1d', context });
  expect(schedule.body.context).toEqual(shown);
  expect((await http.get('/v1/schedules').expect(200)).body.items[0].context).toEqual(shown);
  const stream = await http.get('/v1/machines/o-1/stream').buffer(true).expect(200);
  expect(stream.text).toContain('[redacted]');
  for (const text of [started.text, history.text, schedule.text, stream.text, JSON.stringify(failed)]) {
    expect(text).not.toMatch(/4111|hunter2/);
  }

  // An edit of other fields leaves them; what stands in their place is not written back.
  const edit = (patch: object) => http.patch('/v1/machines/o-1/context').set('If-Match', `"${failed.revision}"`).send(patch);
  const refused = await edit({ cards: ['[redacted]'] }).expect(400);
  expect(refused.body.errors[0].problem).toContain('stands for what is not shown');
  expect((await edit({ go: true }).expect(200)).body.context).toEqual({ ...shown, go: true });
  await http.post('/v1/machines/o-1/retry').send({}).expect(200);
  await until('o-1', 'completed');
  const plain = await stage.api();
  expect((await plain.http.get('/v1/machines/o-1').expect(200)).body.context).toMatchObject({ ...context, paid: data });
});
