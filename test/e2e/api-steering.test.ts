import { defineMachine, type HistoryItem, type MachineView, type Step } from '@stile/machine';
import type request from 'supertest';
import { uniquePrefix, waitFor } from '../support/redis';
import { ApiStage, bound } from './api-support';

const parcel = defineMachine({
  name: 'parcel',
  maxRetries: 0,
  onCancel: 'cleanup',
  initial: 'ready',
  states: {
    ready: { do: () => undefined, on: { go: 'weigh', later: 'done' } },
    weigh: {
      do: ({ grams }) => {
        if (typeof grams !== 'number') throw new Error('grams is no number');
        return 'weighed';
      },
      on: { weighed: 'done' },
    },
    cleanup: { final: true, entry: (context) => void (context.cleaned = true) },
    done: { final: true },
  },
});

/** Starts three machines and goes on without them. */
const sender = defineMachine({
  name: 'sender',
  initial: 'start',
  states: {
    start: {
      do: (_context, step) => {
        step.startAll('parcel', [{ n: 0 }, { n: 1 }, { n: 2 }], { group: 'parcels', event: 'all' });
        return 'started';
      },
      on: { started: 'wait' },
    },
    wait: { do: () => undefined, on: { all: 'done' } },
    done: { final: true },
  },
});

/** Works until the test lets it, and says that it was told to stop. */
class Doors {
  readonly entered = new Set<string>();
  readonly aborted = new Map<string, string>();
  readonly gone = new Set<string>();
  private readonly open = new Map<string, () => void>();

  async pass({ correlationId: id, signal }: Step): Promise<string> {
    signal.addEventListener('abort', () => this.aborted.set(id, (signal.reason as Error).name));
    const opened = new Promise<void>((resolve) => this.open.set(id, resolve));
    this.entered.add(id);
    await opened;
    this.gone.add(id);
    return 'worked';
  }

  letGo(id: string): void {
    this.open.get(id)?.();
  }
}

const doors = new Doors();
const labour = defineMachine({
  name: 'labour',
  onCancel: 'cleanup',
  initial: 'work',
  states: {
    work: { do: (_context, step): Promise<string> => doors.pass(step), on: { worked: 'rest' } },
    rest: { entry: (context) => void (context.worked = true), do: () => undefined, on: { end: 'done' } },
    cleanup: { final: true, entry: (context) => void (context.cleaned = true) },
    done: { final: true },
  },
});

const BY = { by: 'ada', why: 'a test' };

describe('steering over HTTP', () => {
  const stage = new ApiStage(uniquePrefix('api-steering'));
  let http: ReturnType<typeof request>;

  beforeAll(async () => {
    await stage.worker(bound(parcel), bound(sender), bound(labour));
    ({ http } = await stage.api());
  });
  afterAll(() => stage.close());

  const view = async (id: string) => (await http.get(`/v1/machines/${id}`).expect(200)).body as MachineView;
  const reached = (id: string, status: string) =>
    waitFor(
      async () => {
        const now = await view(id);
        return now.status === status && now;
      },
      { what: `${id} is ${status}` },
    );
  const waiting = async (id: string, context = {}): Promise<string> => {
    await http.post('/v1/machines').send({ machine: 'parcel', correlationId: id, context }).expect(201);
    await reached(id, 'waiting');
    return id;
  };
  const act = (id: string, name: string, body: object = BY) => http.post(`/v1/machines/${id}/${name}`).send(body);
  const send = (id: string, event: string) => http.post(`/v1/machines/${id}/events`).send({ event }).expect(202);
  const lastOf = async (id: string) => {
    const { body } = await http.get(`/v1/machines/${id}/history`).expect(200);
    return (body.items as HistoryItem[]).at(-1);
  };

  it('pauses and resumes, and tells who and why', async () => {
    const id = await waiting('pause', { grams: 1 });
    const paused = await act(id, 'pause').expect(200);
    expect(paused.body.status).toBe('paused');
    expect(paused.headers.etag).toBe(`"${paused.body.revision}"`);
    expect(await lastOf(id)).toMatchObject({ outcome: 'paused', ...BY });
    await send(id, 'go');
    expect((await view(id)).status).toBe('paused');
    await act(id, 'resume').expect(200);
    expect((await http.get(`/v1/machines/${id}?wait=10s`)).body.status).toBe('completed');
  });

  it('cancels gracefully through the state that cleans up, or now', async () => {
    const gently = await waiting('cancel-gently');
    await act(gently, 'cancel', {}).expect(200);
    const { body } = await http.get(`/v1/machines/${gently}?wait=10s`).expect(200);
    expect(body).toMatchObject({ status: 'cancelled', state: 'cleanup', context: { cleaned: true } });

    const now = await waiting('cancel-now');
    const cancelled = await act(now, 'cancel', { mode: 'now', ...BY }).expect(200);
    expect(cancelled.body).toMatchObject({ status: 'cancelled', state: 'ready', context: {} });
    expect(await lastOf(now)).toMatchObject({ outcome: 'cancelled', ...BY });
    await act(now, 'cancel', { mode: 'now' }).expect(200); // stays as it is
    const refused = await act(now, 'pause').expect(409);
    expect(refused.body).toMatchObject({ code: 'STEERING_REFUSED', detail: expect.stringContaining('cancelled') });
  });

  const working = async (id: string): Promise<string> => {
    await http.post('/v1/machines').send({ machine: 'labour', correlationId: id }).expect(201);
    await waitFor(() => doors.entered.has(id), { what: `${id} is at work` });
    return id;
  };

  it('pauses a machine at work when its step has been committed', async () => {
    const id = await working('pause-at-work');
    const asked = await act(id, 'pause').expect(200);
    expect(asked.body).toMatchObject({ status: 'running', asked: 'pause', steps: 0 });
    expect(doors.aborted.has(id)).toBe(false);
    doors.letGo(id);
    const { state, event, asked: still } = await reached(id, 'paused');
    expect({ state, event, still }).toEqual({ state: 'work', event: 'worked', still: null });
    await act(id, 'resume').expect(200);
    expect(await reached(id, 'waiting')).toMatchObject({ state: 'rest', context: { worked: true } });
  });

  it.each(['graceful', 'now'] as const)(
    'cancels a machine at work, %s: its signal is aborted, its step not committed',
    async (mode) => {
      const id = await working(`cancel-at-work-${mode}`);
      const { body } = await act(id, 'cancel', { mode, ...BY }).expect(200);
      expect(body).toMatchObject(mode === 'now' ? { status: 'cancelled' } : { status: 'running', asked: 'cancel' });
      await waitFor(() => doors.aborted.has(id), { what: 'the signal is aborted' });
      doors.letGo(id);
      await waitFor(() => doors.gone.has(id), { what: 'the action returns all the same' });
      const ended = await http.get(`/v1/machines/${id}?wait=10s`).expect(200);
      const cleaned = { state: 'cleanup', context: { cleaned: true } };
      const asItWas = { state: 'pseudo_init', steps: 0, context: {} };
      expect(ended.body).toMatchObject({ status: 'cancelled', ...(mode === 'now' ? asItWas : cleaned) });
      const { body: history } = await http.get(`/v1/machines/${id}/history`).expect(200);
      const told = (history.items as HistoryItem[]).find(({ outcome }) => outcome.startsWith('cancel'));
      expect(told).toMatchObject({ outcome: mode === 'now' ? 'cancelled' : 'cancelling', ...BY });
      expect((history.items as HistoryItem[]).filter(({ to }) => to === 'rest')).toEqual([]);
    },
  );

  it('refuses acts that the status does not allow', async () => {
    const id = await working('refuses');
    expect((await act(id, 'move', { state: 'rest' }).expect(409)).body.code).toBe('STEERING_REFUSED');
    doors.letGo(id);
    await reached(id, 'waiting');
    expect((await act(id, 'retry').expect(409)).body.detail).toContain('only a failed machine can be retried');
  });

  it('edits nothing without the revision that was read', async () => {
    const id = await waiting('edit-blind');
    await act(id, 'pause').expect(200);
    const patch = () => http.patch(`/v1/machines/${id}/context`);
    expect((await patch().send({ grams: 1 }).expect(428)).body.code).toBe('PRECONDITION_REQUIRED');
    const deep = '{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000);
    const nested = patch().set('If-Match', '"0.0.0"').set('Content-Type', 'application/json').send(deep);
    expect((await nested.expect(422)).body.code).toBe('CONTEXT_NOT_JSON');
    const weak = await patch().set('If-Match', 'W/"1"').send({ grams: 1 }).expect(400);
    expect(weak.body).toMatchObject({ code: 'VALIDATION_FAILED', errors: [{ field: 'If-Match' }] });
    expect(await view(id)).toMatchObject({ context: {}, status: 'paused' });
    const { headers } = await http.get(`/v1/machines/${id}`);
    const { body } = await patch()
      .set('If-Match', headers.etag as string)
      .send({ grams: 1 })
      .expect(200);
    expect(body).toMatchObject({ status: 'paused', context: { grams: 1 } });
  });

  it('edits the context of a failed machine at the revision that was read, and retries it', async () => {
    const id = await waiting('edit', { grams: 'many', keep: { a: 1, b: 2 } });
    const patch = (ifMatch: string, body: object) =>
      http
        .patch(`/v1/machines/${id}/context?by=ada&why=typo`)
        .set('Content-Type', 'application/merge-patch+json')
        .set('If-Match', ifMatch)
        .send(JSON.stringify(body));
    const early = await http.get(`/v1/machines/${id}`);
    expect((await patch(early.headers.etag as string, {}).expect(409)).body.code).toBe('STEERING_REFUSED');

    await send(id, 'go');
    await reached(id, 'failed');
    const { headers } = await http.get(`/v1/machines/${id}`).expect(200);
    const etag = headers.etag as string;
    const answers = await Promise.all([1, 2, 3, 4].map((grams) => patch(etag, { grams, keep: { a: null } })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]); // one of them, never two
    const lost = answers.filter(({ status }) => status === 409);
    expect(new Set(lost.map(({ body }) => body.code as string))).toEqual(new Set(['REVISION_CHANGED']));
    const won = answers.find(({ status }) => status === 200);
    expect(won?.body.context).toEqual({ grams: expect.any(Number), keep: { b: 2 } });
    expect(won?.headers.etag).not.toBe(etag);
    expect(await lastOf(id)).toMatchObject({ outcome: 'edited', by: 'ada', why: 'typo' });

    await act(id, 'retry').expect(200);
    const { body } = await http.get(`/v1/machines/${id}?wait=10s`).expect(200);
    expect(body).toMatchObject({ status: 'completed', context: won?.body.context });
  });

  it('moves a machine to another state by hand, and to none that there is not', async () => {
    const id = await waiting('move', { grams: 2 });
    const { body } = await act(id, 'move', { state: 'wiegh' }).expect(422);
    expect(body).toMatchObject({ code: 'INVALID_ACT', errors: [{ field: 'state', problem: expect.stringContaining('weigh') }] });
    await act(id, 'move', { state: 'weigh', ...BY }).expect(200);
    expect((await http.get(`/v1/machines/${id}?wait=10s`)).body.status).toBe('completed');
    const { body: history } = await http.get(`/v1/machines/${id}/history`);
    expect(history.items).toContainEqual(expect.objectContaining({ outcome: 'moved', ...BY }));
  });

  it('holds a state until the hold is lifted', async () => {
    const target = { machine: 'parcel', state: 'weigh' };
    const put = await http
      .put('/v1/holds')
      .send({ ...target, ...BY })
      .expect(200);
    expect(put.body).toMatchObject({ name: 'parcel/weigh', ...target, ...BY, held: 0 });
    const { body } = await http.get('/v1/holds').expect(200);
    expect(body.items).toMatchObject([{ name: 'parcel/weigh' }]);

    // Workers know within a second; what comes before that goes on.
    let tries = 0;
    const { correlationId: id, heldBy } = await waitFor(
      async () => {
        const next = await waiting(`hold-${tries++}`, { grams: 3 });
        await send(next, 'go');
        await waitFor(async () => ['paused', 'completed'].includes((await view(next)).status), {
          what: `${next} is held or ends`,
        });
        const now = await view(next);
        return now.status === 'paused' && now;
      },
      { what: 'a machine is held' },
    );
    expect(heldBy).toBe('parcel/weigh');
    expect((await http.get('/v1/holds')).body.items).toMatchObject([{ held: 1 }]);
    await http.delete('/v1/holds?machine=parcel&state=weigh').expect(204);
    expect((await http.get(`/v1/machines/${id}?wait=20s`)).body.status).toBe('completed');
    await http.delete('/v1/holds?machine=parcel&state=weigh').expect(404);
    expect((await http.put('/v1/holds').send({ machine: 'nobody' }).expect(422)).body.code).toBe('UNKNOWN_MACHINE');
    expect((await http.put('/v1/holds').send({ machine: 'parcel', state: 'x' }).expect(422)).body.code).toBe('INVALID_ACT');
  });

  it('shows children and their parent, and cancels them together', async () => {
    const id = 'family';
    await http.post('/v1/machines').send({ machine: 'sender', correlationId: id }).expect(201);
    const children = async (query = '') =>
      (await http.get(`/v1/machines/${id}/children${query}`).expect(200)).body.items as {
        correlationId: string;
        outcome: string;
      }[];
    const all = await waitFor(
      async () => {
        const items = await children();
        return items.length === 3 && items.every(({ outcome }) => outcome === 'running') && items;
      },
      { what: 'three children run' },
    );
    expect(all[1]).toMatchObject({ group: 'parcels-0-0', index: 1, machine: 'parcel', error: null });
    expect(await children('?group=parcels-0-0&from=2')).toEqual([all[2]]);
    expect(await children('?limit=1')).toEqual([all[0]]);
    const child = all[1]?.correlationId as string;
    expect((await view(child)).parent).toMatchObject({ correlationId: id, group: 'parcels-0-0', index: 1 });
    expect((await view(id)).children).toBe(3);
    await act(id, 'cancel', { mode: 'now' }).expect(200);
    for (const { correlationId } of all) {
      expect((await http.get(`/v1/machines/${correlationId}?wait=10s`)).body.status).toBe('cancelled');
    }
  });
});
