import { createSecretKey, randomBytes } from 'node:crypto';
import { StileRuntime } from '@stile/machine';
import { testRedisUrl, uniquePrefix } from '../support/redis';
import { Terminal } from './support/commands';

const silent = { debug() {}, log() {}, warn() {}, error() {} };
const prefix = uniquePrefix('keys');
const [first, second] = [randomBytes(32), randomBytes(32)];
const textOf = (id: string, bytes: Buffer): string => `${id}:${bytes.toString('base64')}`;
const env = { STILE_REDIS_URL: testRedisUrl(), STILE_PREFIX: prefix };
const terminal = new Terminal(env);
let runtime: StileRuntime;

beforeAll(async () => {
  const encryption = { keys: [{ id: 'k1', key: createSecretKey(first) }], per: 'machine' } as const;
  runtime = new StileRuntime({ redis: { url: testRedisUrl() }, prefix, encryption }, silent);
  const definition = { name: 'm', version: 1, maxRetries: 0, queue: 'machines', initial: 'a', states: {} };
  await runtime.redis.hset(runtime.keys.definitions, 'm@1', JSON.stringify(definition));
  for (const correlationId of ['acme.a', 'acme.b', 'plain']) await runtime.machines.start({ machine: 'm', correlationId });
});
afterAll(() => runtime.stop());

it('data keys are wrapped anew with the first key, and the others may go', async () => {
  const both = new Terminal({ ...env, STILE_ENCRYPTION_KEYS: `${textOf('k2', second)},${textOf('k1', first)}` });
  expect(await both.json('rewrap')).toEqual({ rewrapped: 2, current: 0, shredded: 0, locked: [] });
  const one = new Terminal({ ...env, STILE_ENCRYPTION_KEYS: textOf('k2', second) });
  expect((await one.run('rewrap')).out).toBe('0 data keys wrapped anew, 2 were already\n');
  const old = new Terminal({ ...env, STILE_ENCRYPTION_KEYS: textOf('k1', first) });
  const { code, out } = await old.run('rewrap');
  expect([code, out]).toEqual([1, expect.stringContaining('not opened: ')]);
  const none = await terminal.run('rewrap');
  expect([none.code, none.err]).toEqual([2, expect.stringContaining('set STILE_ENCRYPTION_KEYS')]);
});

it('keys are destroyed only when that is said, of a machine, then of its tenant, then of those of none', async () => {
  const asked = await terminal.run('shred', 'acme');
  expect([asked.code, asked.err]).toEqual([2, expect.stringContaining('--yes does it')]);
  expect(await terminal.json('shred', 'acme.a', '--yes')).toEqual({ what: 'acme.a', outcome: 'shredded' });
  expect(await terminal.json('shred', 'acme.a', '--yes')).toEqual({ what: 'acme.a', outcome: 'before' });
  const { code, err } = await terminal.run('shred', 'nobody', '--yes');
  expect([code, err]).toEqual([3, expect.stringContaining('tenant nobody has no key; nothing was done')]);
  expect(await terminal.json('shred', 'acme', '--yes')).toMatchObject({ outcome: 'shredded' });
  expect(await terminal.json('shred', 'plain', '--machine', '--yes')).toMatchObject({ outcome: 'shredded' });
  expect((await terminal.run('shred', '.', '--yes')).out).toContain('the key of the machines of no tenant is destroyed');
  const fields = await runtime.redis.hgetall(runtime.keys.dataKeys);
  expect(Object.values(fields).every((text) => /^shredded \d+$/.test(text))).toBe(true);
});

it('both stand in the audit log, with what was refused', async () => {
  const { items } = await runtime.audit.read();
  const told = items.filter(({ phase }) => phase !== 'asked').map(({ act, on, phase, after = null }) => [act, on, phase, after]);
  expect(items).toHaveLength(2 * told.length);
  expect(told).toEqual([
    ['rewrap', 'all data keys', 'done', { rewrapped: 2, current: 0, locked: 0 }],
    ['rewrap', 'all data keys', 'done', { rewrapped: 0, current: 2, locked: 0 }],
    ['rewrap', 'all data keys', 'done', expect.objectContaining({ locked: 2 })],
    ['rewrap', 'all data keys', 'refused', null],
    ['shred', 'machine acme.a', 'done', { outcome: 'shredded' }],
    ['shred', 'machine acme.a', 'done', { outcome: 'before' }],
    ['shred', 'tenant nobody', 'refused', null],
    ['shred', 'tenant acme', 'done', { outcome: 'shredded' }],
    ['shred', 'machine plain', 'done', { outcome: 'shredded' }],
    ['shred', 'the machines of no tenant', 'done', { outcome: 'shredded' }],
  ]);
});
