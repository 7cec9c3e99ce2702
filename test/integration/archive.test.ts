import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Client } from 'pg';
import type { Archiving, Leaving } from '../../libs/machine/src/core/archive';
import { UnrecoverableError } from '../../libs/machine/src/core/errors';
import type { MachineFilter } from '../../libs/machine/src/core/listing';
import { copyMachine, sealOf } from '../../libs/machine/src/redis/machine-copy';
import { RedisWatchStore } from '../../libs/machine/src/redis/redis-watch-store';
import { startLocalPostgres, type LocalPostgres } from '../support/local-postgres';
import { waitFor } from '../support/redis';
import { runScript } from './support/child-script';
import { plain } from './support/machines';
import { rich } from './support/rich-sketch';
import { World, type Pod, type PodOptions } from './support/world';

let postgres: LocalPostgres;
let world: World;
let folder: string;
let databases = 0;

beforeAll(async () => {
  postgres = await startLocalPostgres();
});
afterAll(() => postgres.stop());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stile-archive-'));
  world = new World();
});
afterEach(async () => {
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

async function ask<T extends object>(sql: string, url = postgres.url): Promise<T[]> {
  const client = new Client(url);
  await client.connect();
  try {
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function database(): Promise<string> {
  const name = `archive_${++databases}`;
  await ask(`create database ${name}`);
  return postgres.url.replace(/postgres$/, name);
}

const kid = plain('kid');
const parent = rich('parent', {
  fan: {
    do: (context, step) => {
      context.n = 1;
      step.startAll('kid', [{ i: 0 }, { i: 1 }], { group: 'kids', event: 'joined' });
    },
    on: { joined: 'end' },
  },
  end: { final: true },
});
const picky = plain('picky', (context) => {
  if (context.fail) throw new UnrecoverableError(`no ${context.fail as string}`);
});

/** Its time of keeping ends now. */
async function expire(...ids: string[]): Promise<void> {
  for (const id of ids) {
    const set = async () => (await world.redis.zadd(world.keys.retention(0), 'XX', 'CH', 1, id)) === 1; // once its outbox is empty
    await waitFor(set, { what: `${id} is kept by time` });
  }
}

async function gone(pod: Pod, ...ids: string[]): Promise<void> {
  for (const id of ids) {
    await waitFor(async () => (await pod.runtime.machines.get(id)) === undefined, { what: `${id} has gone`, timeoutMs: 15_000 });
  }
}

const KINDS = [
  ['files', () => pathToFileURL(folder).href],
  ['PostgreSQL', () => database()],
] as const;

describe.each(KINDS)('an archive in %s', (_, place) => {
  const pod = async (options: PodOptions = {}) =>
    world.worker([kid, parent, picky], { archive: { url: await place() }, ...options });

  it('shows a machine that has gone as the store has shown it', async () => {
    const { runtime } = await pod();
    const id = await world.start({ machine: 'parent', context: { a: '\u0000ü' }, tags: { shop: 'b=\u0000', k: 'v' } });
    const before = await world.until(id, 'completed');
    const history = await runtime.machines.historyAfter(id, 0);
    const children = await runtime.machines.children(id);
    expect(children).toHaveLength(2);
    await expire(id);
    await gone({ runtime, log: [] }, id);
    expect(await runtime.archived.get(id)).toEqual({ ...before, archived: true });
    expect(await runtime.archived.historyAfter(id, 0)).toEqual(history);
    expect(await runtime.archived.historyAfter(id, 1, 1)).toEqual({ lost: 0, items: history?.items.slice(1, 2) });
    expect(await runtime.archived.children(id)).toEqual(children);
    expect(await runtime.archived.children(id, { group: children?.[0]?.group, from: 1, limit: 1 })).toEqual(children?.slice(1));
    expect(await runtime.archived.get('nobody')).toBeUndefined();
    expect((await world.counts()).archived).toBe(1);
  });

  it('finds by the filters of the store, page by page, in its order', async () => {
    const { runtime, log } = await pod();
    const ids: string[] = [];
    for (let i = 0; i < 12; i++) {
      const context = i % 4 === 0 ? { fail: i % 8 === 0 ? 'money' : 'time' } : {};
      ids.push(await world.start({ machine: 'picky', correlationId: `acme.p-${i}`, context, tags: { shop: `s${i % 3}` } }));
    }
    ids.push(await world.start({ machine: 'kid' }));
    for (const id of ids) await waitFor(async () => (await world.get(id)).finishedAt !== null, { what: 'the end' });
    const [group] = await runtime.listing.failures();
    const { createdAt } = await world.get(ids[5] as string);
    const filters: MachineFilter[] = [
      ...[{}, { machine: 'picky' }, { machine: 'picky', version: 2 }, { statuses: ['failed'] }, { state: 'b' }],
      ...[{ tag: { key: 'shop', value: 's1' } }, { tag: { key: 'shop', value: 's' } }, { from: createdAt }, { to: createdAt }],
      ...[{ idPrefix: 'acme.p-1' }, { idPrefix: 'acme.', statuses: ['completed', 'cancelled'], state: 'b' }],
      ...[{ failure: group?.group }, { machine: 'kid', statuses: ['failed'] }, { machines: ['kid', 'other'] }],
    ] as MachineFilter[];
    const lists = await Promise.all(filters.map((filter) => runtime.listing.list(filter)));
    await expire(...ids);
    await gone({ runtime, log }, ...ids);
    for (const [i, filter] of filters.entries()) {
      const found: unknown[] = [];
      for (let cursor: string | undefined; ;) {
        const page = await runtime.archived.list(filter, { limit: 2, ...(cursor && { cursor }) });
        found.push(...page.items);
        if (page.next === null) break;
        cursor = page.next;
      }
      expect([filter, found]).toEqual([filter, lists[i]?.items.map((item) => ({ ...item, archived: true }))]);
    }
    expect(lists.filter(({ items }) => items.length === 0)).toHaveLength(3); // the others have found some
    await expect(runtime.archived.list({}, { cursor: 'x' })).rejects.toThrow('cursor');
  });

  it('is written by one worker at a time, and each machine once', async () => {
    const url = await place();
    for (let i = 0; i < 2; i++) await world.worker([kid], { archive: { url } });
    const ids = await Promise.all(Array.from({ length: 60 }, () => world.start({ machine: 'kid' })));
    for (const id of ids) await world.until(id, 'completed', 30_000);
    await expire(...ids);
    await gone({ runtime: (await world.worker([], { archive: { url } })).runtime, log: [] }, ...ids);
    expect((await world.counts()).archived).toBe(60);
  });

  it('is written again after a worker died between the write and the drop', async () => {
    const url = await place();
    const first = await world.worker([kid]);
    const id = await world.start({ machine: 'kid', context: { a: 1 } });
    const before = await world.until(id, 'completed');
    await world.stop(first);
    await expire(id);
    const { signal } = await runScript(
      `
        const [file, name] = argument.url.startsWith('file') ? ['jsonl/json-lines-archive', 'JsonLinesArchive'] : ['postgres/postgres-archive', 'PostgresArchive'];
        const { prototype } = dist('archive/' + file + '.js')[name];
        const write = prototype.write;
        prototype.write = async function (entries) { await write.call(this, entries); await die(); };
        const { StileRuntime } = dist('index.js');
        const log = { debug() {}, log() {}, warn() {}, error() {} };
        const runtime = new StileRuntime({ redis: { url: argument.redis }, prefix: argument.prefix, archive: { url: argument.url }, worker: {} }, log);
        await runtime.start({ all: () => [], find: () => undefined });
      `,
      { url, redis: world.url, prefix: world.prefix },
    );
    expect(signal).toBe('SIGKILL');
    const reader = world.pod({ archive: { url } }).runtime;
    expect(await reader.archived.get(id)).toEqual({ ...before, archived: true });
    expect(await world.redis.exists(world.keys.record(id))).toBe(1);
    await world.redis.del(world.keys.archiving(0)); // as time does
    await gone(await world.worker([kid], { archive: { url } }), id);
    expect(await reader.archived.get(id)).toEqual({ ...before, archived: true });
    expect((await reader.archived.list({})).items).toHaveLength(1);
  });
});

describe('an archive that is away', () => {
  const settled = async (pod: Pod, back: () => Promise<void>) => {
    const id = await world.start({ machine: 'kid' });
    await world.until(id, 'completed');
    await expire(id);
    await world.untilCounted('unarchived');
    expect(pod.log.join('\n')).toMatch(/warn the archive .*STILE_ARCHIVE_URL.* kept and tried again/);
    await world.run('kid'); // what lives goes on
    expect(await world.redis.exists(world.keys.record(id))).toBe(1);
    await back();
    await gone(pod, id);
    expect(await pod.runtime.archived.get(id)).toMatchObject({ correlationId: id, archived: true });
  };

  it('keeps machines where they are until it is back: files', async () => {
    const place = join(folder, 'archive');
    const pod = await world.worker([kid], { archive: { url: pathToFileURL(place).href } });
    await rename(place, `${place}.away`);
    await writeFile(place, '');
    await settled(pod, async () => {
      await rm(place);
      await rename(`${place}.away`, place);
    });
  });

  it('keeps machines where they are until it is back: PostgreSQL, away from the start', async () => {
    const url = await database();
    await postgres.halt();
    const pod = await world.worker([kid], { archive: { url } });
    expect(pod.log.join('\n')).toMatch(/does not answer, finished machines are kept/);
    await settled(pod, () => postgres.restart());
    await expect(ask(`select 1 / count(*) from stile.machine_archive`, url)).resolves.toHaveLength(1);
  });

  it('refuses to start where it never will take any', async () => {
    await writeFile(join(folder, 'file'), '');
    const url = pathToFileURL(join(folder, 'file')).href;
    await expect(world.worker([kid], { archive: { url } })).rejects.toThrow(/name a folder/);
    const nobody = postgres.url.replace(/:[^:@]*@/, ':wrong@');
    await expect(world.worker([kid], { archive: { url: nobody } })).rejects.toThrow(/STILE_ARCHIVE_URL.*right user and password/);
  });
});

describe('what is dropped', () => {
  it('is only what was written: a machine that has changed since is kept, and so is one that was not', async () => {
    await world.worker([kid]);
    const [kept, changed, written] = await Promise.all(
      [1, 2, 3].map(() => world.run('kid').then(({ correlationId }) => correlationId)),
    );
    const archiving: Archiving = {
      write: async () => {
        const leaving = new Map<string, Leaving>();
        for (const id of [changed, written] as string[]) {
          const copy = await copyMachine(world.redis, world.keys, id);
          if (copy) leaving.set(id, { seal: sealOf(copy), archived: true });
        }
        await world.redis.hincrby(world.keys.record(changed as string), 'updated', 1);
        return leaving;
      },
    };
    await Promise.all(world.stopAll());
    await expire(kept as string, changed as string, written as string);
    const watch = new RedisWatchStore(world.redis, world.keys, undefined, archiving);
    expect(await watch.retire(0, 10)).toMatchObject({ dropped: 1, kept: [] });
    const there = await Promise.all([kept, changed, written].map((id) => world.redis.exists(world.keys.record(id as string))));
    expect(there).toEqual([1, 1, 0]);
  });

  it('is not one that cannot be read; where it was started anew meanwhile, it is not kept for longer than it was to be', async () => {
    const archiving: Archiving = {
      write: async (_partition, ids) => {
        await world.redis.zadd(world.keys.retention(0), 5e12, 'again');
        return new Map(ids.map((id) => [id, { unreadable: 'its history is of another type' }]));
      },
    };
    await world.redis.zadd(world.keys.retention(0), 1, 'again', 2, 'broken');
    const watch = new RedisWatchStore(world.redis, world.keys, undefined, archiving);
    const kept = [{ correlationId: 'broken', reason: 'its history is of another type' }];
    expect(await watch.retire(0, 2)).toEqual({ dropped: 0, kept, more: true });
    expect(await world.redis.zscore(world.keys.retention(0), 'again')).toBe('5000000000000');
    expect(await watch.retire(0, 2)).toEqual({ dropped: 0, kept: [], more: false });
  });

  it('is what has no tags that can be read', async () => {
    await world.worker([kid]);
    const { correlationId } = await world.run('kid');
    await world.redis.hset(world.keys.record(correlationId), 'tags', 'null');
    await expire(correlationId);
    await waitFor(async () => (await world.redis.exists(world.keys.record(correlationId))) === 0, { what: 'it is dropped' });
  });

  it('is not one that cannot be read, which keeps none behind it waiting', async () => {
    const url = pathToFileURL(folder).href;
    const pod = await world.worker([kid], { archive: { url } });
    const ids = await Promise.all(Array.from({ length: 3 }, () => world.run('kid').then(({ correlationId }) => correlationId)));
    const [broken = '', ...others] = ids;
    await world.redis.del(world.keys.history(broken));
    await world.redis.set(world.keys.history(broken), 'by hand');
    await expire(...ids);
    await gone(pod, ...others);
    await waitFor(async () => Number(await world.redis.zscore(world.keys.retention(0), broken)) > Date.now(), {
      what: 'it is kept for longer',
    });
    expect(await world.redis.hget(world.keys.record(broken), 'status')).toBe('completed');
    expect(await pod.runtime.archived.get(broken)).toBeUndefined();
  });

  it('is what ended otherwise than is archived, without a write', async () => {
    const url = pathToFileURL(folder).href;
    const pod = await world.worker([picky], { archive: { url, statuses: ['failed'] } });
    const done = await world.run('picky');
    const failed = await world.run('picky', { fail: 'all' }, 'failed');
    await expire(done.correlationId, failed.correlationId);
    await gone(pod, done.correlationId, failed.correlationId);
    expect(await pod.runtime.archived.get(done.correlationId)).toBeUndefined();
    expect(await pod.runtime.archived.get(failed.correlationId)).toBeDefined();
  });

  it('is nothing at a worker without an archive where others have one, until all do without', async () => {
    const url = pathToFileURL(folder).href;
    await world.stop(await world.worker([kid], { archive: { url } }));
    const without = await world.worker([kid]);
    const { correlationId: id } = await world.run('kid');
    await expire(id);
    await waitFor(() => without.log.some((line) => /drops nothing. Set STILE_ARCHIVE_URL/.test(line)), { what: 'the warning' });
    expect(await world.redis.exists(world.keys.record(id))).toBe(1);
    const none = await world.worker([kid], { archive: { url: 'none' } });
    await gone(none, id);
    await expect(none.runtime.archived.list({})).rejects.toThrow('archived');
  });
});
