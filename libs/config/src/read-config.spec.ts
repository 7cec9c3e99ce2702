import { ConfigError } from './config-error';
import { configTable, type Variable } from './config-table';
import { inheritedEnv, readConfig } from './read-config';

const redis = { STILE_REDIS_URL: 'redis://127.0.0.1:6379' };

function errorOf(env: NodeJS.ProcessEnv): ConfigError {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('nothing is wrong with it');
}

describe('readConfig', () => {
  it('has defaults for all but the URL of Redis', () => {
    expect(readConfig(redis)).toEqual({
      redisUrl: 'redis://127.0.0.1:6379',
      host: '127.0.0.1',
      port: 3000,
      machines: [],
      concurrency: 50,
      leaseTtlMs: 15_000,
      prefix: 'stile',
      logLevel: 'log',
      ...{ logFormat: 'text', logSteps: false, logData: false, telemetry: false },
      retentionMs: 604_800_000,
      archiveStatuses: ['completed', 'failed', 'cancelled'],
      ...{ snapshotEveryMs: 3_600_000, snapshotKeep: 24 },
      historyContexts: true,
      ...{ encryptionPer: 'tenant', redact: [] },
      shutdownMs: 10_000,
      partitions: 1,
      ackReplicas: 0,
      ...{ audit: 'operators', auditEntries: 100_000 },
      ...{ auth: false, insecureOpen: false, sessionMs: 28_800_000, oidcRoleClaim: 'stile_role', oidcSkewMs: 30_000 },
      oidcAlgorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
      ...{ limitBody: 1_048_576, limitContext: 262_144, limitEvent: 262_144, limitHistory: 1000, limitInbox: 1000 },
      ...{
        limitChildren: 100_000,
        limitDepth: 1000,
        limitStarts: 0,
        limitMemory: 80,
        limitStreams: 1000,
        limitCallerStreams: 500,
      },
    });
  });

  it('reads every variable', () => {
    expect(
      readConfig({
        STILE_REDIS_URL: 'rediss://user:secret@records:6380/2',
        STILE_LEASE_URL: 'redis://leases',
        STILE_LEASE_SECONDARY_URL: 'redis://others',
        STILE_HOST: '::1',
        STILE_PORT: '0',
        STILE_HEALTH_PORT: '3001',
        STILE_MACHINES: 'examples, /etc/machines/order.yaml ,',
        STILE_QUEUES: 'fast,slow',
        STILE_CONCURRENCY: '7',
        STILE_LEASE_TTL_MS: '2000',
        STILE_PREFIX: 'shop',
        STILE_LOG_LEVEL: 'debug',
        STILE_LOG_FORMAT: 'json',
        STILE_LOG_STEPS: 'on',
        STILE_LOG_DATA: 'on',
        STILE_OTEL: 'on',
        STILE_RETENTION: '12h',
        STILE_ARCHIVE_URL: 'postgres://u:p@db/stile',
        STILE_ARCHIVE_STATUSES: 'failed, cancelled',
        STILE_SNAPSHOT_URL: 'file:///var/lib/stile',
        STILE_SNAPSHOT_EVERY: '15m',
        STILE_SNAPSHOT_KEEP: '3',
        STILE_HISTORY_CONTEXTS: 'off',
        STILE_ENCRYPTION_PER: 'machine',
        STILE_REDACT: 'password, card.number',
        STILE_SHUTDOWN_MS: '0',
        STILE_PARTITIONS: '8',
        STILE_SERVE_PARTITIONS: '7,0-2, 1',
        STILE_ACK_REPLICAS: '1',
        STILE_REDIS_SERVERNAME: 'redis.internal',
        STILE_AUDIT: 'all',
        STILE_AUDIT_ENTRIES: '0',
        STILE_AUTH: 'on',
        STILE_INSECURE_OPEN: 'on',
        STILE_PUBLIC_URL: 'https://stile.example/',
        STILE_SESSION: '1h',
        STILE_OIDC_ISSUER: 'https://login.example/',
        STILE_OIDC_AUDIENCE: 'stile',
        STILE_OIDC_CLIENT_ID: 'page',
        STILE_OIDC_CLIENT_SECRET: 'secret',
        STILE_OIDC_ROLE_CLAIM: 'realm_access.roles',
        STILE_OIDC_TENANT_CLAIM: 'org',
        STILE_OIDC_DEFINITIONS_CLAIM: 'machines',
        STILE_OIDC_ALGORITHMS: 'ES256',
        STILE_OIDC_SKEW: '0s',
        STILE_LIMIT_BODY: '2048',
        STILE_LIMIT_CONTEXT: '64',
        STILE_LIMIT_EVENT: '128',
        STILE_LIMIT_HISTORY: '10',
        STILE_LIMIT_INBOX: '1',
        STILE_LIMIT_CHILDREN: '2',
        STILE_LIMIT_DEPTH: '3',
        STILE_LIMIT_STARTS: '4',
        STILE_LIMIT_MEMORY: '100',
        STILE_LIMIT_STREAMS: '5',
        STILE_LIMIT_CALLER_STREAMS: '6',
        OTHER: 'is no concern of ours',
      }),
    ).toEqual({
      redisUrl: 'rediss://user:secret@records:6380/2',
      ...{ limitBody: 2048, limitContext: 64, limitEvent: 128, limitHistory: 10, limitInbox: 1, limitChildren: 2, limitDepth: 3 },
      ...{ limitStarts: 4, limitMemory: 100, limitStreams: 5, limitCallerStreams: 6 },
      leaseUrl: 'redis://leases',
      leaseSecondaryUrl: 'redis://others',
      host: '::1',
      port: 0,
      healthPort: 3001,
      machines: ['examples', '/etc/machines/order.yaml'],
      queues: ['fast', 'slow'],
      concurrency: 7,
      leaseTtlMs: 2000,
      prefix: 'shop',
      logLevel: 'debug',
      ...{ logFormat: 'json', logSteps: true, logData: true, telemetry: true },
      retentionMs: 43_200_000,
      archiveUrl: 'postgres://u:p@db/stile',
      archiveStatuses: ['failed', 'cancelled'],
      ...{ snapshotUrl: 'file:///var/lib/stile', snapshotEveryMs: 900_000, snapshotKeep: 3 },
      historyContexts: false,
      ...{ encryptionPer: 'machine', redact: ['password', 'card.number'] },
      shutdownMs: 0,
      partitions: 8,
      servePartitions: [0, 1, 2, 7],
      ackReplicas: 1,
      redisServername: 'redis.internal',
      ...{ audit: 'all', auditEntries: 0 },
      ...{ auth: true, insecureOpen: true, publicUrl: 'https://stile.example', sessionMs: 3_600_000 },
      ...{ oidcIssuer: 'https://login.example/', oidcAudience: 'stile', oidcClientId: 'page', oidcClientSecret: 'secret' },
      ...{ oidcRoleClaim: 'realm_access.roles', oidcTenantClaim: 'org', oidcDefinitionsClaim: 'machines' },
      ...{ oidcAlgorithms: ['ES256'], oidcSkewMs: 0 },
    });
  });

  it('needs a Redis only where it is required, and takes nothing for unset', () => {
    expect(readConfig({ STILE_PORT: ' ' }, { redis: 'optional' })).toMatchObject({ port: 3000 });
    for (const env of [{}, { STILE_REDIS_URL: '' }, { STILE_REDIS_URL: ' ' }]) {
      expect(errorOf(env).faults).toEqual([
        { variable: 'STILE_REDIS_URL', problem: 'give the URL of a Redis, such as redis://127.0.0.1:6379' },
      ]);
    }
  });

  it('lists all faults at once', () => {
    const error = errorOf({
      STILE_REDIS_URL: 'localhost',
      STILE_PORT: '70000',
      STILE_RETENTION: '7',
      STILE_LOG_LEVEL: 'info',
    });
    expect(error).toMatchObject({ name: 'ConfigError', code: 'INVALID_CONFIG' });
    expect(error.message.split('\n')).toEqual([
      'the environment has 4 faults:',
      '  STILE_REDIS_URL is "localhost": give redis://[user:password@]host[:port][/database], redis-cluster://[user:password@]host[:port],host[:port] or redis-sentinel://[user:password@]host[:port],host[:port]/name, with rediss for TLS',
      '  STILE_PORT is "70000": give an integer from 0 to 65535',
      '  STILE_LOG_LEVEL is "info": give one of error, warn, log, debug',
      '  STILE_RETENTION is "7": give a number and a unit (ms, s, m, h, d), from 1ms to 3650d, such as 7d, 12h, 30m, 45s, 500ms',
    ]);
  });

  it.each([
    ['STILE_REDIS_URL', 'http://127.0.0.1'],
    ['STILE_REDIS_URL', 'redis://127.0.0.1/name'],
    ['STILE_REDIS_URL', 'redis://'],
    ['STILE_LEASE_URL', '127.0.0.1:6379'],
    ['STILE_REDIS_URL', 'postgres://records/stile'],
    ['STILE_LEASE_URL', 'postgres://leases'],
    ['STILE_LEASE_URL', 'postgres://leases/'],
    ['STILE_LEASE_URL', 'postgres:///stile'],
    ['STILE_LEASE_URL', 'postgres://one,two/stile'],
    ['STILE_LEASE_SECONDARY_URL', 'postgres://leases/stile?host=others'],
    ['STILE_LEASE_SECONDARY_URL', 'mysql://leases/stile'],
    ['STILE_HOST', 'http://localhost'],
    ['STILE_PORT', '-1'],
    ['STILE_PORT', '3000.5'],
    ['STILE_PORT', '0x10'],
    ['STILE_QUEUES', ','],
    ['STILE_QUEUES', 'a:b'],
    ['STILE_CONCURRENCY', '0'],
    ['STILE_LEASE_TTL_MS', '99'],
    ['STILE_PREFIX', 'a{b}'],
    ['STILE_LOG_FORMAT', 'xml'],
    ['STILE_LOG_STEPS', 'true'],
    ['STILE_RETENTION', '0s'],
    ['STILE_ARCHIVE_URL', 'redis://archive'],
    ['STILE_ARCHIVE_URL', 'file://archive'],
    ['STILE_ARCHIVE_STATUSES', 'running'],
    ['STILE_ARCHIVE_STATUSES', ','],
    ['STILE_SNAPSHOT_URL', 'postgres://db/stile'],
    ['STILE_SNAPSHOT_EVERY', '500ms'],
    ['STILE_SNAPSHOT_KEEP', '0'],
    ['STILE_ENCRYPTION_KEYS_FILE', '/there/is/none'],
    ['STILE_ENCRYPTION_PER', 'shop'],
    ['STILE_REDACT', 'card..number'],
    ['STILE_SHUTDOWN_MS', '10s'],
    ['STILE_PARTITIONS', '1025'],
    ['STILE_SERVE_PARTITIONS', '3-1'],
    ['STILE_SERVE_PARTITIONS', '0,x'],
    ['STILE_SERVE_PARTITIONS', '1'],
    ['STILE_ACK_REPLICAS', '-1'],
    ['STILE_AUTH', 'keys'],
    ['STILE_PUBLIC_URL', 'stile.example'],
    ['STILE_OIDC_ISSUER', 'https://login.example?a=1'],
    ['STILE_OIDC_ALGORITHMS', 'HS256'],
    ['STILE_OIDC_ALGORITHMS', 'none'],
    ['STILE_OIDC_ALGORITHMS', ','],
    ['STILE_OIDC_ROLE_CLAIM', 'a b'],
    ['STILE_OIDC_SKEW', '6m'],
  ])('refuses %s=%s', (variable, value) => {
    expect(errorOf({ ...redis, [variable]: value }).faults).toEqual([{ variable, value, problem: expect.any(String) as string }]);
  });

  it.each([
    ['redis://user:secret@host:99999', 'redis://user:***@host:99999'],
    ['redis://:secret@host/x', 'redis://:***@host/x'],
    ['redis://:se@cr/et@host/x', 'redis://:***@host/x'],
    ['user:secret@host', 'user:***@host'],
    ['http://host/?password=secret', 'http://host/?password=***'],
    ['postgres://user:secret@host', 'postgres://user:***@host'],
    ['redis-clutser://user:secret@one:1,two:2', 'redis-clutser://user:***@one:1,two:2'],
    ['redis-sentinel://one?sentinelPassword=secret', 'redis-sentinel://one?sentinelPassword=***'],
    ['postgresql://user:se#cr/et@host/stile', 'postgresql://user:***@host/stile'],
  ])('does not tell the password in %s', (value, shown) => {
    const error = errorOf({ STILE_REDIS_URL: value });
    expect(error.faults[0]?.value).toBe(shown);
    expect(JSON.stringify([error, error.message, error.stack])).not.toMatch(/secret|cr.et/);
  });

  it('knows slips of the pen, but leaves alone what tools and Kubernetes set', () => {
    const error = errorOf({ ...redis, STILE_REDIS_URI: 'redis://:secret@host', STILE_WHATEVER: '1' });
    expect(error.faults).toMatchObject([
      {
        variable: 'STILE_REDIS_URI',
        value: 'redis://:***@host',
        problem: 'there is no such variable; did you mean STILE_REDIS_URL?',
      },
    ]);
    readConfig({
      ...redis,
      STILE_TEST_REDIS_URL: 'x',
      STILE_API_SERVICE_HOST: '10.0.0.1',
      STILE_API_SERVICE_PORT_HTTP: '80',
      STILE_API_PORT: 'tcp://10.0.0.1:80',
      STILE_API_PORT_80_TCP_ADDR: '10.0.0.1',
    });
    expect(errorOf({ ...redis, STILE_PORT: 'tcp://10.0.0.1:80' }).message).toContain('enableServiceLinks: false');
  });

  it('takes a secondary lease store only on a server of its own', () => {
    const same = {
      variable: 'STILE_LEASE_SECONDARY_URL',
      problem: expect.stringContaining('server of') as string,
    };
    const faults = (leaseUrl: string, secondary: string) =>
      errorOf({ ...redis, STILE_LEASE_URL: leaseUrl, STILE_LEASE_SECONDARY_URL: secondary }).faults;
    expect(faults('', 'redis://localhost/3')).toMatchObject([same]);
    expect(faults('redis://Leases', 'rediss://x:y@leases:6379')).toMatchObject([same]);
    expect(faults('redis://leases', redis.STILE_REDIS_URL)).toMatchObject([same]);
    expect(faults('postgres://localhost/a', 'postgresql://u:p@127.0.0.1:5432/b')).toMatchObject([same]);
    for (const url of ['redis://127.0.0.1:6380', 'postgres://127.0.0.1/stile']) {
      expect(readConfig({ ...redis, STILE_LEASE_SECONDARY_URL: url })).toHaveProperty('leaseSecondaryUrl', url);
    }
  });

  it('takes PostgreSQL for leases, and says how to write its URL', () => {
    const given = {
      STILE_LEASE_URL: 'postgresql://u:p@leases:5433/stile?sslmode=verify-full',
      STILE_LEASE_SECONDARY_URL: 'postgres://b/c',
    };
    expect(readConfig({ ...redis, ...given })).toMatchObject({
      leaseUrl: given.STILE_LEASE_URL,
      leaseSecondaryUrl: given.STILE_LEASE_SECONDARY_URL,
    });
    expect(errorOf({ ...redis, STILE_LEASE_URL: 'postgres://u:p@leases' }).message).toContain(
      'STILE_LEASE_URL is "postgres://u:***@leases": give redis://[user:password@]host[:port][/database] or ' +
        'redis-sentinel://[user:password@]host[:port],host[:port]/name, with rediss for TLS; ' +
        'or postgres://user:password@host[:port]/database',
    );
  });
});

describe('configTable', () => {
  it('has defaults that can be read, and a description for each', () => {
    for (const variable of configTable as readonly Variable[]) {
      expect(variable.description).not.toBe('');
      const text = variable.default;
      if (text !== undefined) expect(() => variable.parse(text)).not.toThrow();
    }
    expect(new Set(configTable.map(({ name }) => name)).size).toBe(configTable.length);
  });
});

describe('inheritedEnv', () => {
  it('is the environment of this process with some variables set and others unset', () => {
    process.env.STILE_HOST = '10.0.0.1';
    try {
      const env = inheritedEnv({ STILE_PORT: '0', STILE_HOST: undefined });
      expect(env).toMatchObject({ PATH: process.env.PATH, STILE_PORT: '0' });
      expect(env.STILE_HOST).toBeUndefined();
    } finally {
      delete process.env.STILE_HOST;
    }
  });

  describe('STILE_CHAOS', () => {
    const withChaos = (text: string, env = {}) => ({ ...redis, STILE_CHAOS: text, ...env });

    it('is a JSON object of operations and probabilities', () => {
      expect(readConfig(withChaos('{"commit": 0.05, "*": 0.01, "seed": 7}')).chaos).toEqual({
        seed: 7,
        force: false,
        errors: { commit: 0.05, '*': 0.01 },
      });
      expect(readConfig(withChaos('{"commit": 1}')).chaos).toEqual({ seed: 1, force: false, errors: { commit: 1 } });
    });

    it.each(['{"commit": 2}', '{"commit": "often"}', '{}', '{"seed": 1}', '{"seed": -1, "commit": 1}', '0.5', '[]', 'commit=1'])(
      '%s is refused',
      (text) => {
        expect(errorOf(withChaos(text)).faults).toEqual([expect.objectContaining({ variable: 'STILE_CHAOS', value: text })]);
      },
    );

    it('is refused in production unless forced', () => {
      const production = { NODE_ENV: 'production' };
      expect(errorOf(withChaos('{"commit": 0.5}', production)).message).toContain('NODE_ENV is production; unset it');
      expect(readConfig(withChaos('{"commit": 0.5, "force": true}', production)).chaos?.force).toBe(true);
      expect(readConfig({ ...redis, ...production }).chaos).toBeUndefined();
    });
  });
});
