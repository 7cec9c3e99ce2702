import { createSecretKey, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { StileOptions } from '../../libs/machine/src/runtime-options';
import { UnrecoverableError } from '../../libs/machine/src/core/errors';
import { KEYS_FRESH_MS } from '../../libs/machine/src/crypto/key-rings';
import { makeCipher } from '../../libs/machine/src/redis/make-cipher';
import { waitFor } from '../support/redis';
import { dumpKeys } from './support/dump-keys';
import { gate, sketch, World, type Pod } from './support/world';
import { adminOf } from '../support/admin';

type Encryption = NonNullable<StileOptions['encryption']>;
const master = (id: string) => ({ id, key: createSecretKey(randomBytes(32)) });
const [k1, k2] = [master('k1'), master('k2')];
const encryption: Encryption = { keys: [k1] };

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.close());

const SECRET = 'nobody-may-read-this';
/** What is stored must hold no text that was given. */
async function expectSealed(...texts: string[]): Promise<void> {
  const stored = JSON.stringify(await dumpKeys(world.redis, world.prefix));
  for (const text of [SECRET, ...texts]) expect(stored).not.toContain(text);
  expect(stored).toContain('stile1.');
}

/** Waits, takes an event, fails once, keeps a result, starts children, and ends. */
const order = sketch('order', {
  wait: { on: { paid: 'work' } },
  work: {
    retry: { baseMs: 1, capMs: 1 },
    do: async (context, step) => {
      context.paid = step.event.data;
      const once = await step.once('call', () => ({ receipt: SECRET, retry: step.retries }));
      await step.heartbeat({ secret: SECRET });
      if (step.retries === 0) throw new Error(`failed: ${SECRET}`);
      context.once = once;
      context.beat = await step.lastHeartbeat();
      step.startAll('item', [{ secret: SECRET }, { secret: SECRET, fail: true }], { event: 'joined', tolerate: 'any' });
    },
    on: { joined: 'end' },
  },
  end: { entry: (context, step) => void (context.joined = step.event.data), final: true },
});
const item = sketch('item', {
  a: {
    do: ({ fail, secret }) => {
      if (fail) throw new UnrecoverableError(`broken "${secret}" of the kind ${secret}`);
      return 'on';
    },
    on: { on: 'b' },
  },
  b: { final: true },
});
const counter = sketch('counter', {
  up: {
    do: (context) => ((context.n = (context.n as number) + 1) < 4 ? 'again' : 'enough'),
    on: { again: 'up', enough: 'end' },
  },
  end: { final: true },
});

const ID = 'acme.order-1';
async function runOrder(pod: Pod, id = ID): Promise<void> {
  await world.start({ machine: 'order', correlationId: id, context: { secret: SECRET } });
  await world.until(id, 'waiting');
  await pod.runtime.events.send(id, { event: 'paid', data: { cardNumber: SECRET } });
  await world.until(id, 'completed');
}

describe.each([
  ['a key for each tenant', encryption],
  ['a key for each machine', { ...encryption, per: 'machine' } as const],
])('with %s', (_what, options) => {
  it('everything works as without, and nothing of it can be read in Redis', async () => {
    const pod = await world.worker([order, item], { encryption: options });
    await runOrder(pod);
    const { context, unreadable } = await world.get(ID);
    expect(unreadable).toBeNull();
    expect(context).toMatchObject({
      secret: SECRET,
      paid: { cardNumber: SECRET },
      once: { receipt: SECRET, retry: 0 },
      beat: { secret: SECRET },
      joined: { completed: 1, failed: 1, results: [{ context: { secret: SECRET } }, { outcome: 'failed' }] },
    });
    const history = await world.machines.history(ID);
    expect(history?.map(({ outcome, error }) => error?.message ?? outcome)).toEqual([
      'committed',
      `failed: ${SECRET}`,
      'committed',
      'committed',
    ]);
    expect(history?.[1]).toMatchObject({
      data: { cardNumber: SECRET },
      error: { stack: expect.stringContaining('encryption.test') },
    });
    expect(history?.[0]?.context).toEqual({ secret: SECRET });
    expect(history?.[3]?.context).toMatchObject({ secret: SECRET, once: { receipt: SECRET } });
    const children = await world.machines.children(ID);
    expect(children?.map(({ outcome, error }) => error?.message ?? outcome)).toEqual([
      'completed',
      `broken "${SECRET}" of the kind ${SECRET}`,
    ]);
    await expectSealed('receipt', 'cardNumber'); // long names: four letters come up by chance in what is sealed
  });

  it('groups of failures, lists, explanations, edits and replays', async () => {
    const { runtime } = await world.worker([item], { encryption: options });
    for (const id of ['acme.a', 'acme.b', 'other.c']) {
      await world.start({ machine: 'item', correlationId: id, context: { secret: SECRET, fail: true } });
      await world.until(id, 'failed');
    }
    const groups = await runtime.listing.failures();
    expect(groups.map(({ count, message }) => [count, message])).toEqual([
      [2, `broken <text> of the kind ${SECRET}`],
      [1, `broken <text> of the kind ${SECRET}`],
    ]);
    const { items } = await runtime.listing.list({ failure: groups[0]!.group });
    expect(items.map(({ correlationId, error }) => [correlationId, error?.message])).toEqual([
      ['acme.b', `broken "${SECRET}" of the kind ${SECRET}`],
      ['acme.a', `broken "${SECRET}" of the kind ${SECRET}`],
    ]);
    expect((await runtime.explanations.explain('acme.a'))?.text).toContain(SECRET);
    const { revision } = await world.get('acme.a');
    await runtime.steering.edit('acme.a', { fail: null, more: SECRET }, revision);
    await runtime.steering.retry('acme.a');
    expect((await world.until('acme.a', 'completed')).context).toEqual({ secret: SECRET, more: SECRET });
    const replayed = await runtime.replays.replay('acme.a', { step: 0, correlationId: 'acme.again' });
    expect(replayed.outcome).toBe('created');
    expect((await world.until('acme.again', 'completed')).context).toEqual({ secret: SECRET, more: SECRET });
    await expectSealed();
  });

  it('steps that go on at once, and their history', async () => {
    await world.worker([counter], { encryption: options });
    const { correlationId, context } = await world.run('counter', { n: 0, secret: SECRET });
    expect(context).toEqual({ n: 4, secret: SECRET });
    const history = await world.machines.history(correlationId);
    expect(history?.map((each) => each.context?.n)).toEqual([0, 1, 2, 3, 4]);
    await expectSealed();
  });

  it('a start is recognised when it comes again, and another one refused', async () => {
    const { runtime } = await world.worker([counter], { encryption: options });
    const request = { machine: 'counter', correlationId: 'acme.c', context: { n: 0, secret: SECRET } };
    expect((await runtime.machines.start(request)).outcome).toBe('created');
    const again = world.pod({ encryption: options });
    expect((await again.runtime.machines.start(request)).outcome).toBe('existing');
    expect((await again.runtime.machines.start({ ...request, context: { n: 1 } })).outcome).toBe('conflict');
  });

  it('schedules and operations stay the same when they are put again', async () => {
    const { runtime } = await world.worker([order, item], { encryption: options });
    const schedule = { name: 'acme.daily', machine: 'item', every: '1d', context: { secret: SECRET } };
    const { updatedAt } = await runtime.schedules.put(schedule);
    expect(await runtime.schedules.put(schedule)).toMatchObject({ updatedAt, context: { secret: SECRET }, unreadable: null });
    const { correlationId } = await runtime.schedules.trigger('acme.daily');
    expect((await world.until(correlationId, 'completed')).context).toEqual({ secret: SECRET });
    await world.start({ machine: 'order', correlationId: ID, context: { secret: SECRET } });
    await world.until(ID, 'waiting');
    const send = { id: 'op-1', machine: 'order', event: 'paid', data: { cardNumber: SECRET }, by: 'ada', why: 'a test' };
    expect(await runtime.operations.sendToMany(send)).toBe('op-1');
    expect(await runtime.operations.sendToMany(send)).toBe('op-1');
    await expect(runtime.operations.sendToMany({ ...send, data: 1 })).rejects.toMatchObject({ code: 'OPERATION_ID_TAKEN' });
    expect((await world.until(ID, 'completed')).context).toMatchObject({ paid: { cardNumber: SECRET } });
    await expectSealed();
  });
});

describe('keys', () => {
  it('rotate while machines run; the old one may go once data keys are wrapped anew', async () => {
    const old = await world.worker([order, item], { encryption });
    await world.start({ machine: 'order', correlationId: ID, context: { secret: SECRET } });
    await world.until(ID, 'waiting');
    await world.stop(old);
    const rotated = await world.worker([order, item], { encryption: { keys: [k2, k1] } });
    expect(await (await rotated.runtime.keyCare()).rewrap()).toEqual({ rewrapped: 1, current: 0, shredded: 0, locked: [] });
    await world.stop(rotated);
    const pod = await world.worker([order, item], { encryption: { keys: [k2] } });
    await pod.runtime.events.send(ID, { event: 'paid', data: { cardNumber: SECRET } });
    expect((await world.until(ID, 'completed')).context).toMatchObject({ secret: SECRET });
  });

  it('may come later: machines from before go on, and are sealed from their next step', async () => {
    const before = await world.worker([order, item]);
    await world.start({ machine: 'order', correlationId: ID, context: { secret: SECRET } });
    await world.until(ID, 'waiting');
    await world.stop(before);
    const pod = await world.worker([order, item], { encryption });
    const again = { machine: 'order', correlationId: ID, context: { secret: SECRET } };
    expect((await pod.runtime.machines.start(again)).outcome).toBe('existing');
    await pod.runtime.events.send(ID, { event: 'paid', data: { cardNumber: SECRET } });
    await world.until(ID, 'completed');
    expect(await world.redis.hget(world.keys.record(ID), 'context')).toMatch(/^stile1\./);
    await expect(world.worker([order])).rejects.toThrow(/is encrypted, and this process has no keys/);
  });

  it('that a worker lacks cost a machine nothing: it is left to others', async () => {
    const wrong = await world.worker([order, item], { encryption: { keys: [k2] } });
    const api = world.pod({ encryption });
    await api.runtime.machines.start({ machine: 'order', correlationId: ID, context: { secret: SECRET } });
    await waitFor(() => wrong.log.some((line) => line.includes('is left to other workers')), { what: 'it is left' });
    const left = await api.runtime.machines.get(ID);
    expect(left).toMatchObject({ status: 'queued', steps: 0, retries: 0, fence: 0, error: null, context: { secret: SECRET } });
    // Its own API shows all but the data, and writes none.
    expect(await wrong.runtime.machines.get(ID)).toMatchObject({ context: {}, unreadable: { code: 'KEY_MISSING' } });
    await expect(wrong.runtime.events.send(ID, { event: 'paid', data: 1 })).rejects.toMatchObject({ code: 'KEY_MISSING' });
    expect(wrong.log.join('\n')).not.toContain(SECRET);

    const right = await world.worker([order, item], { encryption });
    await waitFor(async () => (await api.runtime.machines.get(ID))?.status === 'waiting', { what: 'another worker has it' });
    await right.runtime.events.send(ID, { event: 'paid' });
    await waitFor(async () => (await api.runtime.machines.get(ID))?.status === 'completed', { what: 'it completed' });
    const history = await api.runtime.machines.history(ID);
    expect(history?.filter(({ outcome, error }) => outcome === 'failed' && !error?.message.startsWith('failed:'))).toEqual([]);
  });

  it('that a worker has none of, though others do, cost nothing either', async () => {
    const plain = await world.worker([order, item], { worker: { concurrency: 1 } });
    const api = world.pod({ encryption });
    await api.runtime.machines.start({ machine: 'order', correlationId: ID, context: { secret: SECRET } });
    await waitFor(() => plain.log.some((line) => line.includes('is left to other workers')), { what: 'it is left' });
    await world.stop(plain);
    await world.worker([order, item], { encryption });
    await waitFor(async () => (await api.runtime.machines.get(ID))?.status === 'waiting', { what: 'another worker has it' });
    expect(await api.runtime.machines.get(ID)).toMatchObject({ steps: 1, retries: 0, context: { secret: SECRET } });
    expect((await world.counts()).crashed).toBeUndefined();
  });
});

describe('shredding', () => {
  it('a tenant: its data is told to be destroyed, its machines are set aside, others go on', async () => {
    const pod = await world.worker([order, item], { encryption });
    for (const id of [ID, 'other.order-1']) {
      await world.start({ machine: 'order', correlationId: id, context: { secret: SECRET } });
      await world.until(id, 'waiting');
    }
    const care = await pod.runtime.keyCare();
    expect(await care.shred({ tenant: 'acme' })).toBe('shredded');
    await world.stop(pod); // processes that had the key in hand forget it within 30 s: new ones never had it
    expect(KEYS_FRESH_MS).toBe(30_000);
    const { runtime } = await world.worker([order, item], { encryption });
    expect(await runtime.machines.get(ID)).toMatchObject({
      status: 'waiting',
      context: {},
      unreadable: { code: 'DATA_DESTROYED', message: expect.stringContaining('its key was destroyed') },
    });
    expect((await runtime.machines.history(ID))?.map(({ to }) => to)).toEqual(['wait']);
    await expect(runtime.machines.start({ machine: 'order', correlationId: 'acme.new' })).rejects.toMatchObject({
      code: 'DATA_DESTROYED',
    });
    await expect(runtime.events.send(ID, { event: 'paid', data: 1 })).rejects.toMatchObject({ code: 'DATA_DESTROYED' });
    await runtime.events.send(ID, { event: 'paid' }); // without data it is taken, and a worker finds that it cannot go on
    expect((await world.until(ID, 'failed')).error).toMatchObject({
      code: 'MACHINE_QUARANTINED',
      message: expect.stringContaining('destroyed'),
    });
    await runtime.steering.cancel(ID);
    await world.until(ID, 'cancelled');
    await runtime.events.send('other.order-1', { event: 'paid', data: { cardNumber: SECRET } });
    expect((await world.until('other.order-1', 'completed')).context).toMatchObject({ secret: SECRET });
  });

  it('one machine, where each has a key of its own', async () => {
    const options = { ...encryption, per: 'machine' } as const;
    const pod = await world.worker([counter], { encryption: options });
    for (const correlationId of ['acme.a', 'acme.b']) {
      await world.start({ machine: 'counter', correlationId, context: { n: 0 } });
      await world.until(correlationId, 'completed');
    }
    const care = await pod.runtime.keyCare();
    expect(await care.shred({ machine: 'acme.a' })).toBe('shredded');
    expect(await care.shred({ machine: 'acme.none' })).toBe('none');
    const { runtime } = world.pod({ encryption: options });
    expect((await runtime.machines.get('acme.a'))?.unreadable?.code).toBe('DATA_DESTROYED');
    expect(await runtime.machines.get('acme.b')).toMatchObject({ unreadable: null, context: { n: 4 } });
    await expect(world.pod({ encryption }).runtime.start({ find: () => undefined, all: () => [] })).rejects.toThrow(
      /set STILE_ENCRYPTION_PER to machine/,
    );
  });

  it("a machine's key is kept as long as its machine, and a day longer", async () => {
    const options = { ...encryption, per: 'machine' } as const;
    await world.worker([counter], { encryption: options, retentionMs: 1 });
    const key = world.keys.dataKey('acme.a');
    const opened = gate();
    const held = sketch('held', { a: { do: () => opened.passed.then(() => 'on'), on: { on: 'b' } }, b: { final: true } });
    await world.worker([held], { encryption: options, retentionMs: 1 });
    await world.start({ machine: 'held', correlationId: 'acme.a' });
    await world.until('acme.a', 'running');
    expect(await adminOf(world.redis).ttl(key)).toBe(-1);
    opened.open();
    await waitFor(async () => (await world.redis.exists(world.keys.record('acme.a'))) === 0, { what: 'it is removed' });
    expect(await adminOf(world.redis).ttl(key)).toBeGreaterThan(86_000);
    await world.start({ machine: 'counter', correlationId: 'acme.a', context: { n: 0 }, delayMs: 60_000 }); // another one, under the same id
    expect(await adminOf(world.redis).ttl(key)).toBe(-1);
  });
});

describe("a machine's own key", () => {
  const options = { ...encryption, per: 'machine' } as const;

  it('stays for what is archived of it, and goes where nothing is', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'stile-keys-'));
    const archive = { url: pathToFileURL(folder).href, statuses: ['failed'] } as const;
    const picky = sketch('picky', {
      a: {
        do: ({ fail }) => {
          if (fail) throw new UnrecoverableError('as told');
          return 'on';
        },
        on: { on: 'b' },
      },
      b: { final: true },
    });
    const { runtime } = await world.worker([picky], { encryption: options, retentionMs: 1, archive });
    const run = async (correlationId: string, context: { fail: boolean; secret: string }) => {
      await world.start({ machine: 'picky', correlationId, context });
      await waitFor(async () => (await world.redis.exists(world.keys.tombstone(correlationId))) === 1, { what: 'it has gone' });
    };
    const ttl = (id: string) => adminOf(world.redis).ttl(world.keys.dataKey(id));
    await run('acme.done', { fail: false, secret: SECRET });
    expect(await ttl('acme.done')).toBeGreaterThan(86_000);
    await run('acme.kept', { fail: true, secret: SECRET });
    expect(await ttl('acme.kept')).toBe(-1);
    await world.redis.del(world.keys.tombstone('acme.kept'));
    await run('acme.kept', { fail: false, secret: 'another run' }); // with the same key, and not archived
    expect(await ttl('acme.kept')).toBe(-1);
    expect((await runtime.archived.get('acme.kept'))?.context).toMatchObject({ secret: SECRET });
    await rm(folder, { recursive: true, force: true });
  });

  it('that is about to go is kept for who starts the machine again, and one that an archive needs has no end', async () => {
    const key = world.keys.dataKey('acme.a');
    const cipher = makeCipher(world.redis, world.keys, options, () => performance.now());
    await cipher.begin('acme.a');
    await adminOf(world.redis).pexpire(key, 5000);
    await cipher.begin('acme.a');
    expect(await adminOf(world.redis).ttl(key)).toBeGreaterThan(86_000);
    await adminOf(world.redis).persist(key);
    await cipher.begin('acme.a');
    expect(await adminOf(world.redis).ttl(key)).toBe(-1);
  });
});

it('what somebody put in the place of a sealed text sets its machine aside, and tells nothing of it', async () => {
  const pod = await world.worker([order, item], { encryption });
  for (const id of [ID, 'acme.order-2']) {
    await world.start({ machine: 'order', correlationId: id, context: { secret: SECRET } });
    await world.until(id, 'waiting');
  }
  const other = (await world.redis.hget(world.keys.record('acme.order-2'), 'context')) ?? '';
  await world.redis.hset(world.keys.record(ID), 'context', other);
  expect((await world.get(ID)).unreadable?.code).toBe('DATA_DAMAGED');
  await expect(pod.runtime.steering.edit(ID, { a: 1 }, (await world.get(ID)).revision)).rejects.toMatchObject({
    code: 'DATA_DAMAGED',
  });
  await pod.runtime.events.send(ID, { event: 'paid' });
  const { error } = await world.until(ID, 'failed');
  expect(error).toMatchObject({ code: 'MACHINE_QUARANTINED', message: expect.stringContaining('put in its place') });
  expect(pod.log.join('\n')).not.toContain(SECRET);
});
