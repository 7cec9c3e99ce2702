import type { FleetFacts } from './fleet-facts';
import { judgeFleet } from './judge-fleet';
import { judgeRedis, judgeServers } from './judge-redis';
import type { Reach } from './judge-rights';
import { reachOf } from './reach';
import type { RedisFacts } from './redis-facts';

const redis: RedisFacts = {
  address: '10.0.0.1:6379',
  version: '7.0.15',
  role: 'master',
  policy: 'noeviction',
  maxMemory: 2 ** 30,
  usedMemory: 5 * 2 ** 20,
  appendOnly: true,
  appendFsync: 'always',
  snapshots: false,
  replicas: 0,
  minReplicas: false,
  compactValue: 1024,
  lastWriteOk: true,
  lastSaveOk: true,
  clockAheadMs: -3,
  user: 'default',
  refused: [],
  dangerous: [],
  partitions: 1,
};

const here = { loopback: true, tls: false };

const worker: FleetFacts['workers'][number] = {
  name: 'w-1',
  queues: ['machines'],
  active: 3,
  lastSeenMs: 500,
  lagMs: 4,
};

const none = { count: 0, examples: [] };
const fleet: FleetFacts = {
  workers: [worker],
  definitions: [{ name: 'order', version: 1, queue: 'machines' }],
  overdue: none,
  quarantined: none,
};

describe('a healthy deployment', () => {
  it('is told so, check by check, with nothing to type', () => {
    const findings = [...judgeRedis(redis, 1, here), ...judgeFleet(fleet)];
    expect(findings.filter(({ level }) => level !== 'ok')).toEqual([]);
    expect(new Set(findings.map(({ check }) => check)).size).toBe(findings.length);
  });

  it('may be one that was never used', () => {
    expect(judgeRedis({ ...redis, partitions: undefined }, 4, here).every(({ level }) => level === 'ok')).toBe(true);
  });
});

describe('Redis', () => {
  type Row = [what: string, over: Partial<RedisFacts>, check: string, level: string, fix: RegExp];
  const rows: Row[] = [
    ['is old', { version: '6.0.16' }, 'version', 'warn', /install Redis 7/],
    ['is a replica', { role: 'slave' }, 'role', 'bad', /master/],
    ['may evict', { policy: 'allkeys-lru' }, 'eviction', 'bad', /config set maxmemory-policy noeviction/],
    ['is nearly full', { maxMemory: 100, usedMemory: 91 }, 'memory', 'warn', /maxmemory/],
    ['has no limit', { maxMemory: 0 }, 'memory', 'warn', /config set maxmemory/],
    ['keeps no log', { appendOnly: false, snapshots: true }, 'persistence', 'warn', /config set appendonly yes/],
    ['keeps nothing', { appendOnly: false, snapshots: false }, 'persistence', 'warn', /config set appendonly yes/],
    ['does not tell what it keeps', { appendOnly: false, snapshots: undefined }, 'persistence', 'warn', /appendonly yes/],
    ['never asks the disk', { appendFsync: 'no' }, 'persistence', 'warn', /appendfsync everysec/],
    ['may go on alone', { replicas: 2 }, 'replicas', 'warn', /min-replicas-to-write 1/],
    ['cannot write its log', { lastWriteOk: false }, 'persistence', 'bad', /df -h/],
    ['cannot write its snapshot', { lastSaveOk: false }, 'persistence', 'bad', /df -h/],
    ['keeps records in pieces', { compactValue: 64 }, 'encoding', 'warn', /config set hash-max-listpack-value 1024/],
    ['refuses commands', { user: 'stile', refused: ['EVAL', 'XLEN'] }, 'access', 'bad', /acl setuser stile \+eval \+xlen/],
    ['has another time', { clockAheadMs: 1001 }, 'clock', 'warn', /set-ntp/],
    ['has another layout', { partitions: 8 }, 'layout', 'bad', /STILE_PARTITIONS=8/],
  ];

  it.each(rows)('that %s', (_what, over, check, level, fix) => {
    const findings = judgeRedis({ ...redis, ...over }, 1, here).filter((finding) => finding.level !== 'ok');
    expect(findings).toEqual([{ check, level, text: expect.any(String), fix: expect.stringMatching(fix) }]);
  });

  it('may hide its settings', () => {
    expect(
      judgeRedis({ ...redis, appendFsync: undefined, snapshots: undefined }, 1, here).every(({ level }) => level === 'ok'),
    ).toBe(true);
  });

  it('on another host wants TLS, and a user who may do little', () => {
    const dangerous = ['FLUSHALL', 'CONFIG'];
    const levels = (reach: Reach) =>
      judgeRedis({ ...redis, dangerous }, 1, reach).flatMap(({ check, level }) => (level === 'ok' ? [] : [`${check} ${level}`]));
    expect(levels(reachOf('redis://127.0.0.1:6379'))).toEqual([]);
    expect(levels(reachOf('redis://user:pass@redis.internal'))).toEqual(['rights warn', 'encryption warn']);
    expect(levels(reachOf('redis-cluster://127.0.0.1:1,10.0.0.7:2'))).toEqual(['rights warn', 'encryption warn']);
    expect(levels(reachOf('rediss-sentinel://a:1,b:2/mymaster'))).toEqual(['rights warn']);
    expect(reachOf('redis://[::1]:6379/2')).toEqual({ loopback: true, tls: false });
  });

  it('tells which side of the clock is ahead', () => {
    const text = (clockAheadMs: number) =>
      judgeRedis({ ...redis, clockAheadMs }, 1, here).find(({ check }) => check === 'clock')?.text;
    expect(text(5000)).toContain('5000 ms ahead of Redis');
    expect(text(-5000)).toContain('5000 ms behind Redis');
  });
});

describe('the fleet', () => {
  const findings = (over: Partial<FleetFacts>) => judgeFleet({ ...fleet, ...over }).filter(({ level }) => level !== 'ok');

  it('without workers runs nothing', () => {
    for (const workers of [[], [{ ...worker, lastSeenMs: 10_000 }]]) {
      expect(findings({ workers })).toMatchObject([
        { check: 'workers', level: 'bad' },
        { check: 'queues', level: 'bad' },
      ]);
    }
  });

  it('names the queues that nobody serves, and whose machines stand still', () => {
    const definitions = [...fleet.definitions, { name: 'mail', version: 2, queue: 'slow' }];
    expect(findings({ definitions })).toEqual([
      {
        check: 'queues',
        level: 'bad',
        text: 'nobody serves slow: machines of mail@2 stand still',
        fix: 'STILE_QUEUES=slow stile worker',
      },
    ]);
  });

  it('names the worker that is held up', () => {
    const workers = [worker, { ...worker, name: 'w-2', lagMs: 2500 }];
    expect(findings({ workers })).toMatchObject([
      { check: 'event loop', level: 'warn', text: expect.stringContaining('w-2 for 2500 ms') },
    ]);
  });

  it('has nothing published yet', () => {
    expect(findings({ definitions: [] })).toMatchObject([{ check: 'queues', level: 'warn' }]);
  });

  it.each(['overdue', 'quarantined'] as const)('has machines that are %s, and says what to look at', (which) => {
    const found = findings({ [which]: { count: 7, examples: ['o-1', 'o-2'] } });
    expect(found).toMatchObject([{ level: 'bad', text: expect.stringMatching(/^7 .*o-1, o-2$/), fix: 'stile explain o-1' }]);
  });
});

const LOCAL = reachOf('redis://127.0.0.1:6379');

it('of a cluster all is told of one node, and of the others what is not well', () => {
  const other = { ...redis, address: '10.0.0.2:6379', policy: 'allkeys-lru' };
  const found = judgeServers([redis, { ...redis, address: '10.0.0.3:6379' }, other], 1, LOCAL);
  expect(found.filter(({ text }) => text.startsWith('10.0.0.1:6379: '))).toHaveLength(judgeRedis(redis, 1, LOCAL).length);
  expect(found.filter(({ level }) => level === 'bad').map(({ text }) => text)).toEqual([
    expect.stringMatching(/^10\.0\.0\.2:6379: maxmemory-policy is allkeys-lru/),
  ]);
  expect(found.some(({ text }) => text.startsWith('10.0.0.3'))).toBe(false);
});
