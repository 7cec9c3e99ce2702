import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalRedis } from '@stile/local-redis';
import { StileRuntime } from '@stile/machine';
import { testRedisUrl, uniquePrefix, waitFor } from '../support/redis';
import { Programs, ROOT } from './support/programs';

const quiet = { debug() {}, log() {}, warn() {}, error() {} };
let programs: Programs;
let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'stile-programs-'));
  programs = new Programs({ STILE_REDIS_URL: testRedisUrl(), STILE_PREFIX: uniquePrefix('programs') });
});
afterEach(async () => {
  await programs.end();
  rmSync(dir, { recursive: true, force: true });
});

it('a plain module in a folder, registered without a compiler, runs', async () => {
  const prefix = uniquePrefix('plain');
  const worker = programs.worker({ STILE_MACHINES: 'examples/plain-js', STILE_PREFIX: prefix });
  await worker.says('it runs greet@1');
  const client = new StileRuntime({ redis: { url: testRedisUrl() }, prefix }, quiet);
  await client.machines.start({ machine: 'greet', correlationId: '123', context: { name: 'Ada' } });
  const done = async () => ((await client.machines.get('123'))?.status === 'completed' ? client.machines.get('123') : undefined);
  expect(await waitFor(done, { what: 'the greeting' })).toMatchObject({ context: { greeting: 'Hello, Ada!' } });
  await client.stop();
});

it('the worker tells all that is wrong with its settings at once, and ends with 1', async () => {
  const worker = programs.worker({ STILE_CONCURRENCY: 'many', STILE_LEASE_TTL_MS: '-5', STILE_PREFIX: 'a b' });
  expect(await worker.exited()).toBe(1);
  for (const name of ['STILE_CONCURRENCY', 'STILE_LEASE_TTL_MS', 'STILE_PREFIX']) expect(worker.output).toContain(name);
  expect(worker.output).not.toMatch(/\n\s+at /); // no stack: it is not for a programmer
});

it('the worker tells all that is wrong with its machines at once, with file and line, and ends with 1', async () => {
  const file = join(dir, 'broken.yaml');
  writeFileSync(
    file,
    'machines:\n  - name: broken\n    states:\n      - name: a\n        initial: true\n        do_action: nobody.knows\n        transitions:\n          - { event: go, target: nowhere }\n',
  );
  const worker = programs.worker({ STILE_MACHINES: file });
  expect(await worker.exited()).toBe(1);
  expect(worker.output).toMatch(/broken\.yaml:6: error: .*nobody\.knows/);
  expect(worker.output).toMatch(/broken\.yaml:8: error: .*nowhere/);
});

it('worker and API refuse a Redis that may evict, and say why', async () => {
  const redis = await startLocalRedis({ dir, maxmemoryPolicy: 'allkeys-lru' });
  for (const part of ['worker', 'api']) {
    const program = programs.start([`apps/${part}/dist/main.js`], { STILE_REDIS_URL: redis.url, STILE_PORT: '0' });
    expect(await program.exited()).toBe(1);
    expect(program.output).toMatch(/allkeys-lru.*noeviction/s);
  }
  await redis.stop();
});

it('"stile up" brings its own Redis, serves, and drains at SIGTERM with 0', async () => {
  const up = programs.start(
    [join(ROOT, 'apps/cli/dist/main.js'), 'up'],
    { STILE_REDIS_URL: '', STILE_PORT: String(await freePort()) },
    dir,
  );
  const url = (await up.says(/API\s+http:\S+\d(?=\/docs)/, 30_000)).replace(/^API\s+/, '');
  const started = await fetch(`${url}/v1/machines`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ machine: 'counter', correlationId: 'c', context: { limit: 12 } }),
  });
  expect(started.status).toBe(201);
  const machine = async () => (await (await fetch(`${url}/v1/machines/c`)).json()) as { status: string; context: object };
  await waitFor(async () => (await machine()).status === 'completed', { what: 'the counter' });
  expect(await machine()).toMatchObject({ context: { count: 12 } });
  const redisPort = /redis:\/\/[^:]+:(\d+)/.exec(up.output)?.[1];
  up.kill('SIGTERM');
  expect(await up.exited()).toBe(0);
  await expect(fetch(`${url}/health/live`)).rejects.toThrow();
  await expect(fetch(`http://127.0.0.1:${redisPort}`)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
});

async function freePort(): Promise<number> {
  const { createServer } = await import('node:net');
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
