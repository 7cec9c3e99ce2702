import { createServer, type AddressInfo, type Socket } from 'node:net';
import { checkPostgres, migratePostgres, PostgresLeaseStore, PostgresServer, type AcquireResult } from '@stile/lease';
import { describeIdentityChange } from '../../libs/lease/src/testing/lease-store.contract';
import { startLocalPostgres, type LocalPostgres } from '../support/local-postgres';
import { waitFor } from '../support/redis';

const at = (steps: number) => ({ steps, retries: 0 });
const ttlMs = 60_000;
/** For what must be answered, however busy the machine. */
const PATIENCE_MS = 20_000;
const IN_2020_US = Date.parse('2020-01-01') * 1000;

let local: LocalPostgres;
let admin: PostgresServer;
const open: PostgresServer[] = [];
let counter = 0;

beforeAll(async () => {
  local = await startLocalPostgres();
  admin = new PostgresServer(local.url, { timeoutMs: PATIENCE_MS });
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});
afterAll(async () => {
  await admin.close();
  await local.stop();
});

function connect(url: string, options?: ConstructorParameters<typeof PostgresServer>[1]): PostgresServer {
  const server = new PostgresServer(url, { timeoutMs: PATIENCE_MS, ...options });
  open.push(server);
  return server;
}

const sql = (text: string, server = admin) => server.use((ask) => ask(text));

/** A database of the test's own, and a user who owns nothing in it unless said so. */
async function fresh({ owner = false, isolation = 'read committed' } = {}) {
  const name = `test_${++counter}`;
  await sql(`create role ${name} login password 'secret-word'`);
  await sql(`create database ${name} ${owner ? `owner ${name}` : ''}`);
  await sql(`alter database ${name} set default_transaction_isolation = '${isolation}'`);
  const url = new URL(local.url);
  url.pathname = `/${name}`;
  const superUrl = url.href;
  url.username = name;
  url.password = 'secret-word';
  return { name, url: url.href, superUrl };
}

let attempts = 0;
const acquire = (store: PostgresLeaseStore, id = 'id', steps = 0): Promise<AcquireResult> =>
  store.acquire(id, at(steps), { nonce: `n${++attempts}`, ttlMs });

describeIdentityChange('PostgresLeaseStore', async () => {
  const server = connect(local.url);
  return {
    store: new PostgresLeaseStore(server, { prefix: `identity-${++counter}` }),
    pass: () => Promise.reject(new Error('not needed')),
    changeIdentity: () => local.changeTimeline(),
  };
});

describe('PostgresLeaseStore on a standby', () => {
  it('answers nothing until it is promoted; then its first token is above those that were granted and never reached it', async () => {
    const primary = await startLocalPostgres({ settings: { max_wal_senders: '2' } });
    let standby: LocalPostgres | undefined;
    try {
      const before = new PostgresLeaseStore(connect(primary.url));
      expect(await acquire(before)).toMatchObject({ fence: 1 });
      await before.release('id', at(0), 1);
      standby = await startLocalPostgres({ standbyOf: primary });
      const server = connect(standby.url);
      const store = new PostgresLeaseStore(server);
      await waitFor(async () => (await server.use((ask) => ask('select from pg_stat_wal_receiver'))).length > 0, {
        what: 'the standby follows',
      });
      const refused = await acquire(store);
      expect(refused).toMatchObject({ outcome: 'unavailable', cause: { cause: { code: '25006' } } });
      await expect(checkPostgres(server)).rejects.toThrow('it is a standby');

      await sql(`alter system set primary_conninfo = ''`, server);
      await sql('select pg_reload_conf()', server);
      await waitFor(async () => (await server.use((ask) => ask('select from pg_stat_wal_receiver'))).length === 0, {
        what: 'the standby follows no more',
      });
      expect(await acquire(before, 'id', 1)).toMatchObject({ fence: 2 }); // the tail that is lost
      primary.kill('SIGKILL');
      await standby.promote();
      const after = await acquire(store, 'id', 1);
      expect(after).toMatchObject({ outcome: 'granted' });
      const { fence } = after as { fence: number };
      expect(fence).toBeGreaterThan(IN_2020_US);
      expect(await store.advance('id', fence, at(1), at(2), ttlMs)).toMatchObject({ fence: fence + 1 });
    } finally {
      await Promise.all([primary.stop(), standby?.stop()]);
    }
  });
});

describe('the migration', () => {
  it('is applied once when many processes begin at the same time, and each can go on at once', async () => {
    const { url } = await fresh({ owner: true });
    const servers = Array.from({ length: 8 }, () => connect(url, { maxConnections: 2 }));
    const applied = await Promise.all(servers.map((server) => migratePostgres(server)));
    expect(applied.flat()).toEqual(['leases']);
    const grants = await Promise.all(servers.map((server, i) => acquire(new PostgresLeaseStore(server), `id-${i}`)));
    expect(grants.map(({ outcome }) => outcome)).toEqual(Array(8).fill('granted'));
  });

  it('is applied by the first who asks for a lease: the server may have been away when the process began', async () => {
    const { url } = await fresh({ owner: true });
    const stores = Array.from({ length: 4 }, () => new PostgresLeaseStore(connect(url)));
    const results = await Promise.all(stores.flatMap((store) => [acquire(store), acquire(store)]));
    expect(results.filter(({ outcome }) => outcome === 'granted')).toHaveLength(1);
    expect(results.filter(({ outcome }) => outcome === 'held')).toHaveLength(7);
  });

  it('leaves alone what a newer version has applied', async () => {
    const { url } = await fresh({ owner: true });
    const server = connect(url);
    await migratePostgres(server);
    await sql(`insert into stile.migration (version, name) values (99, 'later')`, server);
    expect(await migratePostgres(server)).toEqual([]);
  });

  it('needs only the rights that the check asks for where the owner has applied it', async () => {
    const { name, url, superUrl } = await fresh();
    const user = connect(url);
    const refused: unknown = await checkPostgres(user).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'POSTGRES_UNFIT', message: expect.stringContaining('CREATE on the database') });
    expect(await acquire(new PostgresLeaseStore(user))).toMatchObject({ outcome: 'unavailable' });
    const owner = connect(superUrl);
    await migratePostgres(owner);
    await expect(checkPostgres(user)).rejects.toMatchObject({ code: 'POSTGRES_UNFIT' });
    await sql(`grant usage on schema stile to ${name}`, owner);
    await sql(`grant select on stile.migration to ${name}`, owner);
    await sql(`grant select, insert, update, delete on stile.lease to ${name}`, owner);
    await checkPostgres(user);
    const store = new PostgresLeaseStore(user);
    expect(await acquire(store)).toMatchObject({ fence: 1 });
    await store.forget('id');
    expect(await acquire(store)).toMatchObject({ fence: 1 });
  });
});

describe('checkPostgres', () => {
  it('refuses an encoding that cannot hold every id', async () => {
    await sql(`create database latin encoding 'LATIN1' template template0`);
    await expect(checkPostgres(connect(local.url.replace(/postgres$/, 'latin')))).rejects.toMatchObject({
      code: 'POSTGRES_UNFIT',
      message: expect.stringContaining('LATIN1'),
    });
  });

  it.each([
    ['a wrong password', (url: URL) => (url.password = 'secret-guess'), 'give the right user and password'],
    ['a database that is not there', (url: URL) => (url.pathname = '/absent'), 'create the database'],
  ])('refuses %s, and says what to do but no password', async (_name, spoil, help) => {
    const url = new URL((await fresh()).url);
    spoil(url);
    const error = (await checkPostgres(connect(url.href)).catch((reason: unknown) => reason)) as Error;
    expect(error).toMatchObject({ code: 'POSTGRES_UNFIT', message: expect.stringContaining(help) });
    const { cause } = (await acquire(new PostgresLeaseStore(connect(url.href)))) as { cause: Error };
    for (const text of [error.message, error.stack, cause.message, cause.stack, JSON.stringify([error, cause])]) {
      expect(text).not.toContain('secret');
    }
  });

  it('takes a server that does not answer for an outage, not for a fault', async () => {
    await expect(checkPostgres(connect('postgres://u@127.0.0.1:1/d'))).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

describe('PostgresLeaseStore', () => {
  it('keeps ids apart that differ in characters PostgreSQL does not take, and nonces too', async () => {
    const store = new PostgresLeaseStore(connect(local.url), { prefix: `odd-${++counter}` });
    for (const id of ['a\0', 'a\\0', 'a\\\\0', 'a', "a'"]) expect(await acquire(store, id)).toMatchObject({ fence: 1 });
    expect(await store.acquire('b', at(0), { nonce: '\0', ttlMs })).toMatchObject({ fence: 1 });
    expect(await store.acquire('b', at(0), { nonce: '\\0', ttlMs })).toMatchObject({ outcome: 'held' });
    expect(await store.acquire('b', at(0), { nonce: '\0', ttlMs })).toMatchObject({ fence: 1 });
  });

  it('grants one of 20 at once where the database isolates transactions more strictly', async () => {
    const { url } = await fresh({ owner: true, isolation: 'serializable' });
    const server = connect(url);
    await migratePostgres(server);
    const store = new PostgresLeaseStore(server);
    const outcomes = (await Promise.all(Array.from({ length: 20 }, () => acquire(store)))).map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === 'granted')).toHaveLength(1);
    expect(await acquire(store)).toMatchObject({ outcome: 'held' });
  });

  it('does not hand out a token that a crash could make it forget, even where commits are not waited for', async () => {
    const server = connect(local.url);
    await migratePostgres(server);
    const waits = await server.use(async (ask) => {
      await ask('begin');
      await ask('set local synchronous_commit = off');
      await ask(`select stile.lease_acquire('commit-${++counter}', 0, 0, 'n', 1000, 0, false)`);
      const [row] = await ask<{ synchronous_commit: string }>('show synchronous_commit');
      await ask('rollback');
      return row?.synchronous_commit;
    });
    expect(waits).toBe('local');
  });
});

describe('PostgresLeaseStore in an outage', () => {
  const bench = async (options?: ConstructorParameters<typeof PostgresServer>[1]) => {
    const { name, url } = await fresh({ owner: true });
    const server = connect(url, options);
    await migratePostgres(server, PATIENCE_MS);
    const backends = async () => {
      const rows = await admin.use((ask) =>
        ask<{ pid: number }>('select pid from pg_stat_activity where datname = $1 and usename = $1', [name]),
      );
      return rows.map(({ pid }) => pid);
    };
    return { name, url, server, backends, store: new PostgresLeaseStore(server) };
  };

  it('loses its connections and makes new ones; nothing is thrown in the process', async () => {
    const errors: string[] = [];
    const { store, backends } = await bench({ onError: (error) => errors.push(error.message) });
    expect(await acquire(store)).toMatchObject({ fence: 1 });
    const [pid] = await backends();
    await sql(`select pg_terminate_backend(${pid})`);
    await waitFor(() => errors.length > 0, { what: 'the pool has noticed' });
    expect(errors[0]).toMatch(/terminating connection/);
    expect(await store.renew('id', 1, ttlMs)).toMatchObject({ outcome: 'renewed' });
  });

  it('is unavailable while the server is down, and back when it is', async () => {
    const { store } = await bench();
    expect(await acquire(store)).toMatchObject({ fence: 1 });
    await local.halt();
    expect(await acquire(store)).toMatchObject({ outcome: 'unavailable' });
    expect(await store.renew('id', 1, ttlMs)).toMatchObject({ outcome: 'unavailable' });
    await expect(store.release('id', at(0), 1)).rejects.toMatchObject({ code: 'LEASE_UNAVAILABLE' });
    await local.restart();
    expect(await acquire(store)).toMatchObject({ outcome: 'held' });
    expect(await store.advance('id', 1, at(0), at(1), ttlMs)).toMatchObject({ fence: 2 }); // the same history: no jump
  });

  it('is unavailable, not held, where there are too many connections', async () => {
    const { name, url } = await bench();
    await sql(`alter role ${name} connection limit 0`);
    const result = await acquire(new PostgresLeaseStore(connect(url)));
    expect(result).toMatchObject({ outcome: 'unavailable', cause: { cause: { code: '53300' } } });
  });

  it('gives up on a connection that says nothing any more, in its time, and does not use it again', async () => {
    const { store, backends } = await bench({ timeoutMs: 1000 });
    expect(await acquire(store)).toMatchObject({ fence: 1 });
    const [pid] = (await backends()) as [number];
    process.kill(pid, 'SIGSTOP');
    try {
      const since = performance.now();
      expect(await acquire(store)).toMatchObject({ outcome: 'unavailable' });
      expect(performance.now() - since).toBeLessThan(4000);
      expect(await acquire(store)).toMatchObject({ outcome: 'held' });
    } finally {
      process.kill(pid, 'SIGCONT');
    }
  });

  it('gives up on a server that takes connections and says nothing', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket.on('error', () => undefined)));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = silent.address() as AddressInfo;
      const store = new PostgresLeaseStore(connect(`postgres://u:secret@127.0.0.1:${port}/d`, { timeoutMs: 1000 }));
      const since = performance.now();
      const results = await Promise.all(Array.from({ length: 30 }, (_, i) => acquire(store, `id-${i}`)));
      expect(new Set(results.map(({ outcome }) => outcome))).toEqual(new Set(['unavailable']));
      expect(performance.now() - since).toBeLessThan(4000);
    } finally {
      sockets.forEach((socket) => socket.destroy());
      silent.close();
    }
  });

  it('waits for a row that another holds no longer than its time', async () => {
    const { store, server } = await bench({ timeoutMs: 1000 });
    expect(await acquire(store)).toMatchObject({ fence: 1 });
    await server.use(async (ask) => {
      await ask('begin');
      await ask('select from stile.lease for update');
      expect(await acquire(store)).toMatchObject({ outcome: 'unavailable' });
      await ask('rollback');
    }, 5000);
    expect(await acquire(store)).toMatchObject({ outcome: 'held' });
  });
});
