import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createConnection, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, parse } from 'node:path';
import { transformFile } from '@swc/core';
import type { LocalRedis } from './run-server';
import { startLocalRedis, type LocalRedisOptions } from './start-local-redis';

let dir: string;
const servers: LocalRedis[] = [];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'stile-local-redis-'));
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
  await rm(dir, { recursive: true, force: true });
});

async function start(options: Partial<LocalRedisOptions> = {}): Promise<LocalRedis> {
  const server = await startLocalRedis({ dir, ...options });
  servers.push(server);
  return server;
}

/** What Redis answers to one inline command. */
async function ask(port: number, command: string): Promise<string> {
  const socket = createConnection({ port, host: '127.0.0.1' });
  socket.end(`${command}\r\n`);
  let reply = '';
  for await (const chunk of socket) reply += String(chunk);
  return reply;
}

/** Whether the process runs; a zombie does not. */
function isAlive(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)]);
  return /^[^Z]/.test(stdout.toString().trim());
}

async function untilDead(pid: number): Promise<void> {
  for (const end = Date.now() + 10_000; isAlive(pid); await new Promise((resolve) => setTimeout(resolve, 10))) {
    if (Date.now() > end) throw new Error(`process ${pid} is still alive after 10 s`);
  }
}

/** A program of plain JavaScript that starts a Redis in its first argument, tells pid and port, and goes on. */
async function parentScript(): Promise<string> {
  for (const file of await readdir(__dirname)) {
    if (file.endsWith('.spec.ts')) continue;
    const { code } = await transformFile(join(__dirname, file), {
      module: { type: 'commonjs' },
      jsc: { parser: { syntax: 'typescript' } },
    });
    await writeFile(join(dir, `${parse(file).name}.js`), code);
  }
  const script = join(dir, 'parent.js');
  await writeFile(
    script,
    `require('./index').startLocalRedis({ dir: process.argv[2] }).then(({ pid, port }) => console.log(JSON.stringify({ pid, port })));
    setInterval(() => {}, 1000);`,
  );
  return script;
}

describe('startLocalRedis', () => {
  it('serves on 127.0.0.1 with the settings Stile needs, and tells the pid of Redis itself', async () => {
    const redis = await start();
    expect(redis.url).toBe(`redis://127.0.0.1:${redis.port}`);
    expect(await ask(redis.port, 'PING')).toBe('+PONG\r\n');
    expect(await ask(redis.port, 'INFO server')).toContain(`process_id:${redis.pid}\r\n`);
    const config = await ask(redis.port, 'CONFIG GET bind appendonly appendfsync maxmemory-policy');
    for (const value of ['127.0.0.1', 'yes', 'everysec', 'noeviction']) expect(config).toContain(`\r\n${value}\r\n`);
  });

  it('takes other settings', async () => {
    const { port } = await start({
      appendOnly: false,
      maxmemoryPolicy: 'allkeys-lru',
      extraArgs: ['--maxmemory', '50mb'],
    });
    expect(await ask(port, 'CONFIG GET appendonly')).toContain('\r\nno\r\n');
    expect(await ask(port, 'CONFIG GET maxmemory-policy')).toContain('allkeys-lru');
    expect(await ask(port, 'CONFIG GET maxmemory')).toContain('52428800');
  });

  it('keeps data over stop and start with the same folder and port', async () => {
    const first = await start();
    await ask(first.port, 'SET left here');
    await first.stop();
    await first.exited;
    expect(isAlive(first.pid)).toBe(false);
    const second = await start({ port: first.port });
    expect(await ask(second.port, 'GET left')).toBe('$4\r\nhere\r\n');
    await first.stop();
    first.kill('SIGKILL');
    expect(await ask(second.port, 'PING')).toBe('+PONG\r\n');
  });

  it('kills Redis itself, whose end is told, and starts it anew', async () => {
    const first = await start();
    first.kill('SIGKILL');
    await first.exited;
    expect(isAlive(first.pid)).toBe(false);
    await start({ port: first.port });
    expect(await ask(first.port, 'PING')).toBe('+PONG\r\n');
  });

  it('stops a server that was paused', async () => {
    const redis = await start();
    redis.kill('SIGSTOP');
    await redis.stop();
    expect(isAlive(redis.pid)).toBe(false);
  });

  it('refuses a folder that another server uses', async () => {
    const redis = await start();
    await expect(start()).rejects.toThrow(
      `${dir} is in use by the Redis with pid ${redis.pid}; end what started it, or use it: ${redis.url}`,
    );
  });

  it("says Redis's own last words when it does not start", async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    await expect(start({ port })).rejects.toThrow(/did not start on port \d+ in .*: it ended\n[^]*Address already in use/);
    taken.close();
    await expect(start({ extraArgs: ['--no-such-setting', '1'] })).rejects.toThrow('Bad directive');
    await expect(start({ server: '/nowhere/redis-server' })).rejects.toThrow('/nowhere/redis-server');
  });

  it.each(['SIGKILL', 'SIGTERM'] as const)('ends with its parent, which gets %s', async (signal) => {
    const parent = spawn(process.execPath, [await parentScript(), join(dir, 'data')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const { pid, port } = JSON.parse(line.toString()) as { pid: number; port: number };
    expect(isAlive(pid)).toBe(true);
    await ask(port, 'SET left here');
    parent.kill(signal);
    await untilDead(pid);
    expect(await readFile(join(dir, 'data', 'redis.log'), 'utf8')).toContain('bye bye');
    const next = await start({ dir: join(dir, 'data'), port });
    expect(await ask(next.port, 'GET left')).toBe('$4\r\nhere\r\n');
  });
});
