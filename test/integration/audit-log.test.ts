import { Redis } from 'ioredis';
import { audited, type AuditRecord } from '../../libs/machine/src/core/audit';
import { Keyspace } from '../../libs/machine/src/redis/keyspace';
import { RedisAuditLog } from '../../libs/machine/src/redis/redis-audit-log';
import { testRedisUrl, uniquePrefix, waitFor } from '../support/redis';

const redis = new Redis(testRedisUrl());
const keys = new Keyspace(uniquePrefix('audit-log'), 1);
afterEach(() => redis.del(keys.audit));
afterAll(() => redis.quit());

const record = (id: string, more: Partial<AuditRecord> = {}): AuditRecord => ({
  ...{ id, act: 'cancel', on: 'machine m', who: { name: 'ada', role: 'operator', via: 'key' }, phase: 'done' },
  ...more,
});

it('keeps what it was given, in order, with the time of the server', async () => {
  const log = new RedisAuditLog(redis, keys, 0);
  const odd = record('1', { details: { why: '"quotes"\n', fields: [], big: 2 ** 53 }, after: {} });
  await log.append(odd);
  await log.append(record('2'));
  const { items, next } = await log.read();
  expect(items).toEqual([
    { ...odd, entry: expect.stringMatching(/^\d+-\d+$/), at: expect.stringMatching(/Z$/) },
    { ...record('2'), entry: expect.any(String), at: expect.any(String) },
  ]);
  expect(next).toBeNull();
});

it('keeps so many at least, the last ones, and not many more', async () => {
  const log = new RedisAuditLog(redis, keys, 500);
  for (let i = 0; i < 1500; i++) await log.append(record(String(i)));
  const { items } = await log.read({ first: 'newest', limit: 1000 });
  expect(items.length).toBeGreaterThanOrEqual(500);
  expect(items.length).toBeLessThan(700); // a node of the stream has 100 entries
  expect(items[0]?.id).toBe('1499');
});

it('goes on where a page has ended, and finds nothing behind the last entry', async () => {
  const log = new RedisAuditLog(redis, keys, 0);
  for (let i = 0; i < 5; i++) await log.append(record(String(i)));
  const seen: string[] = [];
  let after: string | undefined;
  do {
    const page = await log.read({ limit: 2, ...(after === undefined ? {} : { after }) });
    seen.push(...page.items.map(({ id }) => id));
    after = page.next ?? undefined;
  } while (after !== undefined);
  expect(seen).toEqual(['0', '1', '2', '3', '4']);
  const last = (await log.read({ first: 'newest', limit: 1 })).items[0]?.entry ?? '';
  expect(await log.read({ after: last })).toEqual({ items: [], next: null });
  const newest = await log.read({ first: 'newest', limit: 4 });
  expect((await log.read({ first: 'newest', after: newest.next ?? '' })).items.map(({ id }) => id)).toEqual(['0']);
});

it('shows an entry that somebody wrote by hand, and those around it', async () => {
  const log = new RedisAuditLog(redis, keys, 0);
  await log.append(record('1'));
  for (const text of ['garbage', '{}', 'null', '{"act":1}']) await redis.xadd(keys.audit, '*', 'entry', text);
  await log.append(record('2'));
  const { items } = await log.read();
  expect(items.map(({ act, code }) => code ?? act)).toEqual([
    'cancel',
    ...Array.from({ length: 4 }, () => 'UNREADABLE_ENTRY'),
    'cancel',
  ]);
});

it('has what was asked of a process that died in between', async () => {
  const log = new RedisAuditLog(redis, keys, 0);
  const { phase, ...act } = record('1');
  expect(phase).toBeDefined();
  void audited(log, act, () => new Promise(() => undefined), { onLost: () => undefined }); // never comes back
  const written = async () => (await log.read()).items.length > 0;
  await waitFor(written, { what: 'the first entry' });
  expect((await log.read()).items).toMatchObject([{ id: '1', phase: 'asked' }]);
});
