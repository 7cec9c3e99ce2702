import { accessFaults, isLoopback } from './access-faults';
import { readConfig } from './read-config';

const variables = (env: Record<string, string>): string[] =>
  accessFaults(readConfig({ STILE_REDIS_URL: 'redis://127.0.0.1', ...env })).map(({ variable }) => variable);

const ISSUER = { STILE_AUTH: 'on', STILE_OIDC_ISSUER: 'https://login.example', STILE_OIDC_AUDIENCE: 'stile' };

it.each(['127.0.0.1', '127.9.9.9', '::1', 'localhost', 'LOCALHOST'])('%s is this machine', (host) => {
  expect(isLoopback(host)).toBe(true);
});

it.each(['0.0.0.0', '::', '10.0.0.1', 'localhost.example', '127.0.0.1.example', '1127.0.0.1', '::ffff:10.0.0.1'])(
  '%s is not',
  (host) => {
    expect(isLoopback(host)).toBe(false);
  },
);

it.each<[Record<string, string>, string[]]>([
  [{}, []],
  [{ STILE_HOST: '::1' }, []],
  [{ STILE_HOST: '0.0.0.0' }, ['STILE_HOST']],
  [{ STILE_HOST: '0.0.0.0', STILE_AUTH: 'on' }, []],
  [{ STILE_HOST: '0.0.0.0', STILE_INSECURE_OPEN: 'on' }, []],
  [ISSUER, []],
  [{ ...ISSUER, STILE_OIDC_ISSUER: 'http://login.example' }, ['STILE_OIDC_ISSUER']],
  [{ ...ISSUER, STILE_OIDC_ISSUER: 'http://127.0.0.1:8080' }, []],
  [{ ...ISSUER, STILE_AUTH: 'off' }, ['STILE_AUTH']],
  [{ ...ISSUER, STILE_OIDC_AUDIENCE: '' }, ['STILE_OIDC_AUDIENCE']],
  [{ STILE_OIDC_TENANT_CLAIM: 'org' }, ['STILE_OIDC_TENANT_CLAIM']],
  [{ ...ISSUER, STILE_OIDC_CLIENT_ID: 'page' }, ['STILE_PUBLIC_URL']],
  [{ ...ISSUER, STILE_OIDC_CLIENT_ID: 'page', STILE_PUBLIC_URL: 'https://stile.example' }, []],
])('%j has faults of %j', (env, expected) => {
  expect(variables(env)).toEqual(expected);
});

it('names the way out', () => {
  const [fault] = accessFaults(readConfig({ STILE_REDIS_URL: 'redis://127.0.0.1', STILE_HOST: '0.0.0.0' }));
  expect(fault?.problem).toMatch(/STILE_AUTH=on.*stile keys create.*STILE_INSECURE_OPEN=on/);
});
