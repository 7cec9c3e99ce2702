import { ACCESS_ROLES, hasExpired, makeApiKey, opens, readApiKey, readApiKeyRecord, type ApiKeyGrant } from './api-key';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const GRANT: ApiKeyGrant = { name: 'shop', role: 'starter' };

it('is a text of which only a hash is kept', () => {
  const { text, record } = makeApiKey({ ...GRANT, tenant: 'acme', definitions: ['order'] }, NOW);
  expect(text).toMatch(/^stile_[a-z2-7]{12}_[A-Za-z0-9_-]{43}$/);
  const key = readApiKey(text);
  expect(key?.id).toBe(record.id);
  expect(JSON.stringify(record)).not.toContain(key?.secret);
  expect(opens(record, key?.secret ?? '')).toBe(true);
  expect(readApiKeyRecord(record.id, JSON.stringify(record))).toEqual(record);
});

it('is another one each time', () => {
  const made = Array.from({ length: 50 }, () => makeApiKey(GRANT, NOW));
  expect(new Set(made.flatMap(({ text, record }) => [record.id, text.slice(-43)])).size).toBe(100);
});

it('is not opened by anything else', () => {
  const { text, record } = makeApiKey(GRANT, NOW);
  const secret = text.slice(-43);
  const others = ['', secret.slice(1), `${secret}A`, secret.toUpperCase(), record.hash, makeApiKey(GRANT, NOW).text.slice(-43)];
  expect(others.filter((other) => opens(record, other))).toEqual([]);
  expect(opens({ ...record, hash: '' }, secret)).toBe(false);
});

const ID = 'a'.repeat(12);
const SECRET = 'A'.repeat(43);

it.each([
  ...[
    '',
    'stile_',
    `stile_${ID}_short`,
    `Stile_${ID}_${SECRET}`,
    `stile_${ID.toUpperCase()}_${SECRET}`,
    `stile_${ID}_${SECRET}A`,
  ],
  ` stile_${ID}_${SECRET}`,
])('"%s" is none', (text) => {
  expect(readApiKey(text)).toBeUndefined();
});

it.each<[string, Partial<ApiKeyGrant>]>([
  ['name', { name: ' ' }],
  ['name', { name: 'x'.repeat(65) }],
  ['name', { name: 'a\nb' }],
  ['role', { role: 'root' as 'admin' }],
  ['tenant', { tenant: 'a.b' }],
  ['tenant', { tenant: '' }],
  ['definitions', { definitions: [] }],
  ['definitions', { definitions: ['a b'] }],
  ['expires', { expiresAt: '2025-12-31T23:59:59Z' }],
  ['expires', { expiresAt: 'soon' }],
])('refuses a %s that cannot be used: %j', (field, more) => {
  expect(() => makeApiKey({ ...GRANT, ...more }, NOW)).toThrow(expect.objectContaining({ field }));
});

it('has all roles', () => {
  for (const role of ACCESS_ROLES) expect(makeApiKey({ ...GRANT, role }, NOW).record.role).toBe(role);
});

it('ends at its time, and at once where that cannot be read', () => {
  const expiresAt = new Date(NOW).toISOString();
  expect([NOW - 1, NOW, NOW + 1].map((now) => hasExpired({ expiresAt }, now))).toEqual([false, true, true]);
  expect(hasExpired({}, NOW)).toBe(false);
  expect(hasExpired({ expiresAt: 'garbage' }, 0)).toBe(true);
});

it('of a record that is not as it should be lets nobody in', () => {
  const { record } = makeApiKey(GRANT, NOW);
  const read = (text: string, id = record.id) => readApiKeyRecord(id, text);
  const texts = ['', 'null', '[]', '{}', JSON.stringify({ ...record, role: 'root' }), JSON.stringify({ ...record, hash: 1 })];
  expect(texts.filter((text) => read(text))).toEqual([]);
  expect(read(JSON.stringify({ ...record, tenant: null }))).toBeUndefined();
  expect(read(JSON.stringify(record), 'another')).toBeUndefined();
});
