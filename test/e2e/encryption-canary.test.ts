import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalRedis, type LocalRedis } from '@stile/local-redis';
import { Redis } from 'ioredis';
import { waitFor } from '../support/redis';
import { Programs, ROOT, type Program } from './support/programs';

const SECRETS = join(ROOT, 'test', 'e2e', 'secrets');
/** Two processes and a Redis for each test: a busy machine needs its time. */
const PATIENCE_MS = 120_000;
jest.setTimeout(2 * PATIENCE_MS);

const KEYS = `k1:${randomBytes(32).toString('base64')}`;

/** One deployment of processes with a Redis of its own that writes all it can to files. */
class Deployment {
  private constructor(
    private readonly folder: string,
    readonly redis: LocalRedis,
    readonly programs: Programs,
    readonly worker: Program,
    readonly api: Program,
  ) {}

  url = '';

  static async start(env: Record<string, string>): Promise<Deployment> {
    const folder = await mkdtemp(join(tmpdir(), 'stile-canary-'));
    const redis = await startLocalRedis({
      dir: join(folder, 'redis'),
      appendFsync: 'always',
      extraArgs: [
        '--save',
        '3600',
        '1',
        '--rdbcompression',
        'no',
        '--slowlog-log-slower-than',
        '0',
        '--slowlog-max-len',
        '100000',
      ],
    });
    const programs = new Programs({
      STILE_REDIS_URL: redis.url,
      STILE_LOG_LEVEL: 'debug',
      STILE_LOG_STEPS: 'on',
      STILE_LOG_FORMAT: 'json',
      ...env,
    });
    const worker = programs.start(['-r', join(SECRETS, 'spans-to-file.cjs'), 'apps/worker/dist/main.js'], {
      STILE_MACHINES: join(SECRETS, 'vault.cjs'),
      STILE_OTEL: 'on',
      SPANS_FILE: join(folder, 'spans'),
    });
    const api = programs.start(['apps/api/dist/main.js'], { STILE_PORT: '0' });
    const deployment = new Deployment(folder, redis, programs, worker, api);
    try {
      const said = await api.says(/listens on http:\S+\d/, PATIENCE_MS);
      deployment.url = said.slice(said.indexOf('http'));
      await worker.says('is ready', PATIENCE_MS);
      return deployment;
    } catch (error) {
      await deployment.close();
      throw error;
    }
  }

  async call<T>(method: string, path: string, body?: object): Promise<T> {
    const headers = { 'Content-Type': 'application/json' };
    const response = await fetch(this.url + path, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  async until(id: string, status: string): Promise<{ context: Record<string, unknown>; error: { message: string } | null }> {
    type Seen = { status: string; context: Record<string, unknown>; error: { message: string } | null };
    return waitFor(
      async () => {
        const seen = await this.call<Seen>('GET', `/v1/machines/${id}`);
        return seen.status === status && seen;
      },
      { what: `${id} ${status}`, timeoutMs: PATIENCE_MS, everyMs: 50 },
    );
  }

  /** Everything that is written down or shown to those who may not see users' data, by what it is. */
  async writings(): Promise<Map<string, Buffer>> {
    const client = new Redis(this.redis.url);
    await client.save();
    const before = await filesIn(join(this.folder, 'redis'));
    await client.bgrewriteaof();
    await waitFor(async () => /aof_rewrite_in_progress:0/.test(await client.info('persistence')), { what: 'the AOF is written' });
    const slow = JSON.stringify(await client.slowlog('GET', 100_000));
    client.disconnect();
    const found = new Map(
      [...before, ...(await filesIn(join(this.folder, 'redis')))].map(([name, text]) => [`redis/${name}`, text]),
    );
    const text = async (path: string): Promise<Buffer> => Buffer.from(await (await fetch(this.url + path)).text());
    found.set('slow log', Buffer.from(slow));
    found.set('spans', await readFile(join(this.folder, 'spans')));
    found.set('log of the worker', Buffer.from(this.worker.output));
    found.set('log of the API', Buffer.from(this.api.output));
    found.set('metrics', await text('/metrics'));
    found.set('Bull dashboard', await text('/queues/api/queues?activeQueue=machines&status=&page=1&jobsPerPage=100'));
    return found;
  }

  async close(): Promise<void> {
    await this.programs.end();
    await this.redis.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

async function filesIn(folder: string): Promise<[string, Buffer][]> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  return Promise.all(
    files.map(async ({ parentPath, name }): Promise<[string, Buffer]> => [name, await readFile(join(parentPath, name))]),
  );
}

/** A canary as it would be found, plain or encoded; in base64 its letters come in three ways. */
function formsOf(canary: string): string[] {
  const base64 = [0, 1, 2].flatMap((shift) => {
    const text = Buffer.from('x'.repeat(shift) + canary).toString('base64');
    return [text.slice(shift === 0 ? 0 : 4, -4)];
  });
  const bytes = Buffer.from(canary);
  return [
    canary,
    canary.toLowerCase(),
    encodeURIComponent(canary),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    ...base64,
  ];
}

/** Where any form of the canary is. */
function placesOf(canary: string, writings: ReadonlyMap<string, Buffer>): string[] {
  const forms = formsOf(canary);
  return [...writings].filter(([, bytes]) => forms.some((form) => bytes.includes(form))).map(([name]) => name);
}

/** Puts the canary wherever users' data can be, and runs everything to its end. */
async function runAll(deployment: Deployment, canary: string): Promise<void> {
  const secret = `${canary} with "quotes" and ü`;
  await deployment.call('POST', '/v1/machines', { machine: 'busy', correlationId: 'acme.friend', context: { secret } });
  await deployment.until('acme.friend', 'waiting');
  const context = { secret, friend: 'acme.friend' };
  await deployment.call('POST', '/v1/machines', { machine: 'vault', correlationId: 'acme.v-1', context });
  await deployment.call('POST', '/v1/machines', { machine: 'vault', correlationId: 'acme.later', context, delayMs: 3_600_000 });
  await deployment.call('POST', '/v1/machines', { machine: 'cell', correlationId: 'bad', context: { secret, fail: true } });
  await deployment.call('PUT', '/v1/schedules/acme.nightly', { machine: 'cell', context: { secret }, every: '1d' });
  await deployment.until('acme.v-1', 'waiting');
  await deployment.call('POST', '/v1/machines/acme.v-1/events', { event: 'open', data: { secret } });
  const many = { machine: 'busy', event: 'go', data: { secret }, by: 'ada' };
  await deployment.call('POST', '/v1/events', many);
  const { context: ended } = await deployment.until('acme.v-1', 'completed');
  // All of it came through, whatever was done to it underway.
  expect(ended).toMatchObject({ secret, came: { secret }, once: { result: secret }, beat: { at: secret } });
  expect(ended.joined).toMatchObject({
    results: [{ context: { result: secret } }, { error: { code: 'BROKEN', message: `no more ${secret}` } }],
  });
  await deployment.until('acme.friend', 'completed');
  expect((await deployment.until('bad', 'failed')).error?.message).toBe(`no more ${secret}`);
  const { items } = await deployment.call<{ items: object[] }>('GET', '/v1/machines/acme.v-1/history');
  expect(JSON.stringify(items)).toContain(JSON.stringify(`failed with ${secret}`).slice(1, -1));
  await deployment.call('GET', '/v1/machines?status=failed');
  await deployment.call('GET', '/v1/failures');
  await deployment.call('GET', '/v1/machines/bad/explain');
  await deployment.worker.says(/"correlationId":"acme\.v-1".*"to":"end"/, PATIENCE_MS);
}

const canary = `Canary${randomBytes(9).toString('hex')}`;
let deployment: Deployment | undefined;
afterEach(() => deployment?.close());

it('finds the canary where nothing is encrypted: the search works', async () => {
  deployment = await Deployment.start({});
  await runAll(deployment, canary);
  const places = placesOf(canary, await deployment.writings());
  expect(places).toEqual(expect.arrayContaining(['redis/dump.rdb', 'slow log']));
  expect(places.some((name) => name.includes('.incr.aof'))).toBe(true);
  expect(places.some((name) => name.includes('.base.'))).toBe(true);
  // Logs, spans, metrics and the dashboard hold no users' data in any case.
  expect(places.filter((name) => !name.startsWith('redis/') && name !== 'slow log')).toEqual([]);
});

it('finds it nowhere where all is encrypted, nor the key', async () => {
  deployment = await Deployment.start({ STILE_ENCRYPTION_KEYS: KEYS });
  await runAll(deployment, canary);
  const writings = await deployment.writings();
  expect(placesOf(canary, writings)).toEqual([]);
  const [, base64 = ''] = KEYS.split(':');
  const bytes = Buffer.from(base64, 'base64');
  for (const [name, text] of writings) {
    for (const form of [base64, bytes.toString('hex'), bytes]) expect([name, text.includes(form)]).toEqual([name, false]);
  }
  expect(writings.get('redis/dump.rdb')?.includes('stile1.')).toBe(true);
});
