import type { NestExpressApplication } from '@nestjs/platform-express';
import { defineMachine, MachineListing, StileRuntime, tenantOf, type ApiKeyGrant, type BoundDefinition } from '@stile/machine';
import { uniquePrefix, waitFor } from '../support/redis';
import { ApiStage, bound } from './api-support';
import { bearer, RawHttp } from './support/raw-http';

const waits = (name: string): BoundDefinition =>
  bound(
    defineMachine({
      name,
      initial: 'open',
      states: { open: { do: () => undefined, on: { close: 'closed' } }, closed: { final: true } },
    }),
  );
const broken = bound(
  defineMachine({
    name: 'broken',
    maxRetries: 0,
    initial: 'broken',
    states: {
      broken: {
        do: () => {
          throw new Error('it is broken');
        },
        on: { done: 'done' },
      },
      done: { final: true },
    },
  }),
);

interface Reply {
  readonly status: number;
  readonly code?: string;
  /** Of any form: what is expected of it says which. */
  readonly body: ReturnType<typeof JSON.parse>;
}

describe('scopes', () => {
  const stage = new ApiStage(uniquePrefix('access-scopes'));
  let app: NestExpressApplication;
  let http: RawHttp;
  let runtime: StileRuntime;
  const keys: Record<string, string> = {};

  const key = async (name: string, grant: Omit<ApiKeyGrant, 'name'>): Promise<void> => {
    keys[name] = (await runtime.apiKeys.create({ name, ...grant }, Date.now())).text;
  };
  const call = async (who: string, method: string, path: string, body?: unknown): Promise<Reply> => {
    const answer = await http.ask({ method, path, body, headers: bearer(keys[who] ?? '') });
    return { status: answer.status, code: answer.code, body: answer.text === '' ? undefined : JSON.parse(answer.text) };
  };
  const get = (who: string, path: string): Promise<Reply> => call(who, 'GET', path);
  const idsOf = async (who: string, query = ''): Promise<string[]> =>
    ((await get(who, `/v1/machines${query}`)).body.items as { correlationId: string }[])
      .map(({ correlationId }) => correlationId)
      .sort();

  beforeAll(async () => {
    ({ app } = await stage.api({ access: { auth: true, sessionMs: 60_000 } }));
    http = new RawHttp(app);
    runtime = app.get(StileRuntime);
    await stage.worker(...['order', 'refund', 'secret'].map(waits), broken);
    await key('root', { role: 'admin' });
    await key('acme', { role: 'admin', tenant: 'acme' });
    await key('globex', { role: 'admin', tenant: 'globex' });
    await key('orders', { role: 'admin', definitions: ['order', 'refund'] });
    await key('both', { role: 'admin', tenant: 'acme', definitions: ['order'] });
    await key('starter', { role: 'starter', tenant: 'acme' });
    const starts: [id: string, machine: string][] = [
      ['acme.o-1', 'order'],
      ['acme.r-1', 'refund'],
      ['acme.s-1', 'secret'],
      ['globex.o-1', 'order'],
      ['acmes.o-1', 'order'],
      ['plain-1', 'order'],
      ['acme.b-1', 'broken'],
      ['acme.b-2', 'broken'],
      ['globex.b-1', 'broken'],
    ];
    for (const [correlationId, machine] of starts) {
      expect((await call('root', 'POST', '/v1/machines', { machine, correlationId })).status).toBe(201);
    }
    const failed = async (): Promise<boolean> => (await idsOf('root', '?status=failed')).length === 3;
    await waitFor(failed, { what: 'the broken ones have failed' });
    await waitFor(async () => (await idsOf('root', '?status=waiting')).length === 6, { what: 'the others wait' });
  });

  afterAll(async () => {
    http.close();
    await stage.close();
  });

  it('hold lists', async () => {
    expect(await idsOf('root')).toHaveLength(9);
    expect(await idsOf('acme')).toEqual(['acme.b-1', 'acme.b-2', 'acme.o-1', 'acme.r-1', 'acme.s-1']);
    expect(await idsOf('acme', '?idPrefix=acme.o')).toEqual(['acme.o-1']);
    for (const prefix of ['a', 'acme', 'acme.']) expect(await idsOf('acme', `?idPrefix=${prefix}`)).toHaveLength(5);
    for (const prefix of ['globex.', 'acmes.', 'b', 'globex.o-1']) expect(await idsOf('acme', `?idPrefix=${prefix}`)).toEqual([]);
    expect(await idsOf('orders')).toEqual(['acme.o-1', 'acme.r-1', 'acmes.o-1', 'globex.o-1', 'plain-1']);
    expect(await idsOf('orders', '?machine=secret')).toEqual([]);
    expect(await idsOf('orders', '?status=failed')).toEqual([]);
    expect(await idsOf('orders', '?status=waiting&machine=refund')).toEqual(['acme.r-1']);
    expect(await idsOf('both')).toEqual(['acme.o-1']);
  });

  it('hold lists page by page', async () => {
    const found: string[] = [];
    let cursor = '';
    do {
      const { body } = await get('orders', `/v1/machines?limit=2${cursor}`);
      found.push(...body.items.map(({ correlationId }: { correlationId: string }) => correlationId));
      cursor = body.next === null ? '' : `&cursor=${body.next}`;
    } while (cursor !== '');
    expect(found.sort()).toEqual(['acme.o-1', 'acme.r-1', 'acmes.o-1', 'globex.o-1', 'plain-1']);
    // A cursor names a place in an order, and lets nobody look behind the scope.
    const { body } = await get('globex', '/v1/machines?limit=1');
    const acme = await get('acme', `/v1/machines?cursor=${body.next ?? Buffer.from('i.acme.a').toString('base64url')}`);
    for (const { correlationId } of acme.body.items) expect(tenantOf(correlationId)).toBe('acme');
  });

  it('hold counts and failures', async () => {
    const counts = await get('acme', '/v1/counts');
    expect(counts.body).toEqual({
      items: [
        { machine: 'broken', version: 1, status: 'failed', state: 'pseudo_init', count: 2 },
        ...['order', 'refund', 'secret'].map((machine) => ({ machine, version: 1, status: 'waiting', state: 'open', count: 1 })),
      ],
    });
    expect((await get('acme', '/v1/counts?machine=order&version=1')).body.items).toHaveLength(1);
    expect((await get('orders', '/v1/counts')).body.items.map(({ machine }: { machine: string }) => machine)).toEqual([
      'order',
      'refund',
    ]);
    expect((await get('both', '/v1/counts?machine=secret')).body).toEqual({ items: [] });
    const { body: all } = await get('root', '/v1/failures');
    expect(all.items).toMatchObject([{ count: 3 }]);
    const { body: own } = await get('acme', '/v1/failures');
    expect(own.items).toMatchObject([{ group: all.items[0].group, count: 2, example: 'acme.b-2' }]);
    expect((await get('globex', '/v1/failures')).body.items).toMatchObject([{ count: 1, example: 'globex.b-1' }]);
    expect((await get('orders', '/v1/failures')).body).toEqual({ items: [] });
    // Whatever names and versions are thought up, the machines of a tenant are looked at once.
    const tally = jest.spyOn(app.get(MachineListing), 'tally');
    for (const version of [1, 2, 3, 4]) await get('globex', `/v1/counts?machine=order&version=${version}`);
    expect(tally.mock.calls.length).toBeLessThanOrEqual(1);
    tally.mockRestore();
  });

  it('hold what is said of one machine, and what is done to it', async () => {
    const missing = (who: string, path: string): Promise<Reply> => get(who, path);
    for (const [who, id] of [
      ['acme', 'globex.o-1'],
      ['acme', 'plain-1'],
      ['acme', 'acmes.o-1'],
      ['orders', 'acme.s-1'],
      ['both', 'acme.r-1'],
    ] as const) {
      for (const part of ['', '/history', '/children', '/explain', '/inbox', '/stream']) {
        expect(await missing(who, `/v1/machines/${id}${part}`)).toMatchObject({ status: 404, code: 'MACHINE_NOT_FOUND' });
      }
      for (const act of ['cancel', 'pause', 'resume', 'retry', 'replay']) {
        expect((await call(who, 'POST', `/v1/machines/${id}/${act}`)).code).toBe('MACHINE_NOT_FOUND');
      }
      expect((await call(who, 'POST', `/v1/machines/${id}/events`, { event: 'close' })).code).toBe('MACHINE_NOT_FOUND');
      expect((await runtime.machines.get(id))?.status).toBe('waiting');
    }
    expect((await get('orders', '/v1/machines/no-such')).body.detail).toBe(
      (await get('orders', '/v1/machines/acme.s-1')).body.detail.replace('acme.s-1', 'no-such'),
    );
    expect((await get('both', '/v1/machines/acme.o-1/explain')).status).toBe(200);
  });

  it('hold starts, and name the way out', async () => {
    const start = (who: string, body: object): Promise<Reply> => call(who, 'POST', '/v1/machines', { machine: 'order', ...body });
    const outside = await start('acme', { correlationId: 'globex.o-2' });
    expect(outside).toMatchObject({ status: 403, code: 'OUTSIDE_SCOPE' });
    expect(outside.body.detail).toContain('ids of tenant acme begin with "acme."');
    expect((await start('acme', { correlationId: 'globex.o-1' })).code).toBe('OUTSIDE_SCOPE'); // one that is there: no word of it
    expect((await start('starter', {})).body.correlationId).toMatch(/^acme\.[0-9a-f-]{36}$/);
    expect((await start('both', { machine: 'refund' })).body).toMatchObject({
      code: 'OUTSIDE_SCOPE',
      detail: expect.stringContaining('those are: order'),
    });
    const unknown = await start('orders', { machine: 'refund', version: 9 });
    expect(unknown.code).toBe('UNKNOWN_VERSION');
    const { body } = await call('acme', 'POST', '/v1/machines/bulk', {
      machine: 'order',
      items: [{ correlationId: 'globex.o-3' }, {}, { correlationId: 'acme.o-3' }],
    });
    expect(body.items).toMatchObject([
      { outcome: 'rejected', problem: { code: 'OUTSIDE_SCOPE' } },
      { outcome: 'created', correlationId: expect.stringMatching(/^acme\./) },
      { outcome: 'created', correlationId: 'acme.o-3' },
    ]);
    expect(await runtime.machines.get('globex.o-3')).toBeUndefined();
    expect((await call('orders', 'POST', '/v1/machines/bulk', { machine: 'secret', items: [{}] })).code).toBe('OUTSIDE_SCOPE');
  });

  it('hold replays', async () => {
    const replay = (body: object): Promise<Reply> => call('acme', 'POST', '/v1/machines/acme.b-1/replay', body);
    expect((await replay({ correlationId: 'globex.b-9' })).code).toBe('OUTSIDE_SCOPE');
    expect((await replay({})).body.correlationId).toMatch(/^acme\./);
  });

  it('hold what is done to many', async () => {
    const act = (who: string, filter: object, more: object = {}): Promise<Reply> =>
      call(who, 'POST', '/v1/operations', { act: 'pause', filter, ...more });
    for (const filter of [{ idPrefix: 'globex.' }, { idPrefix: 'b' }])
      expect((await act('acme', filter)).code).toBe('OUTSIDE_SCOPE');
    expect((await act('acme', { idPrefix: ['globex.'] })).code).toBe('VALIDATION_FAILED');
    expect((await act('acme', {})).code).toBe('VALIDATION_FAILED');
    expect((await act('acme', { all: true, idPrefix: 'globex.' })).code).not.toBeUndefined();
    expect((await act('orders', { machine: 'secret' })).code).toBe('OUTSIDE_SCOPE');
    const started = await act('both', { all: true }, { operationId: 'op-both' });
    expect(started.status).toBe(202);
    const ended = async (): Promise<boolean> => (await get('root', '/v1/operations/acme.op-both')).body.status === 'done';
    await waitFor(ended, { what: 'the operation is done' });
    expect((await runtime.machines.get('acme.o-1'))?.status).toBe('paused');
    for (const id of ['acme.r-1', 'acme.s-1', 'globex.o-1', 'plain-1', 'acmes.o-1']) {
      expect((await runtime.machines.get(id))?.status).toBe('waiting');
    }
    expect((await get('acme', '/v1/operations/op-both')).status).toBe(200);
    expect((await get('both', '/v1/operations/op-both')).body.filter).toMatchObject({ idPrefix: 'acme.', machines: ['order'] });
    expect((await get('globex', '/v1/operations/op-both')).code).toBe('OPERATION_NOT_FOUND');
    expect((await call('globex', 'POST', '/v1/operations/op-both/stop')).code).toBe('OPERATION_NOT_FOUND');
    expect((await get('globex', '/v1/operations')).body.items).toEqual([]);
    expect((await get('acme', '/v1/operations')).body.items).toHaveLength(1);
    // A name that one tenant has taken is neither taken nor told of for another.
    expect((await act('globex', { idPrefix: 'globex.none' }, { operationId: 'op-both' })).body).toEqual({
      operationId: 'globex.op-both',
    });
    expect((await get('globex', '/v1/operations/op-both')).body.filter).toEqual({ idPrefix: 'globex.none' });
    expect((await call('globex', 'POST', '/v1/operations/op-both/stop')).body.id).toBe('globex.op-both');
    expect((await get('acme', '/v1/operations/op-both')).body.id).toBe('acme.op-both');
    expect((await call('acme', 'POST', '/v1/events', { machine: 'order', event: 'close' })).code).toBe('OUTSIDE_SCOPE');
  });

  it('hold schedules', async () => {
    const put = (who: string, name: string, machine = 'order'): Promise<Reply> =>
      call(who, 'PUT', `/v1/schedules/${name}`, { machine, every: '1h' });
    expect(await put('acme', 'nightly')).toMatchObject({ status: 403, code: 'OUTSIDE_SCOPE' });
    expect((await put('both', 'acme.nightly', 'secret')).code).toBe('OUTSIDE_SCOPE');
    expect((await put('acme', 'acme.nightly')).status).toBe(200);
    expect((await put('globex', 'globex.nightly', 'secret')).status).toBe(200);
    expect((await put('orders', 'globex.nightly')).code).toBe('OUTSIDE_SCOPE'); // it would replace another's
    const names = async (who: string): Promise<string[]> =>
      (await get(who, '/v1/schedules')).body.items.map(({ name }: { name: string }) => name);
    expect(await names('acme')).toEqual(['acme.nightly']);
    expect(await names('orders')).toEqual(['acme.nightly']);
    expect(await names('root')).toEqual(['acme.nightly', 'globex.nightly']);
    for (const [method, path] of [
      ['GET', ''],
      ['DELETE', ''],
      ['POST', '/stop'],
      ['POST', '/start'],
      ['POST', '/trigger'],
    ] as const) {
      expect((await call('acme', method, `/v1/schedules/globex.nightly${path}`)).code).toBe('SCHEDULE_NOT_FOUND');
    }
    const { body } = await call('acme', 'POST', '/v1/schedules/acme.nightly/trigger');
    expect(tenantOf(body.correlationId)).toBe('acme');
    expect((await call('acme', 'DELETE', '/v1/schedules/acme.nightly')).status).toBe(204);
  });

  it('hold definitions and figures', async () => {
    const names = async (who: string): Promise<string[]> =>
      (await get(who, '/v1/definitions')).body.items.map(({ name }: { name: string }) => name).sort();
    expect(await names('acme')).toEqual(['broken', 'order', 'refund', 'secret']);
    expect(await names('orders')).toEqual(['order', 'refund']);
    for (const part of ['', '/graph', '/figures']) {
      expect((await get('orders', `/v1/definitions/secret${part}`)).code).toBe('DEFINITION_NOT_FOUND');
    }
    expect((await get('acme', '/v1/definitions/order/figures')).code).toBe('OUTSIDE_SCOPE');
    expect((await get('orders', '/v1/definitions/order/figures')).status).toBe(200);
  });

  it('hold what is in use of limits to what is theirs alone', async () => {
    const set = (path: string): Promise<Reply> => call('root', 'PUT', `/v1/limits/${path}`, { concurrency: 5 });
    for (const path of ['tenant/acme', 'tenant/globex', 'tenant/*', 'definition/order', 'all/*']) {
      expect((await set(path)).status).toBe(200);
    }
    const inUse = async (who: string): Promise<object> =>
      Object.fromEntries(
        (await get(who, '/v1/limits')).body.items.map((view: { name: string; inUse: number | null; waiting: number | null }) => {
          expect(view.inUse === null).toBe(view.waiting === null);
          return [view.name, view.inUse];
        }),
      );
    const shared = { all: null, 'definition:order': null };
    expect(await inUse('root')).toEqual({
      all: 0,
      'definition:order': 0,
      'tenant:*': null,
      'tenant:acme': 0,
      'tenant:globex': 0,
    });
    expect(await inUse('acme')).toEqual({ ...shared, 'tenant:*': null, 'tenant:acme': 0 });
    expect(await inUse('both')).toEqual({ ...shared, 'tenant:*': null, 'tenant:acme': null });
    expect(await inUse('orders')).toEqual({
      ...shared,
      ...{ 'definition:order': 0, 'tenant:*': null, 'tenant:acme': null, 'tenant:globex': null },
    });
  });

  it('leave what is of the whole deployment to callers without one', async () => {
    for (const path of ['/v1/workers', '/v1/holds', '/metrics', '/queues']) {
      for (const who of ['acme', 'orders']) expect(await get(who, path)).toMatchObject({ status: 403, code: 'OUTSIDE_SCOPE' });
      const answer = await http.ask({ path, headers: bearer(keys.root ?? '') });
      expect(answer.status).toBe(200);
    }
  });
});
