import { InvalidFilterError, type MachineFilter, type MachineSummary } from '../../libs/machine/src/core/listing';
import type { DueJob } from '../../libs/machine/src/core/model';
import type { Claim } from '../../libs/machine/src/core/ports';
import { pieceOf } from '../../libs/machine/src/redis/listing/range';
import { RedisMachineListing } from '../../libs/machine/src/redis/listing/redis-machine-listing';
import { adminOf } from '../support/admin';
import { serverTimeMs } from '../support/redis';
import { rest } from './support/event-bench';
import { ListBench } from './support/list-bench';

let bench: ListBench;
beforeEach(() => {
  bench = new ListBench();
});
afterEach(() => bench.close());

const range = (count: number, from = 0) => Array.from({ length: count }, (_, i) => from + i);
const ids = (items: readonly MachineSummary[]) => items.map(({ correlationId }) => correlationId);

/** All pages of a list. @param between is done after each page */
async function read(filter: MachineFilter, limit = 50, between: () => Promise<unknown> = async () => undefined) {
  const items: MachineSummary[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await bench.listing.list(filter, { limit, ...(cursor === undefined ? {} : { cursor }) });
    expect(page.items.length).toBeLessThanOrEqual(limit);
    items.push(...page.items);
    cursor = page.next;
    await between();
  }
  return items;
}

/** A machine in state b that waits, runs, or whatever else; of each kind one. */
async function oneOfEach(): Promise<Record<string, Claim | DueJob | undefined>> {
  const claim = async (id: string) => bench.claim(await bench.start(id, { tags: { kind: id } }));
  const waits = rest({ take: ['go'] });
  return {
    queued: await bench.start('queued', { tags: { kind: 'queued' } }),
    delayed: await bench.start('delayed', { delayMs: 60_000 }),
    resting: await bench.commit(await claim('resting'), 'queued'),
    running: await claim('running'),
    sticky: await bench.commit(await claim('sticky'), 'continue'),
    waiting: await bench.commit(await claim('waiting'), 'waiting', { rest: waits }),
    retrying: await bench.fail(await claim('retrying'), 'once', 'b', 'retry'),
    paused: await bench.start('paused').then(() => bench.act('paused', { kind: 'pause' })),
    completed: await bench.commit(await claim('completed'), 'completed'),
    failed: await bench.fail(await claim('failed'), 'card c-17 declined'),
    cancelled: await bench
      .start('cancelled')
      .then(() => bench.act('cancelled', { kind: 'cancel', mode: 'now', cleanup: '', retentionMs: 60_000 })),
  };
}

describe('lists', () => {
  it('shows machines of each status, and finds them by it', async () => {
    await oneOfEach();
    expect(await bench.disagreements()).toEqual([]);
    const by = async (...statuses: MachineSummary['status'][]) => ids(await read({ statuses })).sort();
    expect(await by('queued')).toEqual(['queued', 'resting']);
    expect(await by('running')).toEqual(['running', 'sticky']);
    expect(await by('delayed')).toEqual(['delayed', 'retrying']);
    expect(await by('failed', 'cancelled')).toEqual(['cancelled', 'failed']);
    for (const status of ['waiting', 'paused', 'completed'] as const) expect(await by(status)).toEqual([status]);
    expect(ids(await read({ state: 'b' })).sort()).toEqual(['completed', 'resting', 'sticky', 'waiting']);
    expect(ids(await read({ state: 'b', statuses: ['queued'] }))).toEqual(['resting']);
  });

  it('shows of a machine what the machine itself shows', async () => {
    await oneOfEach();
    for (const summary of await read({})) {
      const view = await bench.view(summary.correlationId);
      expect(view).toMatchObject(summary);
      expect(Object.keys(summary)).not.toContain('context');
    }
  });

  it('finds by tag, machine, version, time and id, together and alone', async () => {
    await bench.start('b-1', { tags: { shop: 'berlin' } });
    await bench.start('b-2', { machine: 'ship', tags: { shop: 'berlin' } });
    await bench.start('c-1', { version: 2 });
    while ((await serverTimeMs(bench.redis)) <= Date.parse((await bench.view('c-1'))?.createdAt ?? '') + 1)
      await bench.redis.ping();
    const later = new Date(Math.floor(await serverTimeMs(bench.redis))).toISOString();
    await bench.start('c-2', { version: 2 });
    expect(ids(await read({ tag: { key: 'shop', value: 'berlin' } })).sort()).toEqual(['b-1', 'b-2']);
    expect(ids(await read({ tag: { key: 'shop', value: 'berlin' }, machine: 'ship' }))).toEqual(['b-2']);
    expect(ids(await read({ machine: 'order' })).sort()).toEqual(['b-1', 'c-1', 'c-2']);
    expect(ids(await read({ machine: 'order', version: 1 }))).toEqual(['b-1']);
    expect(ids(await read({ from: later }))).toEqual(['c-2']);
    expect(ids(await read({ to: later })).sort()).toEqual(['b-1', 'b-2', 'c-1']);
    expect(ids(await read({ idPrefix: 'c-' }, 1))).toEqual(['c-1', 'c-2']);
    expect(ids(await read({ idPrefix: 'c-', to: later }))).toEqual(['c-1']);
    expect(ids(await read({ idPrefix: 'b', tag: { key: 'shop', value: 'bonn' } }))).toEqual([]);
    expect(ids(await read({ idPrefix: 'c-1' }))).toEqual(['c-1']);
    expect(await read({ machine: 'nobody' })).toEqual([]);
  });

  it('pages newest first, whatever is started, moved and removed meanwhile', async () => {
    await Promise.all(range(40).map((i) => bench.start(`m${i}`)));
    const before = await read({});
    expect(before).toEqual(
      [...before].sort((a, b) =>
        a.createdAt === b.createdAt ? (a.correlationId > b.correlationId ? -1 : 1) : a.createdAt > b.createdAt ? -1 : 1,
      ),
    );
    let more = 0;
    const paged = await read({}, 7, async () => {
      await bench.start(`new${++more}`);
      await bench.act(`m${more}`, { kind: 'pause' });
    });
    expect(ids(paged)).toEqual(ids(before));
    const [gone = '', ...left] = ids(before).slice(7);
    const first = await bench.listing.list({ to: '2100-01-01T00:00:00Z', machine: 'order' }, { limit: 7 + more });
    await bench.act(gone, { kind: 'cancel', mode: 'now', cleanup: '', retentionMs: 0 });
    expect(await bench.retire(gone)).toBe(1);
    const second = await bench.listing.list({ machine: 'order' }, { limit: 200, cursor: first.next ?? '' });
    expect(ids(second.items)).toEqual(left);
    expect(second.next).toBeNull();
  });

  it('looks at no more than 2,000 records for a page, and says where to go on', async () => {
    await Promise.all(range(2100).map((i) => bench.start(`m${i}`, { tags: { all: '1' }, version: i === 999 ? 2 : 1 })));
    const filter = { idPrefix: 'm', version: 2, machine: 'order' };
    const first = await bench.listing.list(filter);
    expect(first.items).toEqual([]);
    const second = await bench.listing.list(filter, { cursor: first.next ?? '' });
    expect({ ids: ids(second.items), next: second.next }).toEqual({ ids: ['m999'], next: null });
    expect(await read({ tag: { key: 'all', value: '1' } }, 200)).toHaveLength(2100);
  });

  it('asks each partition once for a page, records and all, and again where that was not enough', async () => {
    const some = range(60, 1000).map((i) => `m${i}`);
    const more = range(3000, 2000).map((i) => `m${i}`);
    const alone = more.filter((id) => bench.keys.partitionOf(id) === 0).slice(0, 400);
    const asked = jest.spyOn(bench.redis, 'sendCommand');
    const scriptsOfPage = async (limit: number) => {
      asked.mockClear();
      expect((await bench.listing.list({}, { limit })).items).toHaveLength(limit);
      return asked.mock.calls.filter(([{ name }]) => name === 'evalsha').length;
    };
    await Promise.all(some.map((id) => bench.start(id)));
    expect(ids(await read({})).sort()).toEqual(some);
    expect(await scriptsOfPage(50)).toBe(3);

    await Promise.all(alone.map((id) => bench.start(id)));
    expect(await scriptsOfPage(200)).toBe(4); // the newest are in one partition
    const newest = ids(await read({}, 3));
    expect([...newest].sort()).toEqual([...some, ...alone].sort());
    expect(ids(await read({}, 200))).toEqual(newest);
    for (const limit of [1, 3, 200]) expect(ids(await read({ idPrefix: 'm' }, limit))).toEqual([...newest].sort());
  });

  it('has no machine twice where somebody has given it a start before all time', async () => {
    const inFirst = range(3000)
      .map((i) => `m${i}`)
      .filter((id) => bench.keys.partitionOf(id) === 0);
    const all = inFirst.slice(0, pieceOf(51, 3)); // a piece ends with it
    for (const id of all) await bench.start(id);
    const [place = ''] = await bench.redis.smembers(bench.keys.places(0));
    await bench.redis.zadd(`${bench.keys.places(0).replace(/places$/, 'p:')}${place}`, '-inf', all[0] ?? '');
    expect(ids(await read({})).sort()).toEqual(all.slice(1).sort());
  });

  it.each(['hmget', 'zrangebylex', 'smembers'])('says so where it may not read: %s', async (command) => {
    await bench.start('m');
    const admin = adminOf(bench.redis);
    const name = `${bench.prefix}-${command}`;
    await admin.call('ACL', 'SETUSER', name, 'on', '>word', '~*', '&*', '+@all', `-${command}`);
    const redis = bench.redis.duplicate({ username: name, password: 'word' });
    try {
      const listing = new RedisMachineListing(redis, bench.keys);
      await expect(listing.list(command === 'smembers' ? {} : { idPrefix: 'm' })).rejects.toThrow(
        /the store is unavailable: .*can't run this command|NOPERM/,
      );
    } finally {
      redis.disconnect();
      await admin.call('ACL', 'DELUSER', name);
    }
  });

  it('refuses what it cannot use', async () => {
    const refused = (filter: MachineFilter, page?: { cursor?: string; limit?: number }) =>
      expect(bench.listing.list(filter, page)).rejects.toThrow(InvalidFilterError);
    await refused({ version: 1 });
    await refused({}, { cursor: 'nonsense' });
    await refused({}, { limit: 201 });
    await bench.start('a');
    await bench.start('b');
    const { next } = await bench.listing.list({}, { limit: 1 });
    await refused({ idPrefix: 'a' }, { cursor: next ?? '' });
    await expect(bench.listing.counts('a b')).rejects.toThrow('machine is "a b"');
    await expect(bench.listing.failures(undefined, 2)).rejects.toThrow('version is given without machine');
  });
});

describe('counts', () => {
  it('are those of all partitions, a machine in hand where it was taken up', async () => {
    await oneOfEach();
    await bench.start('other', { machine: 'ship', version: 3 });
    const plain = { machine: 'order', version: 1 };
    expect(await bench.listing.counts('order')).toEqual([
      { ...plain, status: 'active', state: 'b', count: 1 },
      { ...plain, status: 'active', state: 'pseudo_init', count: 3 },
      { ...plain, status: 'delayed', state: 'pseudo_init', count: 2 },
      { ...plain, status: 'waiting', state: 'b', count: 1 },
      { ...plain, status: 'paused', state: 'pseudo_init', count: 1 },
      { ...plain, status: 'completed', state: 'b', count: 1 },
      { ...plain, status: 'failed', state: 'pseudo_init', count: 1 },
      { ...plain, status: 'cancelled', state: 'pseudo_init', count: 1 },
    ]);
    const ship = [{ machine: 'ship', version: 3, status: 'active', state: 'pseudo_init', count: 1 }];
    expect(await bench.listing.counts('ship', 3)).toEqual(ship);
    expect(await bench.listing.counts('ship', 1)).toEqual([]);
    expect(await bench.listing.counts('shi')).toEqual([]);
    expect((await bench.listing.counts()).reduce((sum, { count }) => sum + count, 0)).toBe(12);
  });
});

describe('failures', () => {
  it('are grouped by definition, state and what differs not, over all partitions', async () => {
    for (const i of range(5)) await bench.failed(`a${i}`, `card c-${i} declined after ${i} tries`);
    await bench.failed('b', 'out of stock');
    await bench.failed('c', 'card c-1 declined after 3 tries', { version: 2 });
    const [first, ...others] = await bench.listing.failures();
    const oldest = (await bench.view('a0'))?.createdAt;
    const newest = (await bench.view('a4'))?.createdAt;
    expect(first).toEqual({
      ...{ group: expect.stringMatching(/^[0-9a-f]{16}$/), machine: 'order', version: 1, state: 'b', code: 'BOOM', count: 5 },
      ...{
        message: 'card <id> declined after <n> tries',
        firstAt: oldest,
        lastAt: newest,
        example: expect.stringMatching(/^a\d$/),
      },
    });
    expect(others.map(({ version, message, count }) => [version, message, count]).sort()).toEqual([
      [1, 'out of stock', 1],
      [2, 'card <id> declined after <n> tries', 1],
    ]);
    expect(await bench.listing.failures('order', 2)).toHaveLength(1);
    const filter = { failure: first?.group ?? '' };
    expect(ids(await read(filter)).sort()).toEqual(range(5).map((i) => `a${i}`));
    await bench.act('a3', { kind: 'retry' });
    expect(ids(await read(filter)).sort()).toEqual(['a0', 'a1', 'a2', 'a4']);
    expect(await bench.disagreements()).toEqual([]);
  });

  it('have the same group when a machine fails again, and none when it fails no more', async () => {
    await bench.failed('a', 'once');
    const before = await bench.listing.failures();
    const again = await bench.act('a', { kind: 'retry' });
    expect(await bench.listing.failures()).toEqual([]);
    await bench.fail(await bench.claim(again), 'once');
    expect(await bench.listing.failures()).toEqual(before);
    await bench.act('a', { kind: 'edit', revision: (await bench.view('a'))?.revision ?? '', context: '{"b":1}', trace: {} });
    expect(await bench.listing.failures()).toEqual(before);
    await bench.act('a', { kind: 'cancel', mode: 'now', cleanup: '', retentionMs: 60_000 });
    expect(await bench.listing.failures()).toEqual([]);
    expect(await bench.disagreements()).toEqual([]);
  });

  it('are told apart by code only where there are more kinds than 500', async () => {
    const word = (i: number) => String.fromCharCode(...[...`${i}`].map((digit) => 97 + Number(digit)));
    const own = range(3000)
      .map((i) => `m${i}`)
      .filter((id) => bench.keys.partitionOf(id) === 0);
    const failing = own.slice(0, 503);
    await Promise.all(failing.map((id, i) => bench.failed(id, `kind ${word(i)}`)));
    const groups = await bench.listing.failures();
    expect(groups).toHaveLength(501);
    expect(groups[0]).toMatchObject({ state: 'b', code: 'BOOM', message: 'various errors', count: 3 });
    expect(await bench.disagreements()).toEqual([]);
    expect(await read({ failure: groups[0]?.group ?? '' })).toHaveLength(3);
    expect(await bench.retire(...failing)).toBe(503);
    expect(await bench.listing.failures()).toEqual([]);
  });

  it('have machines that were set aside', async () => {
    await bench.start('a');
    await bench.redis.hset(bench.keys.record('a'), 'steps', 'x');
    expect(await bench.watch.quarantine('a', 'steps is no number')).toBe(true);
    expect(await bench.listing.failures()).toMatchObject([{ code: 'MACHINE_QUARANTINED', count: 1, example: 'a' }]);
    const [item] = await read({ statuses: ['failed'] });
    expect(item).toMatchObject({ correlationId: 'a', error: { code: 'MACHINE_QUARANTINED', message: 'steps is no number' } });
    expect(await bench.disagreements()).toEqual([]);
  });
});

describe('what lists have', () => {
  const silent = async (id: string) => {
    const partition = bench.keys.partitionOf(id);
    const {
      machine,
      version,
      status,
      state,
      place = `${machine}@${version}|${status}|${state}`,
    } = await bench.redis.hgetall(bench.keys.record(id));
    await bench.redis
      .multi()
      .hset(bench.keys.record(id), 'place', '')
      .zrem(bench.keys.place(partition, place), id)
      .srem(bench.keys.places(partition), place)
      .hdel(bench.keys.failureGroups(partition), place)
      .zrem(bench.keys.ids(partition), id)
      .exec();
  };

  it('comes to them with the next write, where the record says that it is in none', async () => {
    const made = await oneOfEach();
    for (const id of Object.keys(made)) await silent(id);
    await bench.commit(made.running as Claim, 'completed');
    await bench.commit(made.sticky as Claim, 'queued');
    await bench.commit(await bench.claim(made.queued as DueJob), 'delayed');
    await bench.redis.hset(bench.keys.record('retrying'), 'due', 1);
    await bench.claim(made.retrying as DueJob);
    await bench.stores.inbox.deliver('waiting', 'go', '', { kind: 'id', id: '1' });
    await bench.act('paused', { kind: 'resume' });
    const { revision = '' } = (await bench.view('failed')) ?? {};
    await bench.act('failed', { kind: 'edit', revision, context: '{}', trace: {} });
    await bench.act('delayed', { kind: 'pause' });
    await bench.act('resting', { kind: 'pause' });
    const missing = ['cancelled', 'completed']; // nothing writes them any more
    const told = (await bench.disagreements()).filter(
      (text) => !missing.some((id) => text.includes(`${id} is completed`) || text.includes(id)),
    );
    expect(told).toEqual([]);
    expect(await bench.listing.failures()).toMatchObject([{ code: 'UNKNOWN', message: 'failed before failures were grouped' }]);
    expect(await bench.retire(...missing)).toBe(2);
    expect(await bench.disagreements()).toEqual([]);
  });

  it('loses a machine whose record was deleted by hand, and takes one that is started anew under its id', async () => {
    for (const id of ['a', 'b']) {
      await bench.failed(id, 'boom');
      await bench.redis.del(bench.keys.record(id));
    }
    expect(await read({})).toEqual([]);
    expect(await bench.watch.quarantine('a', 'missing')).toBe(true);
    await bench.start('b', { tags: { x: 'y' } });
    expect(await bench.listing.counts()).toEqual([
      { machine: 'order', version: 1, status: 'active', state: 'pseudo_init', count: 1 },
    ]);
    expect(ids(await read({}))).toEqual(['b']);
    expect(ids(await read({ idPrefix: 'a' }))).toEqual([]);
    expect(await bench.listing.failures()).toEqual([]);
  });

  it('hides no more than a machine whose record is of another type, and none with a zero byte in it', async () => {
    for (const id of ['odd-a', 'odd-b', 'odd-c']) await bench.start(id);
    await bench.redis.hset(bench.keys.record('odd-a'), 'event', 'zero\0byte\0');
    await bench.redis.del(bench.keys.record('odd-b'));
    await bench.redis.set(bench.keys.record('odd-b'), 'by hand');
    const { items } = await bench.listing.list({ idPrefix: 'odd-' });
    expect(items.map(({ correlationId, event, status }) => [correlationId, event, status])).toEqual([
      ['odd-a', 'zero\0byte\0', 'queued'],
      ['odd-c', 'pseudo_init', 'queued'],
    ]);
    expect(ids(await read({})).sort()).toEqual(['odd-a', 'odd-c']);
  });

  it('hides no more than the machines of a partition whose index of ids is of another type', async () => {
    const all = range(30).map((i) => `m${i}`);
    for (const id of all) await bench.start(id);
    const away = bench.keys.partitionOf('m0');
    await bench.redis.del(bench.keys.ids(away));
    await bench.redis.set(bench.keys.ids(away), 'by hand');
    const seen = all.filter((id) => bench.keys.partitionOf(id) !== away).sort();
    expect(seen.length).toBeGreaterThan(0);
    expect(ids(await read({ idPrefix: 'm' }))).toEqual(seen);
    expect(ids(await read({})).sort()).toEqual([...all].sort());
  });

  it.each([
    ['a status that is none', { status: 'dancing' }],
    ['another state', { state: 'elsewhere' }],
    ['another version', { version: 7 }],
  ])('has a machine once whose record is broken where it would say its place: %s', async (_what, broken) => {
    await oneOfEach();
    expect(ids(await read({ statuses: ['waiting'] }))).toEqual(['waiting']);
    await bench.redis.hset(bench.keys.record('waiting'), { ...broken, steps: 'x' });
    expect(await bench.watch.quarantine('waiting', 'its record is broken')).toBe(true);
    expect(await bench.disagreements()).toEqual([]);
    expect(await bench.listing.list({ statuses: ['waiting'] })).toEqual({ items: [], next: null });
  });

  it('has nothing of a record that does not say what it is', async () => {
    await bench.start('a');
    await bench.redis.hdel(bench.keys.record('a'), 'machine');
    await bench.watch.quarantine('a', 'machine is missing');
    expect(await bench.listing.counts()).toEqual([]);
    expect(await read({})).toEqual([]);
    expect(await read({ idPrefix: 'a' })).toEqual([]);
  });

  it('is gone when the machines are', async () => {
    const made = await oneOfEach();
    for (const id of Object.keys(made)) await bench.act(id, { kind: 'cancel', mode: 'now', cleanup: '', retentionMs: 0 });
    expect(await bench.retire(...Object.keys(made))).toBe(11);
    const left = Object.keys(await bench.dump()).filter((key) => !key.includes(':x:'));
    expect(left.filter((key) => key.includes(':ix:'))).toEqual([]);
    expect(left).toEqual([]);
  });
});
