import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, parse, resolve } from 'node:path';
import { transformFile } from '@swc/core';
import { Client } from 'pg';
import { startLocalPostgres, type LocalPostgres } from '../support/local-postgres';
import { waitFor } from '../support/redis';

const servers: LocalPostgres[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

async function start(...args: Parameters<typeof startLocalPostgres>): Promise<LocalPostgres> {
  const server = await startLocalPostgres(...args);
  servers.push(server);
  return server;
}

async function ask(server: LocalPostgres, sql: string): Promise<unknown> {
  const client = new Client(server.url);
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<unknown[]>({ text: sql, rowMode: 'array' });
    return rows[0]?.[0];
  } finally {
    await client.end();
  }
}

/** Whether the process runs; a zombie does not. */
const isAlive = (pid: number) =>
  /^[^Z]/.test(
    spawnSync('ps', ['-o', 'stat=', '-p', String(pid)])
      .stdout.toString()
      .trim(),
  );

/** Puts a library of this repository, as plain JavaScript, where programs in `dir` find it. */
async function asPackage(library: string, dir: string): Promise<void> {
  const from = resolve(__dirname, '..', '..', 'libs', library, 'src');
  const to = join(dir, 'node_modules', '@stile', library);
  await mkdir(to, { recursive: true });
  for (const file of (await readdir(from)).filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'))) {
    const { code } = await transformFile(join(from, file), {
      module: { type: 'commonjs' },
      jsc: { parser: { syntax: 'typescript' } },
    });
    await writeFile(join(to, `${parse(file).name}.js`), code);
  }
}

describe('startLocalPostgres', () => {
  it('serves on 127.0.0.1, to those who know the password, and leaves nothing behind', async () => {
    const server = await start();
    expect(await ask(server, 'show listen_addresses')).toBe('127.0.0.1');
    const wrong = new Client(server.url.replace(/:\w+@/, ':wrong@'));
    await expect(wrong.connect()).rejects.toMatchObject({ code: '28P01' });
    expect(isAlive(server.pid)).toBe(true);
    await server.stop();
    expect(isAlive(server.pid)).toBe(false);
    expect(existsSync(server.dir)).toBe(false);
    await server.stop();
  });

  it('keeps port and data through a restart, a halt and SIGKILL, with clients connected', async () => {
    const server = await start();
    await ask(server, 'create table kept as select 7 as it');
    const guest = new Client(server.url);
    guest.on('error', () => undefined);
    await guest.connect();
    await server.restart();
    expect(await ask(server, 'select it from kept')).toBe(7);
    await server.halt();
    await expect(ask(server, 'select 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await server.restart();
    const { pid } = server;
    server.kill('SIGKILL');
    await server.restart();
    expect(server.pid).not.toBe(pid);
    expect(await ask(server, 'select it from kept')).toBe(7);
  });

  const timeline = (server: LocalPostgres) => ask(server, 'select left(pg_walfile_name(pg_current_wal_lsn()), 8)');

  it('has a standby that can be promoted, on a timeline of its own', async () => {
    const primary = await start({ settings: { max_wal_senders: '2', wal_level: 'replica' } });
    await ask(primary, 'create table kept as select 7 as it');
    const standby = await start({ standbyOf: primary });
    expect(await ask(standby, 'select pg_is_in_recovery()')).toBe(true);
    await waitFor(() => ask(standby, 'select it from kept'), { what: 'the standby has the table' });
    await standby.promote();
    expect(await ask(standby, 'select pg_is_in_recovery()')).toBe(false);
    expect([await timeline(primary), await timeline(standby)]).toEqual(['00000001', '00000002']);
    await primary.changeTimeline();
    await primary.changeTimeline();
    expect(await timeline(primary)).toBe('00000003');
    expect(await ask(primary, 'select it from kept')).toBe(7);
  });

  it('says the last words of a server that does not start, and leaves nothing behind', async () => {
    const failure = start({ settings: { shared_buffers: 'plenty' } });
    await expect(failure).rejects.toThrow(/PostgreSQL did not start[^]*shared_buffers/);
    const message = await failure.then(
      () => '',
      (error: Error) => error.message,
    );
    expect(existsSync(/ in (\/tmp\/stile-pg-\w+)/.exec(message)?.[1] ?? '/')).toBe(false);
  });

  it('ends with the process that started it, even after SIGKILL', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'stile-parent-'));
    await Promise.all(['local-postgres', 'local-redis'].map((library) => asPackage(library, dir)));
    const script = `require('@stile/local-postgres').startLocalPostgres()
      .then(({ pid, dir }) => console.log(JSON.stringify({ pid, dir })));
      setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ['-e', script], { cwd: dir, stdio: ['ignore', 'pipe', 'inherit'] });
    const [told] = (await Promise.race([once(parent.stdout, 'data'), once(parent.stdout, 'end')])) as [Buffer?];
    const server = JSON.parse(told?.toString() ?? '{}') as { pid: number; dir: string };
    try {
      expect(isAlive(server.pid)).toBe(true);
      parent.kill('SIGKILL');
      await waitFor(() => !isAlive(server.pid), { what: 'the server has ended' });
      expect(await readFile(join(server.dir, 'postgres.log'), 'utf8')).toContain('database system is shut down');
    } finally {
      parent.kill('SIGKILL');
      await rm(server.dir, { recursive: true, force: true });
      await rm(dir, { recursive: true, force: true });
    }
  });
});
