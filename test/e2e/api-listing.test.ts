import { defineMachine, type FailureGroup, type MachineCount, type MachineSummary } from '@stile/machine';
import type request from 'supertest';
import { uniquePrefix, waitFor } from '../support/redis';
import { ApiStage, bound, greet } from './api-support';

/** What is asked, the field at fault and some of what is said of it. */
const REFUSED: [query: string, field: string, said: string][] = [
  ['machine=a%20b', 'machine', 'is "a b"; give 1 to 128 characters of A-Z a-z 0-9 _ . -'],
  ['machine=a&machine=b', 'machine', 'is ["a","b"]'],
  ['version=1', 'version', 'is given without machine; give both'],
  ['machine=a&version=x', 'version', 'is "x"; give a whole number from 1'],
  ['machine=a&version=0', 'version', 'is "0"'],
  ['status=failed,done', 'status', 'is "done"; give some of queued, running, waiting'],
  ['status=', 'status', 'is ""; give some of'],
  ['status=failed,', 'status', 'is ""'],
  ['state=a%7Cb', 'state', 'is "a|b"'],
  ['tag=shop', 'tag', 'is "shop"; give the name of a tag, a colon and its value, such as shop:berlin'],
  ['tag=:berlin', 'tag', 'is ":berlin"'],
  ['from=yesterday', 'from', 'is "yesterday"; give a time of ISO 8601 with its offset'],
  ['to=2026-02-30T00:00:00Z', 'to', 'is "2026-02-30T00:00:00Z"'],
  ['from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z', 'to', 'is not after from (2026-01-02T00:00:00Z); give a later time'],
  ['idPrefix=*', 'idPrefix', 'is "*"'],
  ['failure=card', 'failure', 'is "card"; give the id of a group of failures, 16 of 0-9 a-f'],
  ['limit=0', 'limit', 'is "0"; give a whole number from 1 to 200'],
  ['limit=201', 'limit', 'is "201"'],
  ['cursor=%25', 'cursor', 'is "%", which is none; give `next` of a page as it came'],
  ['cursor=', 'cursor', 'has 0 characters'],
  ['sort=name', 'sort', 'is not known here; known are: '],
];

/** Fails for good, waits, or ends. */
const shop = bound(
  defineMachine({
    name: 'shop',
    maxRetries: 0,
    initial: 'sell',
    states: {
      sell: {
        do: (context: { fail?: number; wait?: boolean }) => {
          if (context.fail) throw Object.assign(new Error(`item ${context.fail} is gone`), { code: 'NO_STOCK' });
          return context.wait ? undefined : 'sold';
        },
        on: { sold: 'done' },
      },
      done: { final: true },
    },
  }),
);

describe('lists over HTTP', () => {
  const stage = new ApiStage(uniquePrefix('api-listing'));
  let http: ReturnType<typeof request>;

  const start = (correlationId: string, context: object = {}, more: object = {}) =>
    http
      .post('/v1/machines')
      .send({ machine: 'shop', correlationId, context, ...more })
      .expect(201);
  const list = async (query = '') => {
    const { body } = await http.get(`/v1/machines?${query}`).expect(200);
    return body as { items: MachineSummary[]; next: string | null };
  };
  const idsOf = async (query: string) => (await list(query)).items.map(({ correlationId }) => correlationId);

  beforeAll(async () => {
    await stage.worker(shop, greet());
    ({ http } = await stage.api());
    for (const i of [1, 2, 3]) await start(`a-${i}`, { fail: i });
    await start('b-1', { wait: true }, { tags: { town: 'a:b' } });
    await start('c-1', {}, { delayMs: 3_600_000 });
    await start('d-1');
    await waitFor(async () => (await idsOf('status=failed,waiting,completed')).length === 5, { what: 'all have come to rest' });
  });
  afterAll(() => stage.close());

  it('shows machines, newest first, without their context', async () => {
    const { items, next } = await list();
    expect(next).toBeNull();
    expect(items.map(({ correlationId }) => correlationId)).toEqual(['d-1', 'c-1', 'b-1', 'a-3', 'a-2', 'a-1']);
    expect(items[3]).toEqual({
      ...{ correlationId: 'a-3', machine: 'shop', version: 1, runId: expect.any(String), status: 'failed', state: 'pseudo_init' },
      ...{ event: 'pseudo_init', steps: 0, retries: 0, maxRetries: 0, tags: {}, inbox: 0, heldBy: null },
      ...{ createdAt: expect.any(String), updatedAt: expect.any(String), finishedAt: expect.any(String) },
      error: { code: 'NO_STOCK', message: 'item 3 is gone' },
    });
  });

  it('finds them by all that can be asked for', async () => {
    expect(await idsOf('status=delayed')).toEqual(['c-1']);
    expect(await idsOf('status=failed,delayed&machine=shop&version=1')).toEqual(['c-1', 'a-3', 'a-2', 'a-1']);
    expect(await idsOf('state=sell')).toEqual(['b-1']);
    expect(await idsOf('tag=town:a:b')).toEqual(['b-1']);
    expect(await idsOf('idPrefix=a-')).toEqual(['a-1', 'a-2', 'a-3']);
    expect(await idsOf('machine=greet')).toEqual([]);
    const { createdAt } = (await list('idPrefix=c-1')).items[0] as MachineSummary;
    expect(await idsOf(`from=${createdAt}&status=delayed`)).toEqual(['c-1']);
    expect(await idsOf(`to=${createdAt}&status=delayed`)).toEqual([]);
  });

  it('goes on where a page ended', async () => {
    const found: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page = await list(`limit=4${cursor ? `&cursor=${cursor}` : ''}`);
      found.push(...page.items.map(({ correlationId }) => correlationId));
      cursor = page.next;
    }
    expect(found).toEqual(['d-1', 'c-1', 'b-1', 'a-3', 'a-2', 'a-1']);
  });

  it('refuses a cursor of a list in another order', async () => {
    const { next } = await list('limit=1');
    const { body } = await http.get(`/v1/machines?idPrefix=a&cursor=${next}`).expect(400);
    expect(body.errors).toEqual([{ field: 'cursor', problem: expect.stringContaining('of a list without idPrefix') }]);
  });

  it('counts by state', async () => {
    const { body } = await http.get('/v1/counts').expect(200);
    const told = (body.items as MachineCount[]).map(({ machine, version, status, state, count }) => [
      machine,
      version,
      status,
      state,
      count,
    ]);
    expect(told).toEqual([
      ['shop', 1, 'delayed', 'pseudo_init', 1],
      ['shop', 1, 'waiting', 'sell', 1],
      ['shop', 1, 'completed', 'done', 1],
      ['shop', 1, 'failed', 'pseudo_init', 3],
    ]);
    expect((await http.get('/v1/counts?machine=greet').expect(200)).body).toEqual({ items: [] });
  });

  it('groups failures, and lists those of a group', async () => {
    const { body } = await http.get('/v1/failures?machine=shop&version=1').expect(200);
    const [group, ...others] = body.items as FailureGroup[];
    expect(others).toEqual([]);
    expect(group).toMatchObject({
      machine: 'shop',
      version: 1,
      state: 'sell',
      code: 'NO_STOCK',
      message: 'item <n> is gone',
      count: 3,
    });
    expect(group?.example).toBe('a-3');
    expect(await idsOf(`failure=${group?.group}`)).toEqual(['a-3', 'a-2', 'a-1']);
  });

  it.each(REFUSED)('refuses %s', async (query, field, said) => {
    const { body } = await http.get(`/v1/machines?${query}`).expect(400);
    expect(body).toMatchObject({ code: 'VALIDATION_FAILED', errors: [{ field, problem: expect.stringContaining(said) }] });
  });

  it.each(['counts', 'failures'])('refuses %s of a version of no machine', async (route) => {
    const { body } = await http.get(`/v1/${route}?version=2`).expect(400);
    expect(body.errors).toEqual([{ field: 'version', problem: 'is given without machine; give both' }]);
  });
});
