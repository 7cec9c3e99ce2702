import { placeOf, readRedisUrl } from './redis-url';

describe('readRedisUrl', () => {
  it('leaves one server to the client', () => {
    expect(readRedisUrl('rediss://u:p@host:1/2')).toEqual({ kind: 'single', url: 'rediss://u:p@host:1/2' });
  });

  it('reads nodes of a cluster', () => {
    expect(readRedisUrl('redis-cluster://ada:s%40cret@one:7000,two,[::1]:7002')).toEqual({
      kind: 'cluster',
      tls: false,
      username: 'ada',
      password: 's@cret',
      nodes: [
        { host: 'one', port: 7000 },
        { host: 'two', port: 6379 },
        { host: '::1', port: 7002 },
      ],
    });
    expect(readRedisUrl('rediss-cluster://:pw@one')).toEqual({
      ...{ kind: 'cluster', tls: true, password: 'pw' },
      nodes: [{ host: 'one', port: 6379 }],
    });
  });

  it('reads sentinels and the name of their master', () => {
    expect(readRedisUrl('redis-sentinel://one,two:1/orders?sentinelPassword=x')).toEqual({
      ...{ kind: 'sentinel', tls: false, name: 'orders', sentinelPassword: 'x' },
      nodes: [
        { host: 'one', port: 26_379 },
        { host: 'two', port: 1 },
      ],
    });
  });

  it.each([
    'redis-cluster://',
    'redis-cluster://one/2',
    'redis-sentinel://one',
    'redis-sentinel://one/',
    'redis-sentinel://secret@one,two:99999/m',
    'redis-cluster://secret@one,,two',
    'redis-clutser://secret@one',
    'secret@one:6379',
    'localhost:6379',
    'http://secret@one',
    '',
    undefined as unknown as string,
  ])('refuses %s without telling it', (url) => {
    expect(() => readRedisUrl(url)).toThrow(/give redis:\/\//);
    expect(() => readRedisUrl(url)).not.toThrow(/secret/);
  });

  it('takes the path of a socket', () => {
    expect(readRedisUrl('/run/redis.sock')).toEqual({ kind: 'single', url: '/run/redis.sock' });
  });

  it('tells places without credentials', () => {
    expect(placeOf('redis://u:pw@host/2')).toBe('host:6379');
    expect(placeOf('redis-cluster://u:pw@one,two:1')).toBe('one:6379,two:1');
    expect(placeOf('rediss-sentinel://u:pw@one/orders')).toBe('one:26379/orders');
  });
});
