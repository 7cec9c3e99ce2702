import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request as httpRequest } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalRedis } from '@stile/local-redis';
import { testRedisUrl, uniquePrefix, waitFor } from '../support/redis';
import { ApiStage, greet } from './api-support';

const MAIN = join(__dirname, '../../apps/api/dist/main.js');

/** The API as a process, as `npm test` has just built it. */
class ApiProcess {
  out = '';
  err = '';
  readonly child: ChildProcess;
  readonly exit: Promise<number | string>;

  constructor(env: Record<string, string>) {
    const path = process.env.PATH ?? '';
    this.child = spawn(process.execPath, [MAIN], {
      env: { PATH: path, STILE_PORT: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout?.on('data', (data) => (this.out += String(data)));
    this.child.stderr?.on('data', (data) => (this.err += String(data)));
    this.exit = once(this.child, 'close').then(([code, signal]) => (code ?? signal) as number | string);
  }

  async url(): Promise<string> {
    return waitFor(() => /listens on (http:\S+)/.exec(this.out)?.[1], {
      what: `the URL is printed; stderr: ${this.err}`,
    });
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }
}

describe('the API as a process', () => {
  const started: ApiProcess[] = [];
  const run = (env: Record<string, string>): ApiProcess => {
    const api = new ApiProcess(env);
    started.push(api);
    return api;
  };
  afterEach(() => started.splice(0).forEach((api) => api.kill()));

  it.each(['SIGTERM', 'SIGINT'] as const)('answers what is in hand at %s and ends with 0', async (signal) => {
    const prefix = uniquePrefix('api-process');
    const stage = new ApiStage(prefix);
    await stage.publish(greet());
    const api = run({ STILE_REDIS_URL: testRedisUrl(), STILE_PREFIX: prefix });
    const url = await api.url();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);

    const agent = new Agent({ keepAlive: true });
    const answers: number[] = [];
    const broken: unknown[] = [];
    let sending = true;
    const client = async (): Promise<void> => {
      while (sending) {
        try {
          answers.push(await start(url, agent));
        } catch (error) {
          // Once nobody listens there is nothing to send; a connection cut in the middle of an answer would be a fault.
          if ((error as NodeJS.ErrnoException).code !== 'ECONNREFUSED') broken.push(error);
          return;
        }
      }
    };
    const clients = Array.from({ length: 8 }, client);
    await waitFor(() => answers.length > 50, { what: 'requests are served' });
    const asked = performance.now();
    api.child.kill(signal);
    expect(await api.exit).toBe(0);
    expect(performance.now() - asked).toBeLessThan(5000); // not cut off after STILE_SHUTDOWN_MS, 10 s
    sending = false;
    await Promise.all(clients);
    agent.destroy();
    expect(new Set(answers)).toEqual(new Set([201]));
    // A request sent into a kept connection at the very moment it was closed was never read: its client may send it again.
    expect(broken.filter((error) => !/ECONNRESET|EPIPE/.test(String((error as NodeJS.ErrnoException).code)))).toEqual([]);
    expect(api.err).toBe('');
  });

  it('lists all faults of its environment and ends with 1', async () => {
    const api = run({ STILE_PORT: 'x', STILE_LEASE_TTL_MS: '-1' });
    expect(await api.exit).toBe(1);
    for (const name of ['STILE_PORT', 'STILE_LEASE_TTL_MS', 'STILE_REDIS_URL']) expect(api.err).toContain(name);
    expect(api.err).not.toMatch(/^\s+at /m);
  });

  it('does not listen beyond this machine without asking who calls, unless it is told so by name', async () => {
    const env = { STILE_REDIS_URL: testRedisUrl(), STILE_PREFIX: uniquePrefix('api-open'), STILE_HOST: '0.0.0.0' };
    const shut = run(env);
    expect(await shut.exit).toBe(1);
    for (const way of ['STILE_HOST', 'STILE_AUTH=on', 'STILE_INSECURE_OPEN=on']) expect(shut.err).toContain(way);
    expect(shut.err).not.toMatch(/^\s+at /m);
    const open = run({ ...env, STILE_INSECURE_OPEN: 'on' });
    const asking = run({ ...env, STILE_AUTH: 'on' });
    const status = async (api: ApiProcess): Promise<number> =>
      (await fetch(`${(await api.url()).replace('0.0.0.0', '127.0.0.1')}/v1/counts`)).status;
    expect([await status(open), await status(asking)]).toEqual([200, 401]);
    expect(open.err).toContain('nobody is asked who they are');
  });

  it('says that Redis does not answer, without its password', async () => {
    const api = run({ STILE_REDIS_URL: 'redis://:s3cret@127.0.0.1:1' });
    expect(await api.exit).toBe(1);
    expect(api.err).toContain('Redis at redis://:***@127.0.0.1:1 does not answer');
    expect(api.err + api.out).not.toContain('s3cret');
    expect(api.err).not.toMatch(/^\s+at /m);
  });

  it('says that its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    try {
      const env = { STILE_REDIS_URL: testRedisUrl(), STILE_PREFIX: uniquePrefix('api-port') };
      const api = run({ ...env, STILE_PORT: String(port) });
      expect(await api.exit).toBe(1);
      expect(api.err).toContain(`port ${port} of 127.0.0.1 is taken`);
    } finally {
      other.close();
    }
  });

  it('refuses a Redis that may evict machines, and says what to type', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'stile-api-'));
    const server = await startLocalRedis({ dir, maxmemoryPolicy: 'allkeys-lru' });
    try {
      const api = run({ STILE_REDIS_URL: server.url });
      expect(await api.exit).toBe(1);
      expect(api.err).toContain('config set maxmemory-policy noeviction');
    } finally {
      await server.stop();
      await rm(dir, { recursive: true, force: true });
    }
  });
});

function start(url: string, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'Content-Type': 'application/json' };
    const sent = httpRequest(`${url}/v1/machines`, { method: 'POST', agent, headers }, (response) => {
      response.on('error', reject).resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
    });
    sent.on('error', reject).end('{"machine":"greet"}');
  });
}
