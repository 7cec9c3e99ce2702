import { leaseUrl, redisUrl, serversOf } from './redis-url';

describe('redisUrl', () => {
  it.each([
    'redis://host',
    'redis-cluster://one',
    'rediss-cluster://user:pa/ss@one:7000,10.0.0.2:7001,[::1]:7002',
    'redis-sentinel://one:26379,two,three/orders',
    'rediss-sentinel://:pw@one/orders?sentinelPassword=x',
  ])('takes %s', (url) => expect(redisUrl(url)).toBe(url));

  it.each([
    ['redis-cluster://', 'name hosts and ports'],
    ['redis-cluster://one,,two', 'name hosts and ports'],
    ['redis-cluster://one:0', 'name hosts and ports'],
    ['redis-cluster://one:99999', 'name hosts and ports'],
    ['redis-cluster://one/2', 'a cluster has one database'],
    ['redis-sentinel://one,two', 'name the master'],
    ['redis-sentinel://one/', 'name the master'],
    ['redis-clutser://one', 'give redis-cluster://'],
  ])('refuses %s: %s', (url, why) => expect(() => redisUrl(url)).toThrow(why));
});

describe('leaseUrl', () => {
  it('takes sentinels, and no cluster', () => {
    expect(leaseUrl('redis-sentinel://one/leases')).toBe('redis-sentinel://one/leases');
    expect(() => leaseUrl('redis-cluster://one')).toThrow(/kept by one server.*unset it/);
  });
});

it('serversOf tells servers apart', () => {
  expect(serversOf('redis://127.0.0.1/2')).toEqual(['localhost:6379']);
  expect(serversOf('postgres://Leases/stile')).toEqual(['leases:5432']);
  expect(serversOf('redis-cluster://u:p@one:1,[::1]')).toEqual(['one:1', 'localhost:6379']);
  expect(serversOf('redis-sentinel://one/a')).toEqual(['one:26379/a']);
});
