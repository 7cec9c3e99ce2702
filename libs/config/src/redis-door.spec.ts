import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from './config-error';
import { readConfig } from './read-config';
import { redisDoor } from './redis-door';

let dir: string;
let password: string;
let ca: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'stile-door-'));
  password = join(dir, 'password');
  ca = join(dir, 'ca.pem');
  writeFileSync(password, 'se cret\n');
  writeFileSync(ca, 'PEM');
  writeFileSync(join(dir, 'empty'), '\n');
});
afterAll(() => rmSync(dir, { recursive: true }));

const doorOf = (env: Record<string, string>) => redisDoor(readConfig(env));

it('reads password and certificates from files, and takes the user from the URL or its own variable', () => {
  const env = { STILE_REDIS_PASSWORD_FILE: password, STILE_REDIS_CA_FILE: ca, STILE_REDIS_SERVERNAME: 'redis' };
  const door = { username: 'stile', password: 'se cret', tls: { ca: 'PEM', servername: 'redis' } };
  expect(doorOf({ ...env, STILE_REDIS_URL: 'rediss://stile@host:1/2' })).toEqual({ ...door, url: 'rediss://host:1/2' });
  expect(doorOf({ ...env, STILE_REDIS_URL: 'rediss://host', STILE_REDIS_USERNAME: 'stile' })).toEqual({
    ...door,
    url: 'rediss://host',
  });
});

it('leaves a URL alone that says everything', () => {
  const url = 'redis://stile:secret@host';
  expect(doorOf({ STILE_REDIS_URL: url })).toEqual({ url });
});

it('asks for a client certificate and its key together', () => {
  const env = { STILE_REDIS_URL: 'rediss://host', STILE_REDIS_CERT_FILE: ca, STILE_REDIS_KEY_FILE: ca };
  expect(doorOf(env).tls).toEqual({ cert: 'PEM', key: 'PEM' });
  expect(() => readConfig({ ...env, STILE_REDIS_KEY_FILE: '' })).toThrow(/STILE_REDIS_CERT_FILE.*STILE_REDIS_KEY_FILE is missing/s);
  expect(() => readConfig({ ...env, STILE_REDIS_CERT_FILE: '' })).toThrow(/STILE_REDIS_KEY_FILE.*STILE_REDIS_CERT_FILE is missing/s);
});

type Row = [what: string, env: () => Record<string, string>, told: RegExp];
const REFUSED: Row[] = [
  ['a file that is not there', () => ({ STILE_REDIS_PASSWORD_FILE: join(dir, 'no') }), /PASSWORD_FILE.*cannot be read \(ENOENT\)/],
  ['an empty file', () => ({ STILE_REDIS_PASSWORD_FILE: join(dir, 'empty') }), /the file is empty/],
  ['a user without a password', () => ({ STILE_REDIS_USERNAME: 'stile' }), /STILE_REDIS_USERNAME.*STILE_REDIS_PASSWORD_FILE/],
  [
    'two passwords',
    () => ({ STILE_REDIS_PASSWORD_FILE: password, STILE_REDIS_URL: 'redis://:verysecret@host' }),
    /holds a password, too/,
  ],
  [
    'two users',
    () => ({ STILE_REDIS_PASSWORD_FILE: password, STILE_REDIS_USERNAME: 'a', STILE_REDIS_URL: 'redis://b@host' }),
    /names a user, too/,
  ],
  ['a CA that nobody asks for', () => ({ STILE_REDIS_CA_FILE: ca }), /STILE_REDIS_CA_FILE.*rediss:\/\//],
];

it.each(REFUSED)('refuses %s, and tells no password', (_what, env, told) => {
  const given = { STILE_REDIS_URL: 'redis://host', ...env() };
  let error: unknown;
  try {
    readConfig(given);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(ConfigError);
  expect((error as Error).message).toMatch(told);
  expect((error as Error).message).not.toMatch(/verysecret|se cret/);
});

it('wants the URL of the Redis that a password is for', () => {
  const read = () => readConfig({ STILE_REDIS_PASSWORD_FILE: password }, { redis: 'optional' });
  expect(read).toThrow(/STILE_REDIS_PASSWORD_FILE.*STILE_REDIS_URL is unset/);
});

it('knows the login of a URL that names several hosts', () => {
  const config = { redisUrl: 'redis-cluster://stile@a:1,b:2', redisPasswordFile: password };
  expect(redisDoor(config)).toEqual({ url: 'redis-cluster://a:1,b:2', username: 'stile', password: 'se cret' });
});
