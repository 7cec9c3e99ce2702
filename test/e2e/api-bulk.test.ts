import { defineMachine } from '@stile/machine';
import type request from 'supertest';
import { uniquePrefix, waitFor } from '../support/redis';
import { ApiStage, bound } from './api-support';

let isDown = true;
const invoice = defineMachine({
  name: 'invoice',
  maxRetries: 0,
  initial: 'charge',
  states: {
    charge: {
      do: () => {
        if (isDown) throw new Error('the bank is down');
        return 'charged';
      },
      on: { charged: 'done' },
    },
    done: { final: true },
  },
});
const letter = defineMachine({
  name: 'letter',
  initial: 'wait',
  states: { wait: { do: () => undefined, on: { stamped: 'done' } }, done: { final: true } },
});

describe('many machines at once, over HTTP', () => {
  const stage = new ApiStage(uniquePrefix('api-bulk'));
  let http: ReturnType<typeof request>;

  beforeAll(async () => {
    ({ http } = await stage.api());
    await stage.worker(bound(invoice), bound(letter));
  });
  afterAll(() => stage.close());

  const start = async (machine: string, count: number): Promise<void> => {
    const items = Array.from({ length: count }, () => ({}));
    await http.post('/v1/machines/bulk').send({ machine, items }).expect(200);
  };
  const ended = (path = ''): Promise<Record<string, unknown>> =>
    waitFor(
      async () => {
        const { body } = await http.get(path).expect(200);
        return body.status !== 'running' && (body as Record<string, unknown>);
      },
      { what: `the end of ${path}` },
    );
  const act = async (body: object): Promise<Record<string, unknown>> => {
    const { headers } = await http.post('/v1/operations').send(body).expect(202);
    return ended(headers.location);
  };
  const counts = async (machine: string): Promise<Record<string, number>> => {
    const { body } = await http.get(`/v1/counts?machine=${machine}`).expect(200);
    const items = body.items as { status: string; count: number }[];
    return Object.fromEntries(items.map(({ status, count }) => [status, count]));
  };
  const until = (machine: string, expected: Record<string, number>): Promise<unknown> =>
    waitFor(async () => expect(await counts(machine)).toEqual(expected) === undefined, { what: `${machine} as expected` });

  it('pauses, resumes and cancels what matches, and shows how that stands', async () => {
    await start('letter', 8);
    await until('letter', { waiting: 8 });
    const filter = { machine: 'letter', status: ['waiting'] };
    const paused = await act({ act: 'pause', filter, by: 'ada', why: 'out of stamps' });
    expect(paused).toMatchObject({
      ...{ act: 'pause', status: 'done', stoppedBecause: null, filter, by: 'ada', why: 'out of stamps' },
      ...{ total: 8, matched: 8, done: 8, refused: 0, gone: 0, event: null, mode: null },
    });
    expect(await counts('letter')).toEqual({ paused: 8 });
    await act({ act: 'resume', filter: { machine: 'letter', status: ['paused'] } });
    await until('letter', { waiting: 8 });
    const cancelled = await act({ act: 'cancel', mode: 'now', filter: { machine: 'letter' } });
    expect(cancelled).toMatchObject({ done: 8, mode: 'now' });
    expect(await counts('letter')).toEqual({ cancelled: 8 });
    const refused = await act({ act: 'pause', filter: { machine: 'letter' } });
    expect(refused).toMatchObject({ matched: 8, done: 0, refused: 8, reasons: { STEERING_REFUSED: 8 } });
  });

  it('redrives a group of failures: not at all while they fail again, then one, then the rest', async () => {
    await start('invoice', 12);
    await until('invoice', { failed: 12 });
    const { body } = await http.get('/v1/failures?machine=invoice').expect(200);
    expect(body.items).toMatchObject([{ machine: 'invoice', state: 'charge', count: 12, message: 'the bank is down' }]);
    const path = `/v1/failures/${(body.items as { group: string }[])[0]?.group}/redrive`;

    const first = await http.post(path).send({ by: 'ada', why: 'try' }).expect(202);
    const stopped = await ended(first.headers.location);
    expect(stopped).toMatchObject({ act: 'redrive', status: 'stopped', stoppedBecause: 'they fail again', total: 12, done: 1 });

    isDown = false;
    const one = await http.post(path).send({ count: 1 }).expect(202);
    expect(await ended(one.headers.location)).toMatchObject({ status: 'done', total: 1, done: 1 });
    const rest = await http.post(path).send({ count: 'all' }).expect(202);
    expect(await ended(rest.headers.location)).toMatchObject({ status: 'done', done: 11, failedAgain: 0 });
    await until('invoice', { completed: 12 });
    expect((await http.post(path).expect(404)).body.code).toBe('FAILURE_GROUP_NOT_FOUND');
  });

  it('lists operations of all kinds, the newest first', async () => {
    const sent = await http.post('/v1/events').send({ machine: 'letter', event: 'stamped', operationId: 'sent' }).expect(202);
    await ended(sent.headers.location);
    await http
      .post('/v1/operations')
      .send({ act: 'retry', filter: { all: true }, operationId: 'newest' })
      .expect(202);
    const { body } = await http.get('/v1/operations').expect(200);
    const items = body.items as { id: string; act: string; startedAt: string; filter: object }[];
    expect(items.slice(0, 2)).toMatchObject([
      { id: 'newest', act: 'retry', filter: { all: true } },
      { id: 'sent', act: 'send', event: 'stamped', filter: { machine: 'letter' }, machine: 'letter' },
    ]);
    const times = items.map(({ startedAt }) => startedAt);
    expect(times).toEqual([...times].sort().reverse());
    const shown = await http.get('/v1/operations/sent').expect(200);
    expect(items[1]).toEqual(shown.body);
  });

  it('is one operation where the request comes twice, and stops where it is told to', async () => {
    const wanted = { act: 'pause', filter: { idPrefix: 'nobody' }, operationId: 'twice' };
    await http.post('/v1/operations').send(wanted).expect(202, { operationId: 'twice' });
    await http.post('/v1/operations').send(wanted).expect(202, { operationId: 'twice' });
    const other = await http.post('/v1/operations').send({ ...wanted, act: 'resume' });
    expect(other.body).toMatchObject({ status: 409, code: 'OPERATION_ID_TAKEN' });
    const { body } = await http.post('/v1/operations/twice/stop').expect(200);
    expect(['done', 'stopped']).toContain(body.status);
  });

  it.each([
    [{ filter: { all: true } }, 'act'],
    [{ act: 'edit', filter: { all: true } }, 'act'],
    [{ act: 'retry' }, 'filter'],
    [{ act: 'retry', filter: {} }, 'filter'],
    [{ act: 'retry', filter: 'all' }, 'filter'],
    [{ act: 'retry', filter: { all: true, machine: 'letter' } }, 'filter.all'],
    [{ act: 'retry', filter: { statuses: ['failed'] } }, 'filter.statuses'],
    [{ act: 'retry', filter: { status: ['gone'] } }, 'filter.status'],
    [{ act: 'retry', filter: { status: 'failed' } }, 'filter.status'],
    [{ act: 'retry', filter: { version: 1 } }, 'filter.version'],
    [{ act: 'retry', filter: { machine: 7 } }, 'filter.machine'],
    [{ act: 'retry', filter: { tag: 'shop:berlin' } }, 'filter.tag'],
    [{ act: 'retry', filter: { from: 'yesterday' } }, 'filter.from'],
    [{ act: 'retry', filter: { failure: 'x' } }, 'filter.failure'],
    [{ act: 'retry', mode: 'now', filter: { all: true } }, 'mode'],
    [{ act: 'cancel', mode: 'soon', filter: { all: true } }, 'mode'],
    [{ act: 'retry', filter: { all: true }, operationId: 'a b' }, 'operationId'],
  ])('refuses %j, naming %s', async (body, field) => {
    const answer = await http.post('/v1/operations').send(body).expect(400);
    expect(answer.body.code).toBe('VALIDATION_FAILED');
    expect(answer.body.errors).toMatchObject([{ field }]);
  });

  it.each([
    ['/v1/failures/nope/redrive', {}, 'group'],
    ['/v1/failures/0123456789abcdef/redrive', { count: 0 }, 'count'],
    ['/v1/failures/0123456789abcdef/redrive', { count: 'some' }, 'count'],
    ['/v1/failures/0123456789abcdef/redrive?count=1', {}, 'count'],
  ])('%s refuses %j, naming %s', async (path, body, field) => {
    const answer = await http.post(path).send(body).expect(400);
    expect(answer.body.errors).toMatchObject([{ field }]);
  });

  it('says that a machine is not known, and that a group is not there', async () => {
    const unknown = await http.post('/v1/operations').send({ act: 'pause', filter: { machine: 'lettre' } });
    expect(unknown.body).toMatchObject({ status: 422, code: 'UNKNOWN_MACHINE' });
    const gone = await http.post('/v1/failures/0123456789abcdef/redrive');
    expect(gone.body).toMatchObject({ status: 404, code: 'FAILURE_GROUP_NOT_FOUND' });
  });
});
