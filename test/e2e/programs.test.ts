import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalRedis } from '@stile/local-redis';
import { StileRuntime } from '@stile/machine';
import { testRedisUrl, uniquePrefix, waitFor } from '../support/redis';
import { isAlive, Programs, ROOT, type Program } from './support/programs';

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

it('an ES module beside a definition runs, too', async () => {
  const prefix = uniquePrefix('esm');
  const folder = join(ROOT, '.stile', prefix); // under the root, where @stile/machine is found
  mkdirSync(folder, { recursive: true });
  const state = '{ name: only, initial: true, final: true, do_action: esm.act }';
  writeFileSync(join(folder, 'esm.yml'), `machines:\n  - name: esm\n    states:\n      - ${state}\n`);
  const act = 'class Act { execute(context) { context.acted = true; } }';
  writeFileSync(join(folder, 'esm.mjs'), `import { Action } from '@stile/machine';\nexport default Action('esm.act')(${act});\n`);
  const worker = programs.worker({ STILE_MACHINES: folder, STILE_PREFIX: prefix });
  await worker.says('it runs esm@1');
  const client = new StileRuntime({ redis: { url: testRedisUrl() }, prefix }, quiet);
  await client.machines.start({ machine: 'esm', correlationId: 'e' });
  const done = async () => (await client.machines.get('e'))?.status === 'completed';
  await waitFor(done, { what: 'the end of the machine' });
  expect(await client.machines.get('e')).toMatchObject({ context: { acted: true } });
  await client.stop();
  rmSync(folder, { recursive: true });
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

it('a worker refuses a lease store that is away or may evict, and names it; one that is to take over may be away', async () => {
  const away = programs.worker({ STILE_LEASE_URL: 'redis://:secret@127.0.0.1:1' });
  expect(await away.exited()).toBe(1);
  expect(away.output).toMatch(/the lease store at 127\.0\.0\.1:1 \(STILE_LEASE_URL\) does not answer .*start it/);
  expect(away.output).toMatch(/lease store: connect ECONNREFUSED/); // the log tells one connection from the other
  expect(away.output).not.toMatch(/secret|\n\s+at /);

  const redis = await startLocalRedis({ dir, maxmemoryPolicy: 'allkeys-lru' });
  const evicting = programs.worker({ STILE_LEASE_SECONDARY_URL: redis.url });
  expect(await evicting.exited()).toBe(1);
  expect(evicting.output).toMatch(/the secondary lease store at .*STILE_LEASE_SECONDARY_URL.*allkeys-lru.*noeviction/);
  await redis.stop();

  const secondary = programs.worker({ STILE_LEASE_SECONDARY_URL: 'redis://example.invalid:1' });
  await secondary.says(/WARN.*the secondary lease store at example\.invalid:1 .*does not answer/);
  await secondary.says('is ready');
});

it('a worker that serves none of the queues of its machines says so', async () => {
  const worker = programs.worker({ STILE_MACHINES: 'examples/plain-js', STILE_QUEUES: 'nosuch' });
  await worker.says('is ready; it runs nothing');
  expect(worker.output).toMatch(/WARN.*greet@1 is not run here: its queue "\w+" is none of those .*\(nosuch\)/);
  expect(worker.output).toMatch(/WARN.*queue "nosuch" is served in vain/);
  // No colours in a file, and none of Nest's own talk.
  for (const noise of ['\x1b', 'InstanceLoader']) expect(worker.output).not.toContain(noise);
});

async function up(env: Record<string, string> = {}): Promise<Program> {
  const own = { STILE_REDIS_URL: '', STILE_SHUTDOWN_MS: '500', STILE_PORT: String(await freePort()) };
  return programs.start([join(ROOT, 'apps/cli/dist/main.js'), 'up'], { ...own, ...env }, dir);
}

async function urlOf(program: Program): Promise<string> {
  return (await program.says(/API\s+http:\S+\d(?=\/docs)/, 30_000)).replace(/^API\s+/, '');
}

it('"stile up" brings its own Redis, serves, and drains at SIGTERM with 0', async () => {
  const program = await up();
  const url = await urlOf(program);
  await program.says('is ready; it runs');
  const started = await fetch(`${url}/v1/machines`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ machine: 'counter', correlationId: 'c', context: { limit: 12 } }),
  });
  expect(started.status).toBe(201);
  const machine = async () => (await (await fetch(`${url}/v1/machines/c`)).json()) as { status: string; context: object };
  await waitFor(async () => (await machine()).status === 'completed', { what: 'the counter' });
  expect(await machine()).toMatchObject({ context: { count: 12 } });
  const redisPort = /redis:\/\/[^:]+:(\d+)/.exec(program.output)?.[1];
  program.kill('SIGTERM');
  expect(await program.exited()).toBe(0);
  await expect(fetch(`${url}/health/live`)).rejects.toThrow();
  await expect(fetch(`http://127.0.0.1:${redisPort}`)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
});

it('"stile up" that is killed leaves nothing behind', async () => {
  const program = await up();
  const url = await urlOf(program);
  const worker = Number((await program.says(/worker \d+ is ready/)).split(' ')[1]);
  program.kill('SIGKILL');
  await waitFor(() => !isAlive(worker), { what: 'the end of the worker' });
  await waitFor(
    () =>
      fetch(url).then(
        () => false,
        () => true,
      ),
    { what: 'the end of the API' },
  );
});

it('"stile up" ends with 0 when it is stopped while it starts', async () => {
  const program = await up();
  await program.says('Redis  ');
  program.kill('SIGTERM');
  expect(await program.exited()).toBe(0);
  expect(program.output).not.toContain('stile:');
});

it('"stile up" a second time in one folder says who uses it, without a stack, and ends with 1', async () => {
  await urlOf(await up());
  const second = await up();
  expect(await second.exited()).toBe(1);
  expect(second.output).toMatch(/^stile: .* is in use by the Redis with pid \d+/);
  expect(second.output).not.toMatch(/\n\s+at /);
});

it('"stile up" without any machine shows its API all the same, and says what is missing', async () => {
  mkdirSync(join(dir, 'none'));
  const program = await up({ STILE_MACHINES: join(dir, 'none') });
  const url = await urlOf(program);
  expect((await fetch(`${url}/health/live`)).status).toBe(200);
  await program.says('WARN [Worker] this worker has no machines and publishes none');
  await program.says('stile: not ready yet: no worker takes jobs');
  program.kill('SIGTERM');
  expect(await program.exited()).toBe(0);
});

it('"stile up" whose worker cannot start ends with 1, and says which part it was', async () => {
  const program = await up({ STILE_MACHINES: join(dir, 'nowhere') });
  expect(await program.exited()).toBe(1);
  expect(program.output).toContain('stile: worker 1 ended before it was ready (1)');
});

it('"stile --version" tells it', async () => {
  const program = programs.start([join(ROOT, 'apps/cli/dist/main.js'), '--version']);
  expect(await program.exited()).toBe(0);
  expect(program.output).toMatch(/^\d+\.\d+\.\d+\n$/);
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
