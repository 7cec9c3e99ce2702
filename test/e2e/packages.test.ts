import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startLocalRedis, type LocalRedis } from '@stile/local-redis';
import { StileRuntime } from '@stile/machine';
import { freePort } from '../../libs/local-redis/src/free-port';
import { waitFor } from '../support/redis';
import { Programs, ROOT } from './support/programs';
import { LocalRegistry } from './support/registry';
import { filesShownIn, ScratchApp, type Ran } from './support/scratch-app';

const shownIn = (document: string) => filesShownIn(readFileSync(join(ROOT, document), 'utf8'));
const guide = shownIn('docs/guide/nest.md');
const readmes = { ...shownIn('libs/lease/README.md'), ...shownIn('libs/machine/README.md') };
const THE_APP = ['src/greet.machine.ts', 'src/greet.controller.ts', 'src/app.module.ts', 'src/main.ts'];

/** What the guide says is the user's own. */
const USERS_OWN = {
  'src/mail.ts': `
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';

@Injectable()
export class Mail {
  /** The one to Slow is sent a moment after the process has been asked to end. */
  async send(name: string, _options: { idempotencyKey: string; signal: AbortSignal }): Promise<void> {
    console.log(\`mail to \${name}\`);
    if (name !== 'Slow') return;
    await once(process, 'SIGTERM');
    await setTimeout(100);
  }
}
`,
  'src/settings.ts': `
import { Injectable, Module } from '@nestjs/common';

@Injectable()
export class Settings {
  readonly redisUrl = process.env.REDIS_URL!;
  readonly prefix = process.env.PREFIX;
}

@Module({ providers: [Settings], exports: [Settings] })
export class SettingsModule {}
`,
};

/** As `nest new` writes them, but for `skipLibCheck`: the types that are shipped are looked at, too. */
const SETTINGS = {
  'package.json': JSON.stringify({
    name: 'shop',
    private: true,
    type: 'module',
    dependencies: {
      '@nestjs/common': '^12.0.1',
      '@nestjs/core': '^12.0.1',
      '@nestjs/platform-express': '^12.0.1',
      'reflect-metadata': '^0.2.2',
      rxjs: '^7.8.1',
    },
    devDependencies: { '@types/node': '*' },
  }),
  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      module: 'nodenext',
      moduleResolution: 'nodenext',
      resolvePackageJsonExports: true,
      esModuleInterop: true,
      isolatedModules: true,
      declaration: true,
      removeComments: true,
      emitDecoratorMetadata: true,
      experimentalDecorators: true,
      target: 'ES2023',
      sourceMap: true,
      outDir: './dist',
      rootDir: './src',
      skipLibCheck: false,
      strict: true,
      strictPropertyInitialization: false,
      types: ['node'],
    },
    include: ['src'],
  }),
};

/** For installing, compiling and starting: seconds where nothing else runs, minutes on a machine that is busy. */
const PATIENCE_MS = 240_000;
jest.setTimeout(2 * PATIENCE_MS);
const patiently = (what: string) => ({ what, timeoutMs: PATIENCE_MS });
const quiet = { debug() {}, log() {}, warn() {}, error() {} };
const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
const prefix = 'shop';
let env: { REDIS_URL: string; PREFIX: string };
let redis: LocalRedis;
let dir: string;
let registry: LocalRegistry;
let tarballs: Record<string, string>;
let app: ScratchApp;
/** Both at once, as they are most of what this takes. */
let installed: { readonly app: Promise<Ran>; readonly command: Promise<Ran> };
let client: StileRuntime;
let programs: Programs;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'stile-packages-'));
  registry = await LocalRegistry.start();
  redis = await startLocalRedis({ dir: join(dir, 'redis') });
  env = { REDIS_URL: redis.url, PREFIX: prefix };
  client = new StileRuntime({ redis: { url: redis.url }, prefix }, quiet);
  programs = new Programs({});
  // What npm would publish, from what the build has left.
  const packed = execFileSync(process.execPath, [join(ROOT, 'tools', 'pack.mjs'), join(dir, 'tarballs')], { encoding: 'utf8' });
  tarballs = Object.fromEntries(
    packed
      .trim()
      .split('\n')
      .map((path) => [/([a-z-]+)-\d/.exec(path.slice(path.lastIndexOf('/')))![1]!, path]),
  );
  app = new ScratchApp(join(dir, 'shop'), registry);
  app.write({ ...SETTINGS, ...USERS_OWN, ...guide, ...readmes });
  installed = {
    app: app.run('npm', ['install', tarballs['stile-lease']!, tarballs['stile-machine']!]),
    command: new ScratchApp(join(dir, 'elsewhere'), registry).run('npx', [
      '--yes',
      `--package=${tarballs.stile}`,
      'stile',
      '--version',
    ]),
  };
});
afterAll(async () => {
  await programs.end();
  await client?.stop();
  await redis?.stop();
  await registry.stop();
  rmSync(dir, { recursive: true, force: true });
});

it('the app of the guide is 30 lines of code, imports aside', () => {
  const lines = THE_APP.flatMap((file) => guide[file]!.split('\n'));
  expect(lines.filter((line) => line.trim() !== '' && !/^(import |\/\/)/.test(line)).length).toBeLessThanOrEqual(30);
});

it('npm installs the two tarballs in a fresh app; of Stile it asks the registry for nothing', async () => {
  expect(await installed.app).toMatchObject({ status: 0 });
  expect(readdirSync(join(app.folder, 'node_modules', '@stile')).sort()).toEqual(['lease', 'machine']);
  expect(registry.asked.filter((name) => name.startsWith('@stile'))).toEqual([]);
  // One Nest for app and Stile, and nothing that only some need.
  expect(readdirSync(join(app.folder, 'node_modules', '@stile', 'machine'))).not.toContain('node_modules');
  expect(existsSync(join(app.folder, 'node_modules', 'pg'))).toBe(false);
});

it.each(['lease', 'machine'])(
  '@stile/%s has its licence, its README and source maps that lead somewhere, and no tests',
  (name) => {
    const folder = join(app.folder, 'node_modules', '@stile', name);
    const files = readdirSync(folder, { recursive: true }) as string[];
    expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json']));
    expect(files.filter((file) => /\.(spec|contract)\.|tsbuildinfo|tsconfig/.test(file))).toEqual([]);
    const maps = files.filter((file) => file.endsWith('.map'));
    expect(maps.length).toBeGreaterThan(0);
    for (const file of maps) {
      const { sources } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { sources: string[] };
      const missing = sources.filter((source) => !existsSync(join(folder, dirname(file), source)));
      expect({ file, missing }).toEqual({ file, missing: [] });
    }
  },
);

it('its types compile, as strictly as can be', async () => {
  expect(await app.run(process.execPath, [tsc, '-p', '.'])).toMatchObject({ status: 0, output: '' });
});

it('the app runs a machine, and SIGTERM waits for the step in hand', async () => {
  const port = String(await freePort());
  const shop = programs.start(['dist/main.js'], { ...env, PORT: port }, app.folder);
  await shop.says('successfully started', PATIENCE_MS); // and it listens a moment later
  const greet = (name: string) => fetch(`http://127.0.0.1:${port}/greetings/${name}`, { method: 'PUT' });
  await waitFor(async () => (await greet('Ada').catch(() => undefined))?.status === 200, patiently('the app'));
  await waitFor(async () => (await client.machines.get('greet-Ada'))?.status === 'completed', patiently('the greeting'));
  expect((await greet('Slow')).status).toBe(200);
  await shop.says('mail to Slow');
  shop.kill('SIGTERM');
  expect(await shop.exited()).toBe('SIGTERM'); // Nest ends its processes by the signal that they were sent
  expect(await client.machines.history('greet-Slow')).toMatchObject([{ steps: 0, to: 'hello', outcome: 'committed' }]);
});

it('a worker apart runs builders and YAML of a feature, with options from another provider', async () => {
  const worker = programs.start(['dist/worker.js'], env, app.folder);
  await waitFor(async () => (await client.machines.definition('refund')) !== undefined, patiently('the worker'));
  await client.machines.start({ machine: 'refund', correlationId: 'r', context: { amount: 7 } });
  await client.machines.start({ machine: 'invoice', correlationId: 'i' });
  await client.events.send('i', { event: 'paid' });
  const ended = async (id: string) => (await client.machines.get(id))?.status === 'completed';
  await waitFor(async () => (await ended('r')) && (await ended('i')), patiently('the end of both'));
  expect(await client.machines.get('r')).toMatchObject({ context: { paidBack: expect.stringContaining('7 by r') } });
  worker.kill('SIGTERM');
  await worker.exited();
});

it('the READMEs show programs that run', async () => {
  const lease = await app.run(process.execPath, ['dist/lease.js'], env);
  expect(lease).toMatchObject({ status: 0, output: 'working under token 1\n' });
  const hello = await app.run(process.execPath, ['dist/hello.js'], env);
  expect(hello).toMatchObject({ status: 0, output: expect.stringMatching(/^Hello, Ada!$[^]*^completed$/m) });
});

it('the test kit comes with it', async () => {
  const tests = await app.run(process.execPath, ['--test', 'dist/greet.machine.spec.js']);
  expect(tests).toMatchObject({ status: 0, output: expect.stringContaining('pass 1') });
});

it('leases in PostgreSQL say that pg has to be installed', async () => {
  app.write({
    'no-pg.mjs': `
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MachineModule } from '@stile/machine';
const lease = { url: 'postgres://me@127.0.0.1:1/db' };
class App {}
Module({ imports: [MachineModule.forRoot({ redis: { url: process.env.REDIS_URL }, lease, worker: {} })] })(App);
await NestFactory.createApplicationContext(App, { abortOnError: false }).catch(({ code, message }) => console.log(code, message));
`,
  });
  const { stdout } = await app.run(process.execPath, ['no-pg.mjs'], env);
  expect(stdout).toMatch(/^STORE_UNFIT .*127\.0\.0\.1:1\/db.* needs the package "pg", which is not installed: npm install pg$/m);
});

it('require and import find the entries that are declared, and nothing below them', async () => {
  app.write({
    'look.mjs': `
import { createRequire } from 'node:module';
import * as lease from '@stile/lease';
import * as machine from '@stile/machine';
import * as testing from '@stile/machine/testing';
const require = createRequire(import.meta.url);
const same = (name, imported) => Object.keys(require(name)).every((key) => require(name)[key] === imported[key]);
const codes = await Promise.all(
  ['@stile/machine/dist/index.js', '@stile/machine/src/runtime.ts', '@stile/lease/dist/core/errors', '@stile/machine/core'].flatMap(
    (path) => {
      try {
        require(path);
        return ['found'];
      } catch ({ code }) {
        return [code, import(path).then(() => 'found', (error) => error.code)];
      }
    },
  ),
);
console.log(JSON.stringify([
  same('@stile/lease', lease), same('@stile/machine', machine), same('@stile/machine/testing', testing), [...new Set(codes)],
]));
`,
  });
  const looked = await app.run(process.execPath, ['look.mjs']);
  expect(JSON.parse(looked.stdout)).toEqual([true, true, true, ['ERR_PACKAGE_PATH_NOT_EXPORTED']]);
});

describe('the command', () => {
  /** Where npx has put it. */
  const folder = (): string => {
    const cache = join(dir, 'npm-cache', '_npx');
    return join(cache, readdirSync(cache)[0]!, 'node_modules', 'stile');
  };

  it('npx runs it from its tarball, which has all of Stile in it', async () => {
    expect(await installed.command).toMatchObject({ status: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
    expect(registry.asked.filter((name) => name.startsWith('@stile'))).toEqual([]);
  });

  it('validates definitions', async () => {
    app.write({ 'broken.yaml': guide['machines/refund.yaml']!.replace('target: closed', 'target: nowhere') });
    const validate = (file: string) => app.run(process.execPath, [join(folder(), 'bin', 'stile.js'), 'validate', file]);
    expect(await validate('machines/refund.yaml')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('valid: refund@1'),
    });
    expect(await validate('broken.yaml')).toMatchObject({
      status: 2,
      stdout: expect.stringMatching(/broken\.yaml:10: .*nowhere/),
    });
  });

  it('serves its examples, and machines of a project that has a copy of @stile/machine of its own', async () => {
    app.write({
      'own/own.cjs': `
const { defineMachine, UnrecoverableError } = require('@stile/machine');
const refuse = () => { throw new UnrecoverableError('never'); };
exports.own = defineMachine({ name: 'own', initial: 'a', states: { a: { do: refuse, on: { ok: 'b' } }, b: { final: true } } });
`,
    });
    const port = String(await freePort());
    const machines = `${join(folder(), 'examples')},own`;
    const settings = { STILE_REDIS_URL: redis.url, STILE_PREFIX: 'up', STILE_PORT: port, STILE_MACHINES: machines };
    const up = programs.start([join(folder(), 'bin', 'stile.js'), 'up'], settings, app.folder);
    expect(await up.says(/it runs .*/, PATIENCE_MS)).toMatch(/(?=.*order@1)(?=.*greet@1)(?=.*own@1)/);
    await up.says('API  ', PATIENCE_MS);
    const url = `http://127.0.0.1:${port}`;
    const run = async (machine: string, context: object) => {
      const body = JSON.stringify({ machine, correlationId: machine, context });
      await fetch(`${url}/v1/machines`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      return (await fetch(`${url}/v1/machines/${machine}?wait=10s`)).json();
    };
    expect(await run('greet', { name: 'Ada' })).toMatchObject({ status: 'completed', context: { greeting: 'Hello, Ada!' } });
    expect(await run('own', {})).toMatchObject({ status: 'failed', error: { code: 'UNRECOVERABLE' } });
    for (const path of ['/docs', '/queues', '/metrics']) expect((await fetch(url + path)).status).toBe(200);
    up.kill('SIGTERM');
    expect(await up.exited()).toBe(0);
  });
});
