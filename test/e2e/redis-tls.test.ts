import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalRedis, type LocalRedis } from '@stile/local-redis';
import { waitFor } from '../support/redis';
import { stileRules } from '../support/acl';
import { Authority } from './support/certificates';
import { StileCommand } from './support/commands';
import { Programs } from './support/programs';

const PASSWORD = 'a-password-that-is-nowhere';
let dir: string;
let redis: LocalRedis;
let programs: Programs;
let door: Record<string, string>;
let strangers: Authority;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'stile-tls-'));
  const authority = new Authority(dir, 'ours');
  strangers = new Authority(dir, 'strangers');
  const server = authority.issue('redis', 'DNS:redis.internal');
  const client = authority.issue('client');
  const acl = join(dir, 'users.acl');
  writeFileSync(acl, `user default on nopass ~* &* +@all\nuser stile on >${PASSWORD} ${stileRules()}\n`);
  const port = await freePort();
  const tls = ['--tls-port', String(port), '--tls-cert-file', server.cert, '--tls-key-file', server.key];
  const extraArgs = [...tls, '--tls-ca-cert-file', authority.ca, '--tls-auth-clients', 'yes', '--aclfile', acl];
  redis = await startLocalRedis({ dir: join(dir, 'redis'), extraArgs });
  writeFileSync(join(dir, 'password'), `${PASSWORD}\n`);
  door = {
    STILE_REDIS_URL: `rediss://127.0.0.1:${port}`,
    STILE_REDIS_USERNAME: 'stile',
    STILE_REDIS_PASSWORD_FILE: join(dir, 'password'),
    STILE_REDIS_CA_FILE: authority.ca,
    STILE_REDIS_CERT_FILE: client.cert,
    STILE_REDIS_KEY_FILE: client.key,
    STILE_REDIS_SERVERNAME: 'redis.internal',
    STILE_MACHINES: 'examples/plain-js',
    STILE_PORT: '0',
  };
});
afterAll(async () => {
  await redis?.stop();
  rmSync(dir, { recursive: true, force: true });
});
beforeEach(() => (programs = new Programs({})));
afterEach(() => programs.end());

const api = (env: Record<string, string>) => programs.start(['apps/api/dist/main.js'], { ...door, ...env });

it('API, worker and doctor go through TLS with a certificate of their own, as a user with no more rights than it needs', async () => {
  const worker = programs.worker(door);
  const server = api({});
  const url = (await server.says(/listens on (http:\S+)/)).replace('listens on ', '');
  await worker.says('is ready');
  const started = await fetch(`${url}/v1/machines`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ machine: 'greet', correlationId: 'tls', context: { name: 'Ada' } }),
  });
  expect(started.status).toBe(201);
  const machine = async () => (await (await fetch(`${url}/v1/machines/tls?wait=10s`)).json()) as { status: string };
  await waitFor(async () => (await machine()).status === 'completed', { what: 'the greeting' });
  const doctor = await new StileCommand(['doctor', '--json'], { ...door, STILE_API_URL: url }).ended();
  const { findings } = JSON.parse(doctor.out) as { findings: { check: string; level: string; text: string }[] };
  const level = Object.fromEntries(findings.map(({ check, level }) => [check, level]));
  expect(level).toMatchObject({ access: 'ok', rights: 'ok', encryption: 'ok', persistence: 'ok' });
  for (const text of [worker.output, server.output, doctor.out, doctor.err]) expect(text).not.toContain(PASSWORD);
});

type Row = [what: string, env: () => Record<string, string>, told: RegExp];
const REFUSED: Row[] = [
  ['another CA', () => ({ STILE_REDIS_CA_FILE: strangers.ca }), /STILE_REDIS_CA_FILE/],
  ['no CA', () => ({ STILE_REDIS_CA_FILE: '' }), /STILE_REDIS_CA_FILE/],
  ['another name', () => ({ STILE_REDIS_SERVERNAME: '' }), /STILE_REDIS_SERVERNAME/],
  ['no certificate of its own', () => ({ STILE_REDIS_CERT_FILE: '', STILE_REDIS_KEY_FILE: '' }), /does not answer/],
];

it.each(REFUSED)('with %s the API does not start, and says what to look at', async (_what, env, told) => {
  const server = api(env());
  expect(await server.exited()).toBe(1);
  expect(server.output).toMatch(told);
  expect(server.output).not.toContain('listens on');
});

it('a wrong password is told as such, and is in no log', async () => {
  const wrong = join(dir, 'wrong');
  writeFileSync(wrong, 'wrong-but-secret');
  const server = api({ STILE_REDIS_PASSWORD_FILE: wrong });
  expect(await server.exited()).toBe(1);
  expect(server.output).toMatch(/WRONGPASS.*STILE_REDIS_PASSWORD_FILE/);
  expect(server.output).not.toContain('wrong-but-secret');
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
