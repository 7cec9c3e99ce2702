import { PSEUDO_INIT, type BoundDefinition, type MachineView } from '@stile/machine';
import type request from 'supertest';
import { uniquePrefix, waitFor } from '../support/redis';
import { ApiStage, greet } from './api-support';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

describe('machines over HTTP', () => {
  const stage = new ApiStage(uniquePrefix('api-machines'));
  let http: ReturnType<typeof request>;

  beforeAll(async () => {
    await stage.worker(greet(1), greet(2), broken());
    ({ http } = await stage.api());
  });
  afterAll(() => stage.close());

  const completed = (id: string) =>
    waitFor(
      async () => {
        const { body } = (await http.get(`/v1/machines/${id}`)) as { body: MachineView };
        return body.status === 'completed' && body;
      },
      { what: `${id} completed` },
    );

  it('starts one, which a worker runs to its end', async () => {
    const start = {
      machine: 'greet',
      correlationId: 'lone-1',
      context: { name: 'Ada', constructor: 'kept' },
      tags: { team: 'a' },
    };
    const { body, headers } = await http.post('/v1/machines').send(start).expect(201);
    expect(headers.location).toBe('/v1/machines/lone-1');
    expect(body).toEqual({
      correlationId: 'lone-1',
      machine: 'greet',
      version: 2,
      status: 'queued',
      state: PSEUDO_INIT,
      event: PSEUDO_INIT,
      steps: 0,
      retries: 0,
      maxRetries: 3,
      fence: 0,
      context: { name: 'Ada', constructor: 'kept' },
      tags: { team: 'a' },
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      updatedAt: expect.any(String),
      finishedAt: null,
      error: null,
      runId: expect.stringMatching(/^[A-Za-z0-9_][\w-]{21}$/),
      revision: expect.any(String),
      inbox: 0,
      timers: [],
      deadlineAt: null,
      asked: null,
      heldBy: null,
      parent: null,
      children: 0,
      heartbeat: null,
      lease: null,
      replayOf: null,
      unreadable: null,
    });

    expect(await completed('lone-1')).toMatchObject({
      state: 'done',
      steps: 2,
      fence: 2,
      retries: 0,
      error: null,
    });
    const history = await http.get('/v1/machines/lone-1/history').expect(200);
    expect(history.body).toEqual({
      lost: 0,
      items: [
        expect.objectContaining({
          number: 1,
          steps: 0,
          from: PSEUDO_INIT,
          to: 'hello',
          outcome: 'committed',
          worker: 'test-worker',
        }),
        expect.objectContaining({
          number: 2,
          steps: 1,
          from: 'hello',
          event: 'said',
          to: 'done',
          outcome: 'committed',
          error: null,
        }),
      ],
    });
  });

  it('gives an id where none is given, and follows its Location', async () => {
    const { body, headers } = await http.post('/v1/machines').send({ machine: 'greet' }).expect(201);
    expect(body.correlationId).toMatch(UUID);
    const found = await http.get(headers.location as string).expect(200);
    expect(found.body.correlationId).toBe(body.correlationId);
  });

  it('answers the same start with the machine that is there, and another payload with 409', async () => {
    const start = {
      machine: 'greet',
      correlationId: '123',
      context: { a: [1, { b: null }], c: 'x' },
      tags: { k: 'v' },
    };
    await http.post('/v1/machines').send(start).expect(201);
    const reordered = {
      tags: { k: 'v' },
      context: { c: 'x', a: [1, { b: null }] },
      correlationId: '123',
      machine: 'greet',
    };
    const again = await http.post('/v1/machines').send(reordered).expect(200);
    expect(again.headers.location).toBe('/v1/machines/123');
    expect(again.body).toMatchObject({ correlationId: '123', context: start.context });

    const other = await http.post('/v1/machines').send({ ...start, context: { a: 2 } });
    expect(other.status).toBe(409);
    expect(other.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(other.body).toMatchObject({ status: 409, code: 'CORRELATION_ID_TAKEN', instance: '/v1/machines' });
  });

  it('makes one machine of 100 equal starts at the same time', async () => {
    const start = { machine: 'greet', correlationId: 'race', context: { n: 1 } };
    const answers = await Promise.all(Array.from({ length: 100 }, () => http.post('/v1/machines').send(start)));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    expect(statuses.filter((status) => status === 200)).toHaveLength(99);
    expect(await completed('race')).toMatchObject({ steps: 2, fence: 2 });
  });

  it('obeys version, delay, retries, state and event', async () => {
    const start = {
      machine: 'greet',
      version: 1,
      delayMs: 60_000,
      maxRetries: 0,
      state: 'hello',
      event: 'said',
    };
    const { body } = await http.post('/v1/machines').send(start).expect(201);
    expect(body).toMatchObject({
      version: 1,
      status: 'delayed',
      maxRetries: 0,
      state: 'hello',
      event: 'said',
    });
  });

  it('starts one at a time that is given, and at once when it is past', async () => {
    const later = { machine: 'greet', correlationId: 'later', startAt: '2100-01-01T01:00:00+01:00' };
    const { body } = await http.post('/v1/machines').send(later).expect(201);
    expect(body).toMatchObject({ status: 'delayed', timers: [{ at: '2100-01-01T00:00:00.000Z' }] });
    await http
      .post('/v1/machines')
      .send({ machine: 'greet', correlationId: 'past', startAt: '2020-01-01T00:00:00Z' })
      .expect(201);
    await completed('past');
  });

  it('answers a wait as soon as the machine has ended, and at the time-out as it is', async () => {
    await http.post('/v1/machines').send({ machine: 'greet', correlationId: 'wait-1', delayMs: 300 }).expect(201);
    const early = await http.get('/v1/machines/wait-1?wait=0').expect(200);
    expect(early.body.status).toBe('delayed');
    const began = performance.now();
    const { body, headers } = await http.get('/v1/machines/wait-1?wait=30s').expect(200);
    expect(body).toMatchObject({ status: 'completed', state: 'done' });
    expect(headers.etag).toBe(`"${body.revision}"`);
    expect(performance.now() - began).toBeLessThan(10_000);
    await http.get('/v1/machines/nobody?wait=30s').expect(404);
  });

  it('starts many, with an outcome for each in their order', async () => {
    await http
      .post('/v1/machines')
      .send({ machine: 'greet', correlationId: 'bulk-old', context: { a: 1 } })
      .expect(201);
    const items = [
      { correlationId: 'bulk-1', context: { a: 1 } },
      {},
      { correlationId: 'bulk-old', context: { a: 1 } },
      { correlationId: 'bulk-old', context: { a: 2 } },
      { correlationId: 'not an id' },
      { correlationId: 'bulk-2', context: [], more: 1 },
      'nonsense',
      { correlationId: 'bulk-1', context: { a: 1 } },
      { correlationId: 'bulk-deep', context: deep(300) },
    ];
    const { body } = await http.post('/v1/machines/bulk').send({ machine: 'greet', items }).expect(200);
    const outcomes = body.items as {
      outcome: string;
      correlationId: string | null;
      machine?: MachineView;
      problem?: object;
    }[];
    expect(outcomes.map(({ outcome, correlationId }) => [outcome, correlationId])).toEqual([
      ['created', 'bulk-1'],
      ['created', expect.stringMatching(UUID)],
      ['existing', 'bulk-old'],
      ['conflict', 'bulk-old'],
      ['rejected', 'not an id'],
      ['rejected', 'bulk-2'],
      ['rejected', null],
      ['existing', 'bulk-1'],
      ['rejected', 'bulk-deep'],
    ]);
    expect(outcomes[0]?.machine).toMatchObject({
      correlationId: 'bulk-1',
      machine: 'greet',
      status: 'queued',
    });
    expect(outcomes[3]?.problem).toMatchObject({ status: 409, code: 'CORRELATION_ID_TAKEN' });
    expect(outcomes[5]?.problem).toMatchObject({
      code: 'VALIDATION_FAILED',
      errors: [{ field: 'items[5].more' }, { field: 'items[5].context' }],
    });
    expect(outcomes[4]?.problem).toMatchObject({ errors: [{ field: 'items[4].correlationId' }] });
    expect(outcomes[6]?.problem).toMatchObject({
      detail: 'items[6] is a string; give a JSON object with: correlationId, context',
    });
    expect(outcomes[8]?.problem).toMatchObject({ status: 422, code: 'CONTEXT_NOT_JSON' });
    await completed('bulk-1');
  });

  it('starts 1,000 at once', async () => {
    const items = Array.from({ length: 1000 }, (_, i) => ({ correlationId: `mass-${i}` }));
    const { body } = await http.post('/v1/machines/bulk').send({ machine: 'greet', items }).expect(200);
    expect(body.items).toHaveLength(1000);
    expect(body.items.every((item: { outcome: string }) => item.outcome === 'created')).toBe(true);
    await completed('mass-999');
  });

  it('shows the stack of an error in the history, where it is looked for, and nowhere else', async () => {
    await http.post('/v1/machines').send({ machine: 'broken', correlationId: 'broken-1', maxRetries: 0 }).expect(201);
    const machine = await waitFor(
      async () => {
        const { body } = (await http.get('/v1/machines/broken-1')) as { body: MachineView };
        return body.status === 'failed' && body;
      },
      { what: 'broken-1 failed' },
    );
    const error = { code: expect.any(String), message: 'out of order' };
    expect(machine.error).toEqual(error);
    const { body } = await http.get('/v1/machines/broken-1/history').expect(200);
    expect(body.items.at(-1)).toMatchObject({ outcome: 'failed' });
    expect(body.items.at(-1).error).toEqual({ ...error, stack: expect.stringContaining('out of order') });
    const again = await http.post('/v1/machines').send({ machine: 'broken', correlationId: 'broken-1', maxRetries: 0 });
    expect(again.body.error).toEqual(error);
  });

  it('shows definitions: all, the highest version, a given one', async () => {
    const all = await http.get('/v1/definitions').expect(200);
    expect(all.body.items.map(({ name, version }: MachineView & { name: string }) => [name, version])).toEqual([
      ['broken', 1],
      ['greet', 1],
      ['greet', 2],
    ]);
    const highest = await http.get('/v1/definitions/greet').expect(200);
    expect(highest.body).toEqual({ ...greet(2).definition, versions: [1, 2] });
    const first = await http.get('/v1/definitions/greet?version=1').expect(200);
    expect(first.body).toEqual({ ...greet(1).definition, versions: [1, 2] });
  });
});

/** Fails at its first step. */
function broken(): BoundDefinition {
  const { definition } = greet();
  const fail = (): never => {
    throw new Error('out of order');
  };
  return { definition: { ...definition, name: 'broken' }, actions: new Map([['greet', fail]]) };
}

function deep(levels: number): object {
  let value: object = {};
  for (let i = 0; i < levels; i++) value = { down: value };
  return value;
}
