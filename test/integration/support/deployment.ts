import { Redis } from 'ioredis';
import { UnrecoverableError } from '../../../libs/machine/src/core/errors';
import type { MachineView, StartRequest } from '../../../libs/machine/src/core/model';
import { Keyspace } from '../../../libs/machine/src/redis/keyspace';
import { StileRuntime } from '../../../libs/machine/src/runtime';
import type { StileOptions } from '../../../libs/machine/src/runtime-options';
import { testRedisUrl, uniquePrefix, waitFor } from '../../support/redis';
import { dumpKeys } from './dump-keys';
import { plain, twentyTimes } from './machines';
import { rich } from './rich-sketch';

const quiet = { debug() {}, log() {}, warn() {}, error() {} };
const HOUR_MS = 3_600_000;

const definitions = [
  twentyTimes('count'),
  plain('kid'),
  plain('held'),
  plain('picky', () => {
    throw new UnrecoverableError('no money');
  }),
  rich('waiter', {
    first: { on: { open: 'second' }, after: { [HOUR_MS]: 'open' } },
    second: { on: { hello: 'end' } },
    end: { final: true },
  }),
  rich('clock', { first: { on: { ring: 'end' }, after: { 2500: 'ring' } }, end: { final: true } }),
  rich('patient', { first: { on: { go: 'end' } }, end: { final: true } }),
  rich('parent', {
    fan: {
      do: (_context, step) => {
        step.startAll('patient', [{}, {}, {}], { group: 'kids', event: 'joined', failed: 'broken' });
      },
      on: {
        joined: { target: 'end', run: (context, step) => void (context.join = step.event.data) },
        broken: { target: 'end', run: (context, step) => void (context.broken = step.event.data) },
      },
    },
    end: { final: true },
  }),
];

/** A deployment with something of everything in it, of which processes come and go. */
export class Deployment {
  readonly redis: Redis;
  private readonly runtimes: StileRuntime[] = [];

  constructor(
    readonly url = testRedisUrl(),
    readonly prefix = uniquePrefix('deployment'),
  ) {
    this.redis = new Redis(url, { maxRetriesPerRequest: null });
    this.redis.on('error', () => undefined);
  }

  /** A worker. */
  async start(partitions: number, options: Partial<StileOptions> = {}): Promise<StileRuntime> {
    const { url, prefix } = this;
    const worker = { shutdownMs: 500, ...(options.worker || {}) };
    const runtime = new StileRuntime({ redis: { url }, prefix, partitions, lease: { ttlMs: 1000 }, ...options, worker }, quiet);
    this.runtimes.push(runtime);
    const find = (name: string, version: number) =>
      definitions.find(({ definition }) => definition.name === name && definition.version === version);
    await runtime.start({ all: () => definitions, find });
    return runtime;
  }

  async stop(): Promise<void> {
    await Promise.all(this.runtimes.splice(0).map((runtime) => runtime.stop()));
  }

  async close(): Promise<void> {
    await this.stop();
    if (this.redis.status === 'ready') {
      const names = Object.keys(await dumpKeys(this.redis, this.prefix));
      if (names.length > 0) await this.redis.del(names);
    }
    this.redis.disconnect();
  }

  /** Everything that a machine can be. @returns how many machines it took to see that the worker knows of the hold */
  async populate({ machines, events, steering, schedules }: StileRuntime, partitions: number): Promise<number> {
    const begin = (machine: string, correlationId: string, more: Partial<StartRequest> = {}) =>
      machines.start({ machine, correlationId, tags: { shop: 'b' }, ...more });
    const until = (id: string, status: MachineView['status']) => untilStatus(machines, id, status);
    await steering.hold({ machine: 'held' });
    let probes = 0;
    const isKnown = async (): Promise<boolean> => {
      const id = `probe-${probes++}`;
      await begin('held', id);
      const seen = async () =>
        ((status) => status !== undefined && ['paused', 'completed'].includes(status) && status)(
          (await machines.get(id))?.status,
        );
      return (await waitFor(seen, { what: `${id} has run, or is held` })) === 'paused';
    };
    await waitFor(isKnown, { what: 'the worker knows of the hold' });
    await schedules.put({ name: 'hourly', machine: 'kid', every: '1h' });
    for (let i = 0; i < 5; i++) {
      await begin('waiter', `waiter-${i}`);
      await begin('clock', `clock-${i}`);
      await begin('kid', `late-${i}`, { delayMs: HOUR_MS });
      await begin('kid', `done-${i}`, { context: { i } });
      await begin('picky', `picky-${i}`);
      await begin('held', `held-${i}`);
    }
    await begin('parent', 'family');
    await begin('kid', 'buried');
    for (let i = 0; i < 5; i++) {
      await until(`waiter-${i}`, 'waiting');
      await events.send(`waiter-${i}`, { event: 'hello', data: { i }, dedupeId: `d-${i}` });
      await until(`done-${i}`, 'completed');
      await until(`picky-${i}`, 'failed');
      await until(`held-${i}`, 'paused');
    }
    const kids = async () => ((await machines.children('family')) ?? []).filter(({ outcome }) => outcome === 'running');
    await waitFor(async () => (await kids()).length === 3, { what: 'three children' });
    await until('buried', 'completed');
    const keys = new Keyspace(this.prefix, partitions);
    await this.redis.zadd(keys.retention(keys.partitionOf('buried')), 1, 'buried');
    await waitFor(async () => (await machines.get('buried')) === undefined, { what: 'a tombstone' });
    // Of one that is there, and of one that has gone into an archive.
    for (const id of ['family', 'archived']) await this.redis.hset(keys.dataKey(id), 'key', 'wrapped');
    await begin('patient', 'odd');
    await until('odd', 'waiting');
    await this.redis.hset(keys.record('odd'), 'steps', 'x');
    await this.redis.zadd(keys.watch(keys.partitionOf('odd')), 1, 'odd');
    await waitFor(() => this.redis.hexists(keys.quarantine(keys.partitionOf('odd')), 'odd'), { what: 'a machine set aside' });
    return probes;
  }

  /** That all of it goes on. */
  async expectToGoOn({ machines, events, steering, schedules, keys }: StileRuntime): Promise<void> {
    const until = (id: string, status: MachineView['status']) => untilStatus(machines, id, status);
    for (let i = 0; i < 5; i++) await events.send(`waiter-${i}`, { event: 'open' });
    await steering.unhold({ machine: 'held' });
    for (const { correlationId } of (await machines.children('family')) ?? []) await events.send(correlationId, { event: 'go' });
    for (let i = 0; i < 5; i++) {
      for (const name of ['waiter', 'clock', 'held', 'done']) await until(`${name}-${i}`, 'completed');
      expect(await machines.get(`late-${i}`)).toMatchObject({ status: 'delayed', steps: 0 });
      expect(await events.send(`waiter-${i}`, { event: 'hello' }).catch(() => 'ended')).toBe('ended');
      await steering.retry(`picky-${i}`);
      await waitFor(async () => (await machines.historyAfter(`picky-${i}`, 1))?.items.length === 2, { what: 'another failure' });
    }
    expect((await until('family', 'completed')).context.join).toMatchObject({ total: 3, completed: 3 });
    expect(await machines.start({ machine: 'kid', correlationId: 'buried', tags: { shop: 'b' } })).toMatchObject({
      outcome: 'existing',
    });
    expect(
      await machines.start({ machine: 'kid', correlationId: 'done-1', context: { i: 1 }, tags: { shop: 'b' } }),
    ).toMatchObject({
      outcome: 'existing',
    });
    await expect(machines.get('odd')).rejects.toThrow();
    for (const id of ['family', 'archived']) expect(await this.redis.hget(keys.dataKey(id), 'key')).toBe('wrapped');
    expect(await schedules.get('hourly')).toMatchObject({ machine: 'kid', everyMs: HOUR_MS });
  }

  /** What is under the prefix, whichever partition it is in; without what a move may change: the watch, jobs, who holds leases. */
  async content(): Promise<Record<string, unknown>> {
    const found: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(await dumpKeys(this.redis, this.prefix))) {
      const key = name.replace(/^\{[^}]*\}/, '{}').replace(this.prefix, '');
      if (/^\{\}:(q:|watch|archiving)|^:(layout|processes|workers|counts|timings|figures|snapshot)/.test(key)) continue;
      found[key] = key.startsWith('{}:l:') ? (value as { fence: string }).fence : together(found[key], value);
    }
    return found;
  }
}

/** Sorted sets, hashes and sets of several partitions as one. */
function together(one: unknown, other: unknown): unknown {
  if (one === undefined) return Array.isArray(other) ? pairs(other as string[]) : other;
  if (Array.isArray(one)) return [...(one as string[]), ...pairs(other as string[])].sort();
  if (typeof one === 'string') return one;
  return { ...(one as object), ...(other as object) };
}

function pairs(list: readonly string[]): string[] {
  return [...list].sort();
}

export async function untilStatus(
  machines: StileRuntime['machines'],
  id: string,
  status: MachineView['status'],
): Promise<MachineView> {
  return waitFor(
    async () => {
      const view = await machines.get(id);
      return view?.status === status ? view : undefined;
    },
    { what: `${id} is ${status}`, timeoutMs: 20_000 },
  );
}
