import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { Redis } from 'ioredis';
import { startLocalRedis, type LocalRedis } from '@stile/local-redis';
import { stileRules, USERS_ACL } from '../support/acl';
import { gate, sketch, World } from './support/world';

const ROOT = join(__dirname, '..', '..');
const BULLMQ = join(ROOT, 'node_modules', 'bullmq', 'dist', 'cjs');
const PASSWORDS = { stile: 'for-stile', admin: 'for-admin' };

/** Commands that no script runs: what sends them, as source text that has to be there. */
const SENT: Readonly<Record<string, readonly [file: string, text: string]>> = {
  'acl|whoami': ['apps/cli/src/doctor/redis-facts.ts', "'ACL', 'WHOAMI'"],
  asking: ['node_modules/ioredis/built/cluster/index.js', 'asking'],
  bzpopmin: [`${BULLMQ}/classes/redis-queue-backend.js`, '.bzpopmin('],
  'client|list': [`${BULLMQ}/classes/ioredis-client.js`, "client.client('LIST')"],
  'client|setname': [`${BULLMQ}/classes/ioredis-client.js`, "client.client('SETNAME'"],
  'cluster|info': ['node_modules/ioredis/built/cluster/index.js', '.cluster("INFO"'],
  'cluster|slots': ['node_modules/ioredis/built/cluster/index.js', '.cluster("SLOTS"'],
  eval: ['libs/lease/src/redis/script.ts', 'redis.eval('],
  evalsha: ['libs/lease/src/redis/script.ts', 'redis.evalsha('],
  exec: ['libs/machine/src/redis/read-together.ts', '.exec()'],
  hkeys: ['libs/machine/src/redis/redis-hold-store.ts', '.hkeys('],
  hscan: ['apps/cli/src/doctor/fleet-facts.ts', '.hscan('],
  hsetnx: ['libs/machine/src/redis/fitness.ts', '.hsetnx('],
  multi: ['libs/machine/src/redis/redis-record-store.ts', '.multi()'],
  ping: ['docs/guide/redis.md', 'redis-cli --user stile --askpass ping'],
  readonly: ['node_modules/ioredis/built/cluster/ConnectionPool.js', 'readonly'],
  readwrite: ['node_modules/ioredis/built/cluster/ConnectionPool.js', 'readwrite'],
  scan: ['libs/machine/src/redis/scan-keys.ts', '.scan('],
  select: ['node_modules/ioredis/built/redis/event_handler.js', 'self.select('],
  setnx: ['libs/machine/src/redis/redis-stores.ts', '.setnx('],
  sscan: ['libs/machine/src/redis/redis-hold-store.ts', '.sscan('],
  unlink: ['libs/machine/src/move/repartition.ts', '.unlink('],
  wait: ['libs/machine/src/redis/confirmed-writes.ts', '.wait('],
  xrange: ['libs/machine/src/redis/redis-audit-log.ts', '.xrange('],
  xrevrange: ['libs/machine/src/redis/redis-audit-log.ts', '.xrevrange('],
  zrangebylex: ['libs/machine/src/snapshot/take-snapshot.ts', '.zrangebylex('],
};

/** Commands in scripts whose name is put together there. */
const CALLED_BY_NAME = /\b(?:pushCmd|countCommand|command)\s*=\s*[^'"\n]*['"]([A-Z]+)['"](?:\s*or\s*['"]([A-Z]+)['"])?/g;
const CALLED =
  /\b(?:rcall|redis\.p?call|call_unless_wrong_type)\(\s*(?:first and )?['"]([A-Za-z]+)['"](?:\s*or\s*['"]([A-Z]+)['"])?/g;

function filesOf(folder: string, fits: (name: string) => boolean): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(fits)
    .map((name) => join(folder, name));
}

/** What the scripts of Stile and of BullMQ call, but its relay, which is none of ours. */
function calledByScripts(): Set<string> {
  const lua = (name: string): boolean => name.endsWith('.lua');
  const files = [
    ...filesOf(join(ROOT, 'libs', 'machine', 'src', 'redis', 'lua'), lua),
    ...filesOf(join(ROOT, 'libs', 'lease', 'src', 'lua'), lua),
    ...filesOf(join(BULLMQ, 'scripts'), (name) => name.endsWith('.js') && !/^(relay|removeOrphaned|index)/.test(name)),
  ];
  const found = new Set<string>();
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    for (const pattern of [CALLED, CALLED_BY_NAME]) {
      for (const [, first, second] of text.matchAll(pattern)) {
        for (const name of [first, second]) if (name) found.add(name.toLowerCase());
      }
    }
  }
  return found;
}

const allowed = stileRules()
  .split(' ')
  .filter((rule) => rule.startsWith('+'))
  .map((rule) => rule.slice(1));

describe('the rights of user stile', () => {
  it('are the commands that scripts and clients use, and no others', () => {
    expect([...allowed].sort()).toEqual([...new Set([...calledByScripts(), ...Object.keys(SENT)])].sort());
    expect(new Set(allowed).size).toBe(allowed.length);
  });

  it.each(Object.entries(SENT))('have %s because something sends it', (_command, [file, text]) => {
    expect(readFileSync(file.startsWith('/') ? file : join(ROOT, file), 'utf8')).toContain(text);
  });
});

describe('a Redis with users.acl as it is deployed', () => {
  let dir: string;
  let server: LocalRedis;
  let admin: Redis;
  const urlOf = (user: keyof typeof PASSWORDS): string => server.url.replace('//', `//${user}:${PASSWORDS[user]}@`);

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'stile-acl-'));
    const acl = join(dir, 'users.acl');
    const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
    const text = readFileSync(USERS_ACL, 'utf8')
      .replace('STILE_PASSWORD_SHA256', hash(PASSWORDS.stile))
      .replace('ADMIN_PASSWORD_SHA256', hash(PASSWORDS.admin))
      .replaceAll('stile:', 'test-*:'); // the prefix: what whoever deploys another one than "stile" changes
    // The one that started it asks it as `default` whether it is up: that user goes when it is.
    writeFileSync(acl, text.replace('user default off', 'user default on nopass +@all ~*'));
    server = await startLocalRedis({ dir: join(dir, 'redis'), extraArgs: ['--aclfile', acl] });
    admin = new Redis(urlOf('admin'));
    writeFileSync(acl, text);
    await admin.call('ACL', 'LOAD');
  });
  afterAll(async () => {
    admin.disconnect();
    await server.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  it('lets nobody in without a password', async () => {
    const nobody = new Redis(server.url, { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 });
    nobody.on('error', () => undefined);
    await expect(nobody.get('test-x:a')).rejects.toThrow();
    nobody.disconnect();
  });

  it('runs machines, events, timers, children, schedules and operations without a refusal', async () => {
    const world = new World(urlOf('stile'));
    const held = gate();
    const definitions = [
      sketch('count', { begin: { do: () => 'go', on: { go: 'end' } }, end: { final: true } }),
      sketch('wait', { begin: { do: () => undefined, on: { paid: 'end' } }, end: { final: true } }),
      sketch(
        'fail',
        { begin: { do: () => Promise.reject(new Error('no')), on: { go: 'end' } }, end: { final: true } },
        { maxRetries: 0 },
      ),
      sketch('slow', { begin: { do: () => held.passed.then(() => 'go'), on: { go: 'end' } }, end: { final: true } }),
    ];
    const { runtime } = await world.worker(definitions);
    const { machines, events, steering, schedules, operations, listing, explanations, audit } = runtime;
    await world.run('count');
    const waiting = await world.start({ machine: 'wait', tags: { shop: 'berlin' } });
    await world.until(waiting, 'waiting');
    await steering.pause(waiting);
    await steering.edit(waiting, { paid: true }, (await world.get(waiting)).revision);
    await steering.resume(waiting);
    await events.send(waiting, { event: 'paid', dedupeId: 'once' });
    await world.until(waiting, 'completed');
    const failed = await world.run('fail', {}, 'failed');
    await explanations.explain(failed.correlationId);
    const hold = { machine: 'count' };
    await steering.hold(hold);
    expect(await steering.holds()).toHaveLength(1);
    await steering.unhold(hold);
    await schedules.put({ name: 'nightly', machine: 'count', every: '1h' });
    const { correlationId } = await schedules.trigger('nightly');
    await world.until(correlationId, 'completed');
    await schedules.remove('nightly');
    const operation = await operations.act({ act: 'retry', filter: { machine: 'fail' } });
    await world.until(failed.correlationId, 'failed');
    await operations.stop(operation);
    const slow = await world.start({ machine: 'slow' });
    await world.until(slow, 'running');
    held.open();
    await world.until(slow, 'completed');
    await listing.list({ statuses: ['failed'] });
    await listing.list({ idPrefix: slow.slice(0, 3) });
    await listing.counts();
    await listing.failures();
    await machines.history(slow);
    expect(await runtime.workers.list()).toHaveLength(1);
    const who = { name: 'ada', role: 'operator', via: 'key' };
    await audit.append({ id: '1', act: 'cancel', on: 'machine m', who, phase: 'done' });
    expect((await audit.read({ first: 'newest' })).items).toMatchObject([{ id: '1', act: 'cancel', who }]);
    await world.counts();
    await runtime.stop();
    expect(await admin.call('ACL', 'LOG')).toEqual([]);
    // `close` looks for keys that were left, which only an admin may.
    world.redis.disconnect();
  });

  type Row = [what: string, ...command: string[]];
  const FORBIDDEN: Row[] = [
    ['a key of others', 'GET', 'other:key'],
    ["another deployment's key", 'HGETALL', '{other:0}:m:x'],
    ['a script that reaches for one', 'EVAL', "return redis.call('GET', 'other:key')", '0'],
    ['all names', 'KEYS', '*'],
    ['the end of everything', 'FLUSHALL'],
    ['settings', 'CONFIG', 'SET', 'dir', '/tmp'],
    ["others' passwords", 'CONFIG', 'GET', 'requirepass'],
    ['more rights', 'ACL', 'SETUSER', 'stile', '+@all'],
    ['code that stays', 'FUNCTION', 'LOAD', '#!lua name=x\nreturn 1'],
    ['another master', 'REPLICAOF', '10.0.0.1', '6379'],
    ['what others do', 'MONITOR'],
    ['the end of the server', 'SHUTDOWN', 'NOSAVE'],
    ["others' connections", 'CLIENT', 'KILL', 'TYPE', 'normal'],
    ['a copy of the data', 'DUMP', 'test-x:a'],
    ['channels', 'PUBLISH', 'test-x:a', 'b'],
  ];

  it.each(FORBIDDEN)('refuses %s: %s', async (_what, ...command) => {
    const stile = new Redis(urlOf('stile'), { maxRetriesPerRequest: 0 });
    const [name = '', ...args] = command;
    const refusal = await stile.call(name, ...args).catch((error: Error) => error.message);
    stile.disconnect();
    expect(refusal).toMatch(/NOPERM|No permissions|can't access|ACL failure/i);
  });
});
