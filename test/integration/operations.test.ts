import { systemClock } from '@stile/lease';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { EventRejectedError, MachineNotFoundError } from '../../libs/machine/src/core/errors';
import { MachineEvents, type EventReceipt, type EventRequest } from '../../libs/machine/src/core/events';
import type { Machines } from '../../libs/machine/src/core/machines';
import { OperationService } from '../../libs/machine/src/engine/operation/operation-service';
import { OperationWalker } from '../../libs/machine/src/engine/operation/operation-walker';
import { BullOperationQueue, OPERATION_QUEUE } from '../../libs/machine/src/queue/operation-queue';
import { OperationRunner } from '../../libs/machine/src/queue/operation-runner';
import { Keyspace } from '../../libs/machine/src/redis/keyspace';
import { RedisMachineListing } from '../../libs/machine/src/redis/listing/redis-machine-listing';
import { RedisOperationStore } from '../../libs/machine/src/redis/operation-store';
import { testRedisUrl, uniquePrefix, waitFor } from '../support/redis';
import { dumpKeys } from './support/dump-keys';

const silent = { debug() {}, log() {}, warn() {}, error() {} };
const never = new AbortController().signal;

/**
 * Takes events as machines do, de-duplicated, and keeps what it took in Redis: these tests are about who is reached and what is counted.
 * Machines named `refuse…`, `gone…`, `ignore…` and `keep…` do what they say.
 */
class Sink extends MachineEvents {
  /** Every call, repeats too. */
  calls = 0;
  before: (id: string) => Promise<void> | void = () => undefined;

  constructor(
    private readonly redis: Redis,
    private readonly key: string,
  ) {
    super();
  }

  async send(id: string, { event, dedupeId, data }: EventRequest): Promise<EventReceipt> {
    this.calls++;
    await this.before(id);
    if (id.startsWith('refuse')) throw new EventRejectedError(id, 's', event);
    if (id.startsWith('gone')) throw new MachineNotFoundError(id);
    if (id.startsWith('ignore')) return { outcome: 'ignored' };
    const isNew = await this.redis.hsetnx(this.key, `${id} ${dedupeId ?? ''}`, JSON.stringify({ event, data }));
    if (isNew === 0) return { outcome: 'duplicate' };
    return { outcome: id.startsWith('keep') ? 'kept' : 'taken' };
  }
  inbox = () => Promise.reject(new Error('not asked'));
  drop = () => Promise.reject(new Error('not asked'));
  complete = () => Promise.reject(new Error('not asked'));
  failTask = () => Promise.reject(new Error('not asked'));
  heartbeat = () => Promise.reject(new Error('not asked'));
}

/** Published: `order`, whose event is `remind`. */
const machines = {
  definitions: async () => [{ name: 'order', version: 1, states: { a: { transitions: { remind: { target: 'b' } } } } }],
} as unknown as Machines;

let prefix: string;
let keys: Keyspace;
let redis: Redis;
let sink: Sink;
const closers: (() => Promise<void>)[] = [];

beforeEach(() => {
  prefix = uniquePrefix('operations');
  keys = new Keyspace(prefix, 3);
  redis = new Redis(testRedisUrl(), { maxRetriesPerRequest: null });
  sink = new Sink(redis, `${prefix}:sink`);
});
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
  const names = Object.keys(await dumpKeys(redis, prefix));
  if (names.length > 0) await redis.del(names);
  redis.disconnect();
});

function operations(): OperationService {
  const queue = new BullOperationQueue(redis, keys, () => undefined);
  closers.push(() => queue.close());
  const store = new RedisOperationStore(redis, keys);
  return new OperationService({ store, queue, machines, listing: new RedisMachineListing(redis, keys), log: silent });
}

/** Of a walk that only sends. */
const steering = { actOnce: () => Promise.reject(new Error('not asked')) };
function walker(events: MachineEvents): OperationWalker {
  const listing = new RedisMachineListing(redis, keys);
  return new OperationWalker({ store: new RedisOperationStore(redis, keys), events, listing, steering });
}

async function runner(
  events: MachineEvents = sink,
  options: { everyMs?: number; idleMs?: number } = {},
): Promise<OperationRunner> {
  const listing = new RedisMachineListing(redis, keys);
  const parts = { redis, keys, events, listing, steering, clock: systemClock, random: () => 0.5, log: silent };
  const made = new OperationRunner({ ...parts, ...options });
  closers.push(() => made.stop());
  await made.start();
  return made;
}

const place = (id: string, machine = 'order') => keys.place(keys.partitionOf(id), `${machine}@1|active|pseudo_init`);

/** Puts machines where lists find them, as their start does. */
async function index(ids: readonly string[], score = (i: number) => 1000 + i, machine = 'order'): Promise<void> {
  const pipeline = redis.pipeline();
  ids.forEach((id, i) => {
    pipeline.zadd(place(id, machine), score(i), id);
    pipeline.sadd(keys.places(keys.partitionOf(id)), `${machine}@1|active|pseudo_init`);
  });
  await pipeline.exec();
}
const names = (count: number, start = 'm'): string[] => Array.from({ length: count }, (_, i) => `${start}${i}`);

async function ended(id: string): Promise<Awaited<ReturnType<OperationService['get']>>> {
  const service = operations();
  await waitFor(() => service.get(id).then((view) => view?.status === 'done'), { what: 'the end of the operation' });
  return service.get(id);
}
const taken = (): Promise<number> => redis.hlen(`${prefix}:sink`);

describe('an event for many', () => {
  it('reaches each machine of a name, in all partitions, and counts what came of it', async () => {
    const ids = [...names(250), ...names(3, 'refuse'), ...names(4, 'gone'), ...names(5, 'ignore'), ...names(6, 'keep')];
    await index(ids);
    await runner();
    const id = await operations().sendToMany({ machine: 'order', event: 'remind', data: { a: [] }, by: 'eve' });
    expect(await ended(id)).toMatchObject({
      ...{ matched: 268, delivered: 256, kept: 6, ignored: 5, refused: 3, gone: 4 },
      ...{ reasons: { EVENT_REJECTED: 3 }, machine: 'order', tag: null, event: 'remind', by: 'eve' },
      ...{ act: 'send', filter: { machine: 'order' }, done: 256, failedAgain: 0, stoppedBecause: null },
    });
    expect(await redis.hget(`${prefix}:sink`, `m0 op.${id}`)).toBe('{"event":"remind","data":{"a":[]}}');
    expect(await taken()).toBe(256);
  });

  it('reaches the machines with a tag, and no others', async () => {
    await index(names(20, 'other'));
    for (const id of names(30)) await redis.zadd(keys.tagIndex(keys.partitionOf(id), 'shop', 'a=b'), 5, id);
    await runner();
    const id = await operations().sendToMany({ tag: { key: 'shop', value: 'a=b' }, event: 'remind' });
    expect(await ended(id)).toMatchObject({ matched: 30, delivered: 30 });
    expect(await taken()).toBe(30);
  });

  it('ends at once where there is no machine', async () => {
    await runner();
    const id = await operations().sendToMany({ machine: 'order', event: 'remind' });
    expect(await ended(id)).toMatchObject({ matched: 0, delivered: 0 });
  });

  it('leaves out machines that were started after it', async () => {
    await index(names(5));
    await index(names(5, 'later'), () => Date.now() + 60_000);
    await runner();
    const id = await operations().sendToMany({ machine: 'order', event: 'remind' });
    expect(await ended(id)).toMatchObject({ matched: 5 });
  });

  it('reaches all of many machines that were started in the same millisecond, though some vanish meanwhile', async () => {
    const ids = names(1000);
    await index(ids, () => 7);
    let seen = 0;
    sink.before = async (id) => {
      // Every third one is removed right after it was reached: where the walk stands is then no member any more.
      if (++seen % 3 === 0) await redis.zrem(place(id), id);
    };
    await runner();
    const id = await operations().sendToMany({ machine: 'order', event: 'remind' });
    expect(await ended(id)).toMatchObject({ matched: 1000, delivered: 1000 });
    expect(await taken()).toBe(1000);
  });
});

describe('a worker that dies', () => {
  it('within a page leaves it to another, and each machine has the event once and counts once', async () => {
    await index(names(500));
    const service = operations();
    const id = await service.sendToMany({ machine: 'order', event: 'remind' });
    const queue = new Queue(OPERATION_QUEUE, { connection: redis, prefix: keys.queuePrefix(0) });
    closers.push(() => queue.close());
    await queue.drain(); // its job is lost with it
    const dying = new Sink(redis, `${prefix}:sink`);
    dying.before = () => {
      if (dying.calls > 150) throw new Error('the process is gone');
    };
    await expect(walker(dying).walk(id, never)).rejects.toThrow('gone');
    const half = await service.get(id);
    expect(half?.matched).toBeLessThan(await taken()); // some have it that no count tells of yet
    await runner(sink, { everyMs: 50, idleMs: 1 });
    expect(await ended(id)).toMatchObject({ matched: 500, delivered: 500, refused: 0 });
    expect(await taken()).toBe(500);
  });

  it('before the job was queued leaves an operation that workers find', async () => {
    await index(names(10));
    const spec = { id: 'x', act: 'send' as const, machine: 'order', tag: null, event: 'remind', by: '', why: '' };
    await new RedisOperationStore(redis, keys).start(spec, null);
    await runner(sink, { everyMs: 50, idleMs: 1 });
    expect(await ended('x')).toMatchObject({ matched: 10, delivered: 10 });
  });

  it('no worker: two that walk one operation at the same time count each machine once', async () => {
    await index(names(700));
    const service = operations();
    const id = await service.sendToMany({ machine: 'order', event: 'remind' });
    await Promise.all(names(4).map(() => walker(sink).walk(id, never)));
    expect(await service.get(id)).toMatchObject({ status: 'done', matched: 700, delivered: 700 });
    expect(await taken()).toBe(700);
  });

  it('that is told to end hands it over in the middle', async () => {
    await index(names(600));
    const first = await runner();
    sink.before = async () => {
      if (sink.calls === 120) void first.stop();
    };
    const service = operations();
    const id = await service.sendToMany({ machine: 'order', event: 'remind' });
    await waitFor(() => sink.calls >= 120, { what: 'some sends' });
    await first.stop();
    expect(await service.get(id)).toMatchObject({ status: 'running' });
    await runner();
    expect(await ended(id)).toMatchObject({ matched: 600, delivered: 600 });
  });
});

describe('steering', () => {
  it('a stopped operation reaches no further page', async () => {
    await index(names(600));
    const service = operations();
    let id = '';
    sink.before = async () => {
      if (sink.calls === 150) await service.stop(id);
    };
    id = await service.sendToMany({ machine: 'order', event: 'remind' });
    await walker(sink).walk(id, never);
    const view = await service.get(id);
    expect(view).toMatchObject({ status: 'stopped', stoppedBecause: 'asked', finishedAt: expect.any(String) });
    expect(view?.matched).toBeLessThan(200);
    expect(sink.calls).toBeLessThan(300);
    await expect(service.stop('nobody')).rejects.toMatchObject({ code: 'OPERATION_NOT_FOUND' });
  });

  it('the same id twice is one operation, with another request it is refused', async () => {
    const service = operations();
    const request = { id: 'x', machine: 'order', event: 'remind', data: 1 };
    expect([await service.sendToMany(request), await service.sendToMany(request)]).toEqual(['x', 'x']);
    await expect(service.sendToMany({ ...request, data: 2 })).rejects.toMatchObject({ code: 'OPERATION_ID_TAKEN' });
  });

  it.each([
    [{ event: 'remind' }, 'INVALID_OPERATION'],
    [{ machine: 'order', tag: { key: 'a', value: 'b' }, event: 'remind' }, 'INVALID_OPERATION'],
    [{ tag: { key: '', value: 'b' }, event: 'remind' }, 'INVALID_OPERATION'],
    [{ machine: 'order', event: 'a b' }, 'INVALID_OPERATION'],
    [{ machine: 'nobody', event: 'remind' }, 'UNKNOWN_MACHINE'],
    [{ machine: 'order', event: 'nothing' }, 'UNDECLARED_EVENT'],
  ])('%j is refused: %s', async (request, code) => {
    await expect(operations().sendToMany(request)).rejects.toMatchObject({ code });
  });

  it('is kept for a week after its end, and then leaves nothing', async () => {
    await runner();
    const service = operations();
    const id = await service.sendToMany({ machine: 'order', event: 'remind' });
    await ended(id);
    await service.stop(await service.sendToMany({ machine: 'order', event: 'remind', id: 'stopped' }));
    const index = `${keys.tag(0)}:operations-ended`;
    for (const key of [`${keys.tag(0)}:op:${id}`, `${keys.tag(0)}:op:stopped`, index]) {
      expect(await redis.pttl(key)).toBeGreaterThan(6 * 24 * 3600 * 1000);
    }
    expect(await redis.exists(`${keys.tag(0)}:operations`)).toBe(0);
    // The index forgets those whose week is over when the next one ends.
    await redis.zadd(index, `${Date.now() - 7 * 24 * 3600 * 1000 - 1000}`, id);
    await service.stop(await service.sendToMany({ machine: 'order', event: 'remind', id: 'another' }));
    expect(await redis.zrange(index, '0', '-1')).not.toContain(id);
  });

  it('lists those that run and those that have ended, the newest first', async () => {
    const service = operations();
    for (const [i, id] of ['a', 'b', 'c', 'd'].entries()) {
      await service.sendToMany({ id, machine: 'order', event: 'remind' });
      await redis.hset(`${keys.tag(0)}:op:${id}`, 'started', Date.now() + i);
    }
    await service.stop('c');
    await service.stop('a');
    await redis.del(`${keys.tag(0)}:op:c`); // its week is over
    const listed = await service.list();
    expect(listed.map(({ id, status }) => `${id} ${status}`)).toEqual(['d running', 'b running', 'a stopped']);
  });
});
