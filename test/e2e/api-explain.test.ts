import { defineMachine, REASONS, type Explanation, type MachineView, type StileRuntime } from '@stile/machine';
import type request from 'supertest';
import { uniquePrefix, waitFor } from '../support/redis';
import { ApiStage, bound, greet } from './api-support';

const parcel = defineMachine({
  name: 'parcel',
  maxRetries: 2,
  retry: { baseMs: 3_600_000, capMs: 3_600_000, jitter: 'none' },
  initial: 'ready',
  states: {
    ready: { do: () => undefined, on: { weigh: 'weigh', lose: 'done' } },
    weigh: {
      do: (context, step) => {
        if (typeof context.grams !== 'number') throw new Error('grams is no number');
        context.weighed = step.event.data ?? null;
        return 'weighed';
      },
      on: { weighed: 'done' },
    },
    done: { final: true },
  },
});
const brittle = defineMachine({
  name: 'brittle',
  maxRetries: 0,
  initial: 'break',
  states: {
    break: {
      do: () => {
        throw new Error('as expected');
      },
      on: { never: 'done' },
    },
    done: { final: true },
  },
});
const clock = defineMachine({
  name: 'clock',
  initial: 'wait',
  states: { wait: { after: { '1h': 'ring' }, on: { ring: 'done' } }, done: { final: true } },
});
const parent = defineMachine({
  name: 'parent',
  initial: 'start',
  states: {
    start: {
      do: (_context, step) => {
        step.startAll('parcel', [{}, {}], { group: 'parcels', event: 'all' });
        return 'started';
      },
      on: { started: 'wait' },
    },
    wait: { do: () => undefined, on: { all: 'done' } },
    done: { final: true },
  },
});
let release!: () => void;
const released = new Promise<void>((resolve) => (release = resolve));
const labour = (name: string) =>
  defineMachine({
    name,
    initial: 'work',
    states: { work: { do: () => released.then(() => 'worked'), on: { worked: 'done' } }, done: { final: true } },
  });

describe('why a machine does not move', () => {
  const stage = new ApiStage(uniquePrefix('api-explain'));
  let http: ReturnType<typeof request>;
  let worker: StileRuntime;
  const seen = new Set<string>();

  beforeAll(async () => {
    worker = await stage.worker(...[parcel, brittle, clock, parent, labour('labour'), labour('toil')].map(bound), greet());
    await stage.publish(greet(2), greet(3, 'slow-lane'), greet(4, 'crowded'));
    ({ http } = await stage.api());
  });
  afterAll(async () => {
    release();
    await stage.close();
  });

  const start = async (machine: string, id: string, more: object = {}): Promise<string> => {
    await http
      .post('/v1/machines')
      .send({ machine, correlationId: id, ...more })
      .expect(201);
    return id;
  };
  const explain = async (id: string): Promise<Explanation> => {
    const { body } = await http.get(`/v1/machines/${id}/explain`).expect(200);
    seen.add((body as Explanation).reason);
    return body as Explanation;
  };
  const until = (id: string, reason: string): Promise<Explanation> =>
    waitFor(
      async () => {
        const explanation = await explain(id);
        return explanation.reason === reason && explanation;
      },
      { what: `${id} is explained as ${reason}` },
    );
  const view = async (id: string) => (await http.get(`/v1/machines/${id}`).expect(200)).body as MachineView;
  const send = (id: string, event: string, data?: unknown) =>
    http.post(`/v1/machines/${id}/events`).send({ event, data }).expect(202);

  it('is 404 for one that is not there', async () => {
    const { body } = await http.get('/v1/machines/nobody/explain').expect(404);
    expect(body.code).toBe('MACHINE_NOT_FOUND');
  });

  it('it waits: for events, a timer, children, its time', async () => {
    await start('parcel', 'waits');
    expect(await until('waits', 'waiting')).toMatchObject({ text: 'waits for events weigh, lose', events: ['weigh', 'lose'] });
    await start('clock', 'ticks');
    const timer = await until('ticks', 'timer');
    expect(timer.text).toMatch(/^timer "ring" due at 20.*Z, in (1 h|59 min \d+ s)$/);
    expect(timer.until).toBe((await view('ticks')).timers[0]?.at);
    await start('parent', 'family');
    expect(await until('family', 'children')).toMatchObject({ children: 2, childrenEnded: 0 });
    const { body } = await http.get('/v1/machines/family/children').expect(200);
    await waitFor(async () => (await view(body.items[0].correlationId)).status === 'waiting', { what: 'the child waits' });
    await send(body.items[0].correlationId, 'lose');
    await waitFor(async () => (await explain('family')).childrenEnded === 1, { what: 'one of two has ended' });
    expect((await explain('family')).text).toBe('waits for children: 1 of 2 have ended (group parcels-0-0)');
    await start('parcel', 'later', { delayMs: 3_600_000 });
    expect(await explain('later')).toMatchObject({ reason: 'delayed', until: expect.any(String) });
  });

  it('it has failed, for good or until the next attempt', async () => {
    await start('parcel', 'retries');
    await until('retries', 'waiting');
    await send('retries', 'weigh');
    const retry = await until('retries', 'retrying');
    expect(retry).toMatchObject({ retry: 1, maxRetries: 2, error: { message: 'grams is no number' } });
    expect(retry.text).toMatch(/^retry 1 of 2 in (1 h|59 min \d+ s) after "grams is no number"$/);
    await start('brittle', 'breaks');
    expect((await until('breaks', 'failed')).text).toMatch(/^failed in state "break" with Error: as expected; mend/);
  });

  it('somebody has stopped it', async () => {
    await start('parcel', 'stopped');
    await until('stopped', 'waiting');
    await http.post('/v1/machines/stopped/pause').send({ by: 'ada', why: 'wrong amount' }).expect(200);
    expect(await explain('stopped')).toMatchObject({
      reason: 'paused',
      text: expect.stringMatching(/^paused by ada since 20.*Z: wrong amount; resume it/),
      by: 'ada',
      why: 'wrong amount',
    });
    await http.post('/v1/machines/stopped/cancel').send({ by: 'bob', mode: 'now' }).expect(200);
    expect(await explain('stopped')).toMatchObject({ reason: 'cancelled', text: 'cancelled by bob' });

    await http.put('/v1/holds').send({ machine: 'greet', state: 'hello', by: 'ada', why: 'hush' }).expect(200);
    await waitFor(() => worker.services.holdWatch.any, { what: 'the worker knows of the hold' });
    await start('greet', 'hushed', { version: 1 });
    expect(await until('hushed', 'held')).toMatchObject({
      hold: 'greet/hello',
      text: expect.stringMatching(/^held by greet\/hello since 20.*Z, put by ada: hush; take the hold off/),
    });
    await http.delete('/v1/holds?machine=greet&state=hello').expect(204);
    await until('hushed', 'completed');
  });

  it('nobody can run it', async () => {
    await start('greet', 'unserved', { version: 3 });
    expect(await explain('unserved')).toMatchObject({
      reason: 'noWorker',
      queue: 'slow-lane',
      text: 'no worker serves queue "slow-lane", test-worker serves others; start one',
    });
    await start('greet', 'undefined', { version: 2 });
    expect(await explain('undefined')).toMatchObject({ reason: 'noDefinition', definition: 'greet@2' });

    const [seconds] = await worker.redis.time();
    const beat = { name: 'old', at: Number(seconds) * 1000, queues: ['crowded'], active: 50, lastJobMs: 0 };
    await worker.redis.hset(worker.keys.workers, 'old', JSON.stringify(beat));
    await start('greet', 'one-of-many', { version: 4 });
    expect(await explain('one-of-many')).toMatchObject({ reason: 'queued', jobs: 1, queue: 'crowded' });
  });

  it('somebody runs it, or did', async () => {
    await start('labour', 'works');
    const running = await until('works', 'running');
    const { lease } = await view('works');
    expect(lease).toMatchObject({ worker: 'test-worker', fence: 1 });
    expect(running).toMatchObject({
      worker: 'test-worker',
      fence: 1,
      text: expect.stringMatching(/^running on worker test-worker since 20.*Z \(step 0\)$/),
    });

    const beats = await worker.redis.hgetall(worker.keys.workers);
    await worker.redis.del(worker.keys.workers); // as of one that has died; it will speak again within two seconds
    expect(await explain('works')).toMatchObject({ reason: 'leaseHeld', worker: 'test-worker', until: lease?.until });
    await worker.redis.hset(worker.keys.workers, beats);
  });

  it('its record is garbage', async () => {
    await worker.redis.set(worker.keys.record('garbage'), 'not a hash');
    expect(await explain('garbage')).toMatchObject({ reason: 'quarantined', text: expect.stringContaining('not a hash') });
    await start('parcel', 'spoilt');
    await until('spoilt', 'waiting');
    await worker.redis.hset(worker.keys.record('spoilt'), 'steps', 'many');
    expect(await explain('spoilt')).toMatchObject({ reason: 'quarantined' });
  });

  it('waits for its turn, where its definition is limited', async () => {
    const labours = '/v1/limits/definition/toil';
    await http.put(labours).send({ concurrency: 1 }).expect(200);
    // Those that begin before the worker knows of the limit hold nothing.
    let count = 0;
    const startOne = async (): Promise<Explanation | false> => {
      const id = await start('toil', `toil-${count++}`);
      const settled = async () => ((now) => ['running', 'limited'].includes(now.reason) && now)(await explain(id));
      const explanation = await waitFor(settled, { what: `${id} runs or waits` });
      return explanation.reason === 'limited' && explanation;
    };
    expect(await waitFor(startOne, { what: 'one that waits' })).toMatchObject({ text: expect.stringContaining('toil') });
    await http.delete(labours).expect(204);
  });

  it('has met every reason there is', () => {
    expect([...seen].sort()).toEqual([...REASONS].sort());
  });

  it('lists workers with what they run', async () => {
    const listed = async (): Promise<Record<string, unknown>[]> => (await http.get('/v1/workers').expect(200)).body.items;
    // A worker says every two seconds what it has done.
    const busy = async () => (await listed()).some(({ name, lastJobMs }) => name === 'test-worker' && lastJobMs !== null);
    await waitFor(busy, { what: 'the worker tells of its jobs' });
    const [old, own] = await listed();
    expect(old).toMatchObject({ name: 'old', host: null, pid: null, startedAt: null, concurrency: null, definitions: [] });
    expect(own).toEqual({
      name: 'test-worker',
      host: expect.any(String),
      pid: process.pid,
      startedAt: expect.stringMatching(/Z$/),
      queues: ['machines'],
      concurrency: 50,
      partitions: [0],
      active: expect.any(Number),
      lagMs: expect.any(Number),
      lastSeenMs: expect.any(Number),
      lastJobMs: expect.any(Number),
      definitions: expect.arrayContaining([
        { name: 'greet', version: 1 },
        { name: 'parcel', version: 1 },
      ]),
    });
  });

  describe('replay', () => {
    const replay = (id: string, body: object) => http.post(`/v1/machines/${id}/replay`).send(body);

    beforeAll(async () => {
      await start('parcel', 'first', { context: { grams: 5 }, tags: { shop: 'berlin' } });
      await until('first', 'waiting');
      await send('first', 'weigh', { scale: 7 });
      await until('first', 'completed');
    });

    it('begins anew as a step did: state, event, its data, context and tags', async () => {
      const asked = { step: 1, correlationId: 'second', by: 'ada', why: 'the scale was off' };
      const created = await replay('first', asked).expect(201);
      expect(created.headers.location).toBe('/v1/machines/second');
      const { runId } = await view('first');
      const replayOf = { correlationId: 'first', runId, step: 1, by: 'ada', why: 'the scale was off' };
      expect(created.body).toMatchObject({
        state: 'ready',
        event: 'weigh',
        context: { grams: 5 },
        tags: { shop: 'berlin' },
        replayOf,
      });
      await until('second', 'completed');
      expect(await view('second')).toMatchObject({ context: { grams: 5, weighed: { scale: 7 } }, steps: 2, replayOf });
      const { body } = await http.get('/v1/machines/second/history').expect(200);
      expect(body.items[0]).toMatchObject({ from: 'ready', event: 'weigh', context: { grams: 5 }, data: { scale: 7 } });
      expect(body.items[1]).not.toHaveProperty('data');

      expect((await replay('first', asked).expect(200)).body.runId).toBe(created.body.runId);
      const other = await replay('first', { ...asked, step: 0 }).expect(409);
      expect(other.body.code).toBe('CORRELATION_ID_TAKEN');
    });

    it('begins with the first step where none is named, under a new id', async () => {
      const { body } = await replay('first', {}).expect(201);
      expect(body).toMatchObject({ state: 'pseudo_init', event: 'pseudo_init', replayOf: { correlationId: 'first', step: 0 } });
      expect(body.correlationId).not.toBe('first');
      await until(body.correlationId, 'waiting');
    });

    it('says which steps there are where one is not kept', async () => {
      const { body } = await replay('first', { step: 9 }).expect(409);
      expect(body).toMatchObject({
        code: 'STEP_NOT_RECORDED',
        detail: 'step 9 of machine "first" cannot be replayed: it has not been run; these can: 0-2',
      });
      await start('parcel', 'heavy', { context: { grams: 5, text: 'x'.repeat(17_000) } });
      await until('heavy', 'waiting');
      const heavy = await replay('heavy', { step: 0 }).expect(409);
      expect(heavy.body.detail).toMatch(/its context was not kept \(\d+ bytes of JSON; .*no step of it can be$/);
      expect((await replay('nobody', {}).expect(404)).body.code).toBe('MACHINE_NOT_FOUND');
    });
  });
});
