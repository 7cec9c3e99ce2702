import { Logger, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import {
  ArchivedMachines,
  EventTooLargeError,
  Explanations,
  InboxFullError,
  MachineEvents,
  Machines,
  MachineSteering,
  Replays,
  RevisionError,
  StepNotRecordedError,
  UndeclaredEventError,
  Workers,
} from '@stile/machine';
import type { NextFunction, Request, Response } from 'express';
import request from 'supertest';
import { Authenticator } from './access/authenticator';
import { ANYBODY } from './access/caller';
import { CallbacksController } from './callbacks/callbacks.controller';
import { EventsController } from './events/events.controller';
import { Closing } from './http/closing';
import { prepareHttp } from './http/prepare-http';
import { EndWaiter } from './machines/end-waiter';
import { ExplainController } from './machines/explain.controller';
import { MachineController } from './machines/machine.controller';
import { CallerStarts } from './machines/caller-starts';
import { ReplayController } from './machines/replay.controller';
import { Redaction } from './redaction/redaction';
import { ContextController } from './steering/context.controller';
import { HoldsController } from './steering/holds.controller';
import { SteeringController } from './steering/steering.controller';
import { StreamController } from './streams/stream.controller';
import { StreamLimits } from './streams/stream-limits';
import { Streams } from './streams/streams';
import { IntervalTicker, Ticker } from './streams/ticker';
import { WorkersController } from './workers/workers.controller';

const VIEW = { correlationId: 'm', status: 'waiting', revision: '7.2', error: null };
const RECEIPT = { correlationId: 'm', outcome: 'taken' };
const TOKEN = 'verysecrettoken';

const machines = { get: jest.fn(), wait: jest.fn(), historyAfter: jest.fn(), children: jest.fn() };
const archived = { get: jest.fn(), historyAfter: jest.fn(), children: jest.fn() };
const events = {
  send: jest.fn(),
  inbox: jest.fn(),
  drop: jest.fn(),
  complete: jest.fn(),
  failTask: jest.fn(),
  heartbeat: jest.fn(),
};
const steering = {
  cancel: jest.fn(),
  pause: jest.fn(),
  resume: jest.fn(),
  retry: jest.fn(),
  edit: jest.fn(),
  move: jest.fn(),
  hold: jest.fn(),
  unhold: jest.fn(),
  holds: jest.fn(),
};
const explanations = { explain: jest.fn() };
const replays = { replay: jest.fn() };
const workers = { list: jest.fn() };

@Module({
  controllers: [
    MachineController,
    ExplainController,
    ReplayController,
    WorkersController,
    StreamController,
    EventsController,
    CallbacksController,
    SteeringController,
    ContextController,
    HoldsController,
  ],
  providers: [
    EndWaiter,
    Streams,
    { provide: StreamLimits, useFactory: () => new StreamLimits() },
    { provide: CallerStarts, useFactory: () => new CallerStarts({ admitCaller: async () => undefined }) },
    Closing,
    { provide: Ticker, useFactory: () => new IntervalTicker(5) },
    { provide: Machines, useValue: machines },
    { provide: ArchivedMachines, useValue: archived },
    { provide: MachineEvents, useValue: events },
    { provide: MachineSteering, useValue: steering },
    { provide: Explanations, useValue: explanations },
    { provide: Replays, useValue: replays },
    { provide: Workers, useValue: workers },
    { provide: Authenticator, useValue: { isOpen: true } },
    { provide: Redaction, useValue: new Redaction() },
  ],
})
class RoutesModule {}

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
type Row = [method: Method, path: string, body: object | string | undefined, fields: string[]];

const REFUSED: Row[] = [
  ['post', '/v1/machines/m/events', undefined, ['']],
  ['post', '/v1/machines/m/events', {}, ['event']],
  ['post', '/v1/machines/m/events', { event: 1, dedupeId: '', more: 1 }, ['more', 'event', 'dedupeId']],
  ['post', '/v1/machines/m/events', { event: 'a', dedupeId: 'x'.repeat(201) }, ['dedupeId']],
  ['post', '/v1/machines/m/events', '{"event":"a","data":[{"__proto__":1}]}', ['data']],
  ['post', '/v1/machines/a%20b/events', { event: 'a' }, ['id']],
  ['delete', '/v1/machines/m/inbox/first', undefined, ['item']],
  ['delete', '/v1/machines/m/inbox/-1', undefined, ['item']],
  ['post', '/v1/machines/m/cancel', { mode: 'soon', by: 'x'.repeat(129), why: 5 }, ['by', 'why', 'mode']],
  ['post', '/v1/machines/m/cancel', 'null', ['']],
  ['post', '/v1/machines/m/pause', { mode: 'now' }, ['mode']],
  ['post', '/v1/machines/m/resume', { why: 'x'.repeat(1001) }, ['why']],
  ['post', '/v1/machines/m/retry', [], ['']],
  ['post', '/v1/machines/m/move', undefined, ['']],
  ['post', '/v1/machines/m/move', { state: '' }, ['state']],
  [
    'post',
    '/v1/machines/m/replay',
    { step: -1, correlationId: 'a b', more: 1, why: 5 },
    ['step', 'correlationId', 'more', 'why'],
  ],
  ['get', '/v1/machines/a%20b/explain', undefined, ['id']],
  ['get', '/v1/machines/m/explain?wait=1s', undefined, ['wait']],
  ['get', '/v1/workers?name=w', undefined, ['name']],
  ['patch', '/v1/machines/m/context?by=a&because=b', {}, ['because']],
  ['get', '/v1/machines/m?wait=61s', undefined, ['wait']],
  ['get', '/v1/machines/m?wait=60001', undefined, ['wait']],
  ['get', '/v1/machines/m?wait=soon', undefined, ['wait']],
  ['get', '/v1/machines/m?wait=', undefined, ['wait']],
  ['get', '/v1/machines/m/history?after=-1&limit=0', undefined, ['after', 'limit']],
  ['get', '/v1/machines/m/history?limit=1001', undefined, ['limit']],
  ['get', '/v1/machines/m/children?from=x&limit=1e2&group=', undefined, ['from', 'limit', 'group']],
  ['get', '/v1/machines/m/stream?after=1', undefined, ['after']],
  ['post', `/v1/callbacks/${TOKEN}`, { data: 1 }, ['event']],
  ['post', `/v1/callbacks/${TOKEN}/failure`, { code: '' }, ['code', 'message']],
  ['post', `/v1/callbacks/${TOKEN}/heartbeat`, { detail: 1 }, ['detail']],
  ['put', '/v1/holds', { version: 0, state: 1 }, ['machine', 'version', 'state']],
  ['delete', '/v1/holds?version=0', undefined, ['machine', 'version']],
];

describe('routes', () => {
  let app: NestExpressApplication;
  let http: ReturnType<typeof request>;

  beforeAll(async () => {
    app = await NestFactory.create<NestExpressApplication>(RoutesModule, { bodyParser: false, logger: false });
    prepareHttp(app);
    app.use((request: Request, _response: Response, next: NextFunction) => {
      request.caller = ANYBODY; // who may is the guard's to say, which is not in here
      next();
    });
    await app.listen(0, '127.0.0.1');
    http = request(app.getHttpServer());
  });
  afterAll(() => app.close());
  beforeEach(() => {
    jest.resetAllMocks();
    for (const act of ['cancel', 'pause', 'resume', 'retry', 'edit', 'move'] as const) steering[act].mockResolvedValue(VIEW);
    for (const call of ['send', 'complete', 'failTask'] as const) events[call].mockResolvedValue(RECEIPT);
    machines.get.mockResolvedValue(VIEW);
  });

  const ask = (method: Method, path: string, body?: object | string) => {
    const test = http[method](path);
    return body === undefined ? test : test.set('Content-Type', 'application/json').send(body);
  };

  it.each(REFUSED)('%s %s refuses %j, one problem a field', async (method, path, body, fields) => {
    const { status, body: problem } = await ask(method, path, body);
    expect({ status, ...problem }).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' });
    expect(problem.errors.map(({ field }: { field: string }) => field).sort()).toEqual([...fields].sort());
    for (const fake of Object.values({ ...events, ...steering, ...explanations, ...replays, ...workers }))
      expect(fake).not.toHaveBeenCalled();
    expect(JSON.stringify(problem)).not.toContain(TOKEN);
  });

  it('hands an event on as it came', async () => {
    const event = { event: 'paid', data: [null, { a: 1 }], dedupeId: 'd' };
    await ask('post', '/v1/machines/m/events', event).expect(202, { outcome: 'taken' });
    expect(events.send).toHaveBeenCalledWith('m', expect.objectContaining(event));
    await ask('post', '/v1/machines/m/events', { event: 'paid', data: null }).expect(202);
  });

  it('refuses data that is too large with a code of its own', async () => {
    events.send.mockRejectedValueOnce(new EventTooLargeError('data', 280_002, 262_144));
    const { status, body } = await ask('post', '/v1/machines/m/events', { event: 'a', data: 'ä'.repeat(140_000) });
    expect({ status, code: body.code }).toEqual({ status: 413, code: 'EVENT_TOO_LARGE' });
    expect(body.detail).toContain('data has 280002 bytes');
  });

  it('tells the legal events, and when to come again', async () => {
    events.send.mockRejectedValueOnce(new UndeclaredEventError('order', 1, 'payed', ['paid', 'cancel']));
    const undeclared = await ask('post', '/v1/machines/m/events', { event: 'payed' }).expect(422);
    expect(undeclared.body).toMatchObject({ code: 'UNDECLARED_EVENT', legal: ['paid', 'cancel'] });
    events.send.mockRejectedValueOnce(new InboxFullError('m', 1000));
    const full = await ask('post', '/v1/machines/m/events', { event: 'paid' }).expect(429);
    expect(full.headers['retry-after']).toBe('1');
  });

  it('drops an item of the inbox, or says that it is not there', async () => {
    events.drop.mockResolvedValueOnce(true).mockResolvedValueOnce(false);
    await ask('delete', '/v1/machines/m/inbox/3').expect(204);
    expect(events.drop).toHaveBeenCalledWith('m', 3);
    const { body } = await ask('delete', '/v1/machines/m/inbox/3').expect(404);
    expect(body.code).toBe('INBOX_ITEM_NOT_FOUND');
    const { body: none } = await ask('get', '/v1/machines/m/inbox').expect(404);
    expect(none.code).toBe('MACHINE_NOT_FOUND');
  });

  it.each(['cancel', 'pause', 'resume', 'retry'] as const)('%s needs no body', async (act) => {
    const { headers } = await ask('post', `/v1/machines/m/${act}`).expect(200);
    expect(headers.etag).toBe('"7.2"');
    await ask('post', `/v1/machines/m/${act}`, { by: 'ada', why: '' }).expect(200);
    expect(steering[act]).toHaveBeenLastCalledWith('m', expect.objectContaining({ by: 'ada', why: '' }));
  });

  describe('PATCH context', () => {
    const patch = (ifMatch: string | undefined, body: unknown, type = 'application/merge-patch+json') => {
      const test = http.patch('/v1/machines/m/context?by=ada&why=typo').set('Content-Type', type);
      return (ifMatch === undefined ? test : test.set('If-Match', ifMatch)).send(JSON.stringify(body));
    };

    it.each(['application/merge-patch+json', 'application/json; charset=utf-8'])('takes %s', async (type) => {
      const { headers } = await patch('"7.1"', { a: null }, type).expect(200);
      expect(headers.etag).toBe('"7.2"');
      expect(steering.edit).toHaveBeenCalledWith('m', { a: null }, '7.1', expect.objectContaining({ by: 'ada', why: 'typo' }));
    });

    it('needs the revision that was read', async () => {
      const { body } = await patch(undefined, {}).expect(428);
      expect(body.code).toBe('PRECONDITION_REQUIRED');
      for (const wrong of ['*', '7.1', 'W/"7.1"', '"a", "b"']) {
        const answer = await patch(wrong, {}).expect(400);
        expect(answer.body.errors).toEqual([{ field: 'If-Match', problem: expect.stringContaining('quotes included') }]);
      }
      expect(steering.edit).not.toHaveBeenCalled();
    });

    it.each([[[1]], [null], ['text'], [{ a: JSON.parse('{"__proto__":1}') as unknown }]])('refuses %j', async (body) => {
      await patch('"7.1"', body).expect(400);
      expect(steering.edit).not.toHaveBeenCalled();
    });

    it('is told of a lost race', async () => {
      steering.edit.mockRejectedValue(new RevisionError('m', '7.1', '7.3'));
      const { body } = await patch('"7.1"', {}).expect(409);
      expect(body).toMatchObject({ code: 'REVISION_CHANGED', detail: expect.stringContaining('7.3') });
    });

    it('takes a merge patch nowhere else', async () => {
      const type = 'application/merge-patch+json';
      await http.post('/v1/machines/m/pause').set('Content-Type', type).send('{}').expect(415);
    });
  });

  describe('GET machine', () => {
    it('has its revision as the ETag, and is never "not modified"', async () => {
      const { headers } = await http.get('/v1/machines/m').set('If-None-Match', '"7.2"').expect(200);
      expect(headers.etag).toBe('"7.2"');
    });

    it.each([
      ['30s', 30_000],
      ['1m', 60_000],
      ['250', 250],
      ['0', 0],
    ])('waits for %s', async (wait, ms) => {
      machines.wait.mockResolvedValue(VIEW);
      await http.get(`/v1/machines/m?wait=${wait}`).expect(200);
      expect(machines.wait).toHaveBeenCalledWith('m', ms, expect.any(AbortSignal));
    });

    it('waits no longer than its client', async () => {
      let signal: AbortSignal | undefined;
      machines.wait.mockImplementation((_id, _ms, given: AbortSignal) => {
        signal = given;
        return new Promise((_, reject) => given.addEventListener('abort', () => reject(new Error('aborted'))));
      });
      const client = new AbortController();
      const { port } = app.getHttpServer().address() as { port: number };
      const asked = fetch(`http://127.0.0.1:${port}/v1/machines/m?wait=60s`, { signal: client.signal }).catch(() => 'gone');
      while (!signal) await new Promise(setImmediate);
      const aborted = new Promise((resolve) => signal?.addEventListener('abort', resolve));
      client.abort();
      expect(await asked).toBe('gone');
      await aborted;
    });
  });

  it('pages through history and children', async () => {
    machines.historyAfter.mockResolvedValue({ lost: 2, items: [{ number: 3, error: { code: 'A', message: 'b', stack: 's' } }] });
    const { body } = await http.get('/v1/machines/m/history?after=2&limit=5').expect(200);
    expect(body).toEqual({ lost: 2, items: [{ number: 3, error: { code: 'A', message: 'b', stack: 's' } }] });
    expect(machines.historyAfter).toHaveBeenCalledWith('m', 2, 5);
    await http.get('/v1/machines/m/history').expect(200);
    expect(machines.historyAfter).toHaveBeenLastCalledWith('m', 0, 1000);
    machines.children.mockResolvedValue([]);
    await http.get('/v1/machines/m/children?group=g&from=7').expect(200, { items: [] });
    expect(machines.children).toHaveBeenCalledWith('m', { group: 'g', from: 7, limit: 100 });
  });

  it('explains a machine, or says that there is none', async () => {
    explanations.explain
      .mockResolvedValueOnce({ reason: 'timer', text: 'a', since: null, until: null })
      .mockResolvedValue(undefined);
    await http.get('/v1/machines/m/explain').expect(200, { reason: 'timer', text: 'a', since: null, until: null });
    const { body } = await http.get('/v1/machines/m/explain').expect(404);
    expect(body.code).toBe('MACHINE_NOT_FOUND');
  });

  it('replays a step as a new machine, once', async () => {
    const machine = { ...VIEW, correlationId: 'n' };
    replays.replay
      .mockResolvedValueOnce({ outcome: 'created', machine })
      .mockResolvedValueOnce({ outcome: 'existing', machine })
      .mockResolvedValueOnce({ outcome: 'conflict', correlationId: 'n' })
      .mockRejectedValueOnce(new StepNotRecordedError('m', 7, 'it has not been run', [0, 1]));
    const { headers } = await ask('post', '/v1/machines/m/replay').expect(201);
    expect(headers.location).toBe('/v1/machines/n');
    expect(replays.replay).toHaveBeenLastCalledWith('m', {});
    const asked = { step: 7, correlationId: 'n', by: 'ada', why: 'again' };
    await ask('post', '/v1/machines/m/replay', asked).expect(200);
    expect(replays.replay).toHaveBeenLastCalledWith('m', expect.objectContaining(asked));
    expect((await ask('post', '/v1/machines/m/replay', asked).expect(409)).body.code).toBe('CORRELATION_ID_TAKEN');
    const { body } = await ask('post', '/v1/machines/m/replay', asked).expect(409);
    expect(body).toMatchObject({ code: 'STEP_NOT_RECORDED', detail: expect.stringContaining('these can: 0-1') });
  });

  it('lists workers by name', async () => {
    workers.list.mockResolvedValue([{ name: 'w2' }, { name: 'w1' }]);
    await http.get('/v1/workers').expect(200, { items: [{ name: 'w1' }, { name: 'w2' }] });
  });

  it('puts, lists and lifts holds', async () => {
    steering.hold.mockResolvedValue({ name: 'order@2/charge' });
    await ask('put', '/v1/holds', { machine: 'order', version: 2, state: 'charge', why: 'audit' }).expect(200);
    expect(steering.hold).toHaveBeenCalledWith({ machine: 'order', version: 2, state: 'charge' }, { why: 'audit' });
    steering.unhold.mockResolvedValueOnce(true).mockResolvedValueOnce(false);
    await http.delete('/v1/holds?machine=order&version=2&state=charge').expect(204);
    expect(steering.unhold).toHaveBeenCalledWith({ machine: 'order', version: 2, state: 'charge' });
    const { body } = await http.delete('/v1/holds?machine=order&version=2').expect(404);
    expect(body).toMatchObject({ code: 'HOLD_NOT_FOUND', detail: expect.stringContaining('order@2;') });
  });

  describe('callbacks', () => {
    it('complete, fail and keep alive a task', async () => {
      await ask('post', `/v1/callbacks/${TOKEN}`, { event: 'done' }).expect(202, RECEIPT);
      expect(events.complete).toHaveBeenCalledWith(TOKEN, expect.objectContaining({ event: 'done' }));
      await ask('post', `/v1/callbacks/${TOKEN}/failure`, { code: 'A', message: '' }).expect(202, RECEIPT);
      expect(events.failTask).toHaveBeenCalledWith(TOKEN, { code: 'A', message: '' });
      const alive = { correlationId: 'm', expiresAt: '2026-01-01T00:00:00.000Z' };
      events.heartbeat.mockResolvedValue(alive);
      await ask('post', `/v1/callbacks/${TOKEN}/heartbeat`).expect(200, alive);
      await ask('post', `/v1/callbacks/${TOKEN}/heartbeat`, { details: 5 }).expect(200, alive);
      expect(events.heartbeat).toHaveBeenLastCalledWith(TOKEN, 5);
    });

    it('keep their token out of problems and the log', async () => {
      const logged: unknown[] = [];
      jest.spyOn(Logger.prototype, 'error').mockImplementation((...words) => void logged.push(...words));
      events.complete.mockRejectedValue(new Error('broken'));
      const own = await ask('post', `/v1/callbacks/${TOKEN}`, { event: 'done' }).expect(500);
      expect(own.body.instance).toBe('/v1/callbacks/***');
      expect(JSON.stringify(logged)).toContain('POST /v1/callbacks/***: Error: broken');
      const routes = [`/v1/callbacks/${TOKEN}`, `/V1/Callbacks/${TOKEN}/nothing`, `/v1//callbacks/${TOKEN}/?token=a`];
      for (const path of routes) {
        const { text } = await http.get(path).expect(404);
        expect(text.toLowerCase()).toContain('callbacks/***');
        expect(text).not.toContain(TOKEN);
      }
      expect(JSON.stringify(logged)).not.toContain(TOKEN);
    });

    it('know no token of any length', async () => {
      const { body } = await ask('post', `/v1/callbacks/${'t'.repeat(5000)}`, { event: 'done' }).expect(410);
      expect(body.code).toBe('CALLBACK_GONE');
      expect(events.complete).not.toHaveBeenCalled();
    });
  });

  describe('stream', () => {
    it('refuses an id that is none of its own, and machines that are not there', async () => {
      const { body } = await http.get('/v1/machines/m/stream').set('Last-Event-ID', '-1').expect(400);
      expect(body.errors).toEqual([{ field: 'Last-Event-ID', problem: expect.any(String) }]);
      machines.get.mockResolvedValue(undefined);
      const none = await http.get('/v1/machines/m/stream').expect(404);
      expect(none.headers['content-type']).toContain('application/problem+json');
    });

    it('goes on after Last-Event-ID and ends with the machine', async () => {
      machines.get.mockResolvedValue({ ...VIEW, status: 'completed' });
      machines.historyAfter.mockImplementation(async (_id, after: number) => ({
        lost: 0,
        items: after < 9 ? [{ number: 9, error: null }] : [],
      }));
      const { text, headers } = await http.get('/v1/machines/m/stream').set('Last-Event-ID', '8').expect(200);
      expect(headers['content-type']).toContain('text/event-stream');
      expect(headers['cache-control']).toBe('no-store');
      expect(text).toMatch(
        /^retry: 1000\n\nid: 9\nevent: history\ndata: \{.*\}\n\nevent: machine\ndata: .*\n\nevent: end\ndata: .*\n\n$/,
      );
      expect(machines.historyAfter.mock.calls[0]).toEqual(['m', 8, 100]);
    });
  });
});
