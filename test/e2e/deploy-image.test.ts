import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StileClient } from '@stile/client';
import { findRedisServer, freePort } from '@stile/local-redis';
import { waitFor } from '../support/redis';
import { compose, wordsOf } from './support/compose';
import { dockerfile, layOut, snapshot } from './support/image';
import { Programs, ROOT, type Program } from './support/programs';

const lines = dockerfile();
const last = (keyword: string) => lines.filter((line) => line.stage === 'run' && line.keyword === keyword).at(-1)!;

describe('deploy/Dockerfile', () => {
  it('begins both stages with the same image, of an exact version', () => {
    expect(lines[0]).toMatchObject({
      keyword: 'ARG',
      rest: expect.stringMatching(/^NODE_IMAGE=docker\.io\/library\/node:20\.\d+\.\d+-bookworm-slim$/),
    });
    const froms = lines.filter(({ keyword }) => keyword === 'FROM').map(({ rest }) => rest);
    expect(froms).toEqual(['${NODE_IMAGE} AS build', '${NODE_IMAGE} AS run']);
    expect(readFileSync(join(ROOT, 'deploy', 'Dockerfile'), 'utf8')).not.toMatch(/^# *syntax *=/m);
  });

  it('fetches packages of the lock file, and nothing else', () => {
    expect(lines.map(({ keyword }) => keyword)).not.toContain('ADD');
    const commands = lines.filter(({ keyword }) => keyword === 'RUN').flatMap(({ rest }) => rest.split(/&&|;|\|/));
    for (const command of commands) {
      expect(command.trim()).toMatch(/^(npm (ci|prune) |node_modules\/\.bin\/(tsc|vite) |rm -rf |find )/);
    }
    expect(lines.filter(({ stage, keyword }) => stage === 'run' && keyword === 'RUN')).toEqual([]);
  });

  it('gives npm the manifest of every workspace before the rest', () => {
    const { workspaces } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { workspaces: string[] };
    const before = lines.slice(
      0,
      lines.findIndex(({ rest }) => rest.startsWith('npm ci')),
    );
    const copied = before.filter(({ keyword }) => keyword === 'COPY').map(({ rest }) => rest);
    expect(copied).toEqual(['package.json package-lock.json ./', ...workspaces.map((path) => `${path}/package.json ${path}/`)]);
  });

  it('runs by number as nobody in particular, with node as process 1', () => {
    expect(last('USER').rest).toMatch(/^[1-9]\d{4}:[1-9]\d{4}$/);
    for (const keyword of ['ENTRYPOINT', 'CMD']) expect(last(keyword).words.length).toBeGreaterThan(0);
    expect(last('ENTRYPOINT').words[0]).toBe('node');
    expect(last('HEALTHCHECK').rest).toContain('CMD ["node", ');
    const flags = lines.filter(({ stage, keyword }) => stage === 'run' && keyword === 'COPY').flatMap((line) => line.flags);
    expect(new Set(flags)).toEqual(new Set(['--from=build'])); // no --chown: it is all root's
  });
});

describe('what the image holds', () => {
  const [uid = '', gid = ''] = last('USER').rest.split(':');
  // Only root can become somebody else; for others the folder is not to be written to all the same.
  const nobody =
    process.getuid?.() === 0 ? ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--no-new-privs'] : [];
  const entry = [...last('ENTRYPOINT').words].slice(1);
  const image = Object.fromEntries(
    last('ENV')
      .rest.split(' ')
      .map((pair) => pair.split('=')),
  ) as Record<string, string>;
  const { redis, api, 'worker-1': worker } = compose().services;
  let dir: string;
  let app: string;
  let url: string;
  let server: ChildProcess;
  let programs: Programs;
  let places: Record<string, string>;

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'stile-image-'));
    app = layOut(dir);
    execFileSync('sh', [join(ROOT, 'deploy', 'secrets.sh'), join(dir, 'secrets')]);
    const [redisPort, port, healthPort] = [await freePort(), await freePort(), await freePort()];
    const urlFile = join(dir, 'secrets', 'redis-url');
    writeFileSync(urlFile, readFileSync(urlFile, 'utf8').replace('@redis:6379', `@127.0.0.1:${redisPort}`));
    chmodSync(join(dir, 'secrets'), 0o755); // a container sees the files alone
    mkdirSync(join(dir, 'data'));
    // As compose.yaml has it, but for places and ports.
    const args = wordsOf(redis!.command)
      .slice(1)
      .map((word) => word.replace('/run/secrets', join(dir, 'secrets')).replace('/data', join(dir, 'data')));
    server = spawn(findRedisServer()!, [...args, '--port', String(redisPort), '--bind', '127.0.0.1'], { stdio: 'ignore' });
    places = {
      STILE_REDIS_URL_FILE: urlFile,
      STILE_MACHINES: 'examples/plain-js',
      STILE_HOST: '127.0.0.1',
      STILE_PORT: String(port),
      STILE_HEALTH_PORT: String(healthPort),
      HOME: '/nonexistent',
      TMPDIR: app, // nor is there a place for what is temporary
    };
    url = `http://127.0.0.1:${port}`;
    programs = new Programs({ ...image });
  }, 180_000);
  afterAll(async () => {
    await programs?.end();
    if (server?.exitCode === null) {
      server.kill('SIGKILL');
      await once(server, 'exit');
    }
    if (app) execFileSync('chmod', ['-R', 'u+w', app]);
    rmSync(dir, { recursive: true, force: true });
  });

  const start = (part: 'api' | 'worker', overrides: Record<string, string> = {}): Program => {
    const environment = (part === 'api' ? api : worker)!.environment;
    return programs.start([...entry, part], { ...environment, ...places, ...overrides }, app, nobody);
  };
  const healthy = (overrides: Record<string, string> = {}): number | null => {
    const [program = '', ...args] = [...nobody, process.execPath, ...last('HEALTHCHECK').rest.match(/[\w/.]+\.mjs/)!];
    return spawnSync(program, args, { cwd: app, env: { ...image, ...places, ...overrides } }).status;
  };

  it('has no tools of developers, no tests and no sources of applications', () => {
    for (const path of ['node_modules/typescript', 'node_modules/jest', 'node_modules/playwright-core', 'apps/api/src', 'test']) {
      expect({ path, there: existsSync(join(app, path)) }).toEqual({ path, there: false });
    }
    expect(snapshot(app).filter((line) => /\.spec\.|tsbuildinfo/.test(line))).toEqual([]);
  });

  it('runs machines as nobody in a folder that cannot be written to, under the ACL, and drains at SIGTERM', async () => {
    const before = snapshot(app);
    expect(healthy()).toBe(1); // nothing runs yet
    const running = [start('api'), start('worker')];
    const client = new StileClient({ url, retries: 10 });
    await waitFor(() => client.ready().catch(() => false), {
      what: `readiness; ${running.map(({ output }) => output).join('')}`,
    });
    expect(healthy()).toBe(0);
    expect(healthy({ STILE_PORT: '1' })).toBe(0); // as in the container of a worker
    expect(healthy({ STILE_PORT: '1', STILE_HEALTH_PORT: '1' })).toBe(1);
    await client.start({ machine: 'greet', correlationId: 'ada', context: { name: 'Ada' } });
    expect(await client.wait('ada')).toMatchObject({ status: 'completed', context: { greeting: 'Hello, Ada!' } });
    const [page, metrics, queues] = await Promise.all(['/', '/metrics', '/queues'].map((path) => fetch(url + path)));
    expect([page!.status, metrics!.status, queues!.status]).toEqual([200, 200, 200]);
    expect(await metrics!.text()).toContain('stile_up 1');
    for (const program of running) program.kill('SIGTERM');
    expect(await Promise.all(running.map((program) => program.exited()))).toEqual([0, 0]);
    expect(snapshot(app)).toEqual(before);
  });

  it('a worker is alive and not ready while Redis is away, and ends at once at SIGTERM, as process 1 has to by itself', async () => {
    const health = `http://127.0.0.1:${places.STILE_HEALTH_PORT}/health`;
    const waiting = start('worker', { STILE_REDIS_URL_FILE: '', STILE_REDIS_URL: 'redis://127.0.0.1:1' });
    await waitFor(async () => (await fetch(`${health}/live`)).status === 200, { what: 'life' });
    expect((await fetch(`${health}/ready`)).status).toBe(503);
    expect(healthy({ STILE_PORT: '1' })).toBe(0);
    waiting.kill('SIGTERM');
    expect(await waiting.exited()).toBe(143); // not by the system's hand: that would be "SIGTERM"
  });
});
