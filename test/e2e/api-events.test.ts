import { defineMachine, type MachineView } from '@stile/machine';
import type request from 'supertest';
import { uniquePrefix, waitFor } from '../support/redis';
import { ApiStage, bound } from './api-support';

/** Waits for `paid`, then for `shipped`; cannot do with `hurry`, and has no room for more than three events. */
const order = defineMachine({
  name: 'order',
  inboxLimit: 3,
  initial: 'unpaid',
  states: {
    unpaid: {
      do: () => undefined,
      on: {
        paid: 'packed',
        note: { action: (context, { event }) => void ((context.notes ??= []) as unknown[]).push(event.data) },
      },
      events: { hurry: 'reject', ring: 'ignore' },
    },
    packed: {
      entry: (context, step) => void (context.payment = step.event.data),
      do: () => undefined,
      on: { shipped: 'done', hurry: 'packed', ring: 'packed' },
    },
    done: { final: true },
  },
});

describe('events over HTTP', () => {
  const stage = new ApiStage(uniquePrefix('api-events'));
  let http: ReturnType<typeof request>;

  beforeAll(async () => {
    await stage.worker(bound(order));
    ({ http } = await stage.api());
  });
  afterAll(() => stage.close());

  const view = async (id: string) => (await http.get(`/v1/machines/${id}`).expect(200)).body as MachineView;
  const waiting = async (id: string): Promise<string> => {
    await http.post('/v1/machines').send({ machine: 'order', correlationId: id }).expect(201);
    await waitFor(async () => (await view(id)).status === 'waiting', { what: `${id} waits` });
    return id;
  };
  const send = (id: string, event: string, more: object = {}) => http.post(`/v1/machines/${id}/events`).send({ event, ...more });
  const inbox = async (id: string) =>
    (await http.get(`/v1/machines/${id}/inbox`).expect(200)).body.items as { id: number; event: string; data: unknown }[];

  it('wakes a machine, whose actions find the data', async () => {
    const id = await waiting('wakes');
    await send(id, 'paid', { data: { amount: 5, list: [] } }).expect(202, { outcome: 'taken' });
    await waitFor(async () => (await view(id)).state === 'packed', { what: 'paid is taken' });
    await send(id, 'shipped').expect(202);
    const { body } = await http.get(`/v1/machines/${id}?wait=10s`).expect(200);
    expect(body).toMatchObject({ status: 'completed', context: { payment: { amount: 5, list: [] } } });
  });

  it('keeps events that come early, lists them and drops one', async () => {
    const id = await waiting('early');
    await send(id, 'shipped', { data: 1 }).expect(202, { outcome: 'kept' });
    await send(id, 'shipped', { data: null }).expect(202, { outcome: 'kept' });
    const items = await inbox(id);
    expect(items).toEqual([
      { id: expect.any(Number), event: 'shipped', data: 1, receivedAt: expect.stringMatching(/Z$/) },
      { id: expect.any(Number), event: 'shipped', data: null, receivedAt: expect.any(String) },
    ]);
    expect((await view(id)).inbox).toBe(2);
    await http.delete(`/v1/machines/${id}/inbox/${items[1]?.id}`).expect(204);
    const { body } = await http.delete(`/v1/machines/${id}/inbox/${items[1]?.id}`).expect(404);
    expect(body.code).toBe('INBOX_ITEM_NOT_FOUND');
    expect(await inbox(id)).toHaveLength(1);
    await send(id, 'paid').expect(202);
    expect((await http.get(`/v1/machines/${id}?wait=10s`)).body).toMatchObject({ status: 'completed', inbox: 0 });
  });

  it('takes the same dedupeId once, however often and at the same time it is sent', async () => {
    const id = await waiting('twice');
    const answers = await Promise.all(Array.from({ length: 20 }, () => send(id, 'note', { data: 'n', dedupeId: 'note-1' })));
    const outcomes = answers.map(({ body }) => body.outcome as string);
    expect(outcomes.filter((outcome) => outcome !== 'duplicate')).toHaveLength(1);
    await send(id, 'paid').expect(202);
    const machine = await waitFor(
      async () => {
        const now = await view(id);
        return now.state === 'packed' && now;
      },
      { what: 'paid is taken' },
    );
    expect(machine.context.notes).toEqual(['n']);
  });

  it('refuses what no state can take, with the legal events', async () => {
    const id = await waiting('undeclared');
    const { status, body } = await send(id, 'payed');
    expect({ status, ...body }).toMatchObject({ status: 422, code: 'UNDECLARED_EVENT', instance: `/v1/machines/${id}/events` });
    expect([...body.legal].sort()).toEqual(['hurry', 'note', 'paid', 'ring', 'shipped']);
    expect(body.detail).toContain('paid');
    expect(await inbox(id)).toEqual([]);
  });

  it('obeys what the state says of events it has no transition for', async () => {
    const id = await waiting('policies');
    await send(id, 'ring').expect(202, { outcome: 'ignored' });
    const { body } = await send(id, 'hurry').expect(409);
    expect(body.code).toBe('EVENT_REJECTED');
    expect(await inbox(id)).toEqual([]);
  });

  it('asks to come again when the inbox is full', async () => {
    const id = await waiting('full');
    for (let i = 0; i < 3; i++) await send(id, 'shipped').expect(202);
    const { body, headers } = await send(id, 'shipped').expect(429);
    expect(body.code).toBe('INBOX_FULL');
    expect(headers['retry-after']).toBe('1');
    // No early event may keep out the one that the machine waits for.
    await send(id, 'paid').expect(202);
    expect((await http.get(`/v1/machines/${id}?wait=10s`)).body.status).toBe('completed');
    const ended = await send(id, 'paid').expect(409);
    expect(ended.body).toMatchObject({ code: 'MACHINE_ENDED', detail: expect.stringContaining('has completed') });
  });

  it('sends to all machines with a tag or of a name, in the background, and counts what became of it', async () => {
    for (const shop of ['a', 'a', 'b']) {
      await http.post('/v1/machines').send({ machine: 'order', tags: { shop } }).expect(201);
    }
    const toMany = async (request: object) => {
      const { headers } = await http.post('/v1/events').send(request).expect(202);
      return waitFor(
        async () => {
          const { body } = await http.get(headers.location ?? '').expect(200);
          return body.status === 'done' && (body as Record<string, number>);
        },
        { what: 'the operation is done' },
      );
    };
    const byTag = await toMany({ tag: { key: 'shop', value: 'a' }, event: 'shipped', by: 'ada' });
    expect(byTag).toMatchObject({ matched: 2, delivered: 2, kept: 2, refused: 0, gone: 0, by: 'ada' });
    const unknown = await http.post('/v1/events').send({ machine: 'order', event: 'payed' }).expect(422);
    expect(unknown.body.code).toBe('UNDECLARED_EVENT');
    const byName = await toMany({ machine: 'order', event: 'paid' });
    expect(byName.matched).toBeGreaterThanOrEqual(3);
    expect(byName.matched).toBe((byName.delivered ?? 0) + (byName.ignored ?? 0) + (byName.refused ?? 0) + (byName.gone ?? 0));
    expect(byName.delivered).toBeGreaterThanOrEqual(3);
  });

  it('refuses data that is too large or too deep', async () => {
    const id = await waiting('data');
    expect((await send(id, 'paid', { data: 'x'.repeat(300_000) })).status).toBe(413);
    const deep = `{"event":"paid","data":${'['.repeat(5000)}${']'.repeat(5000)}}`;
    const { status, body } = await http.post(`/v1/machines/${id}/events`).set('Content-Type', 'application/json').send(deep);
    expect({ status, code: body.code }).toEqual({ status: 422, code: 'RESULT_UNUSABLE' });
  });
});
