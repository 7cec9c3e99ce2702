import type { NestExpressApplication } from '@nestjs/platform-express';
import { StileRuntime, type ApiKeyGrant } from '@stile/machine';
import { KEY_FRESH_MS } from '../../apps/api/src/access/key-check';
import { adminOf } from '../support/admin';
import { testRedisUrl, uniquePrefix, waitFor } from '../support/redis';
import { ApiStage, greet } from './api-support';
import { Terminal } from './support/commands';
import { bearer, RawHttp, type Answer } from './support/raw-http';

describe('API keys and sessions', () => {
  const prefix = uniquePrefix('access-keys');
  const stage = new ApiStage(prefix);
  let app: NestExpressApplication;
  let http: RawHttp;
  let runtime: StileRuntime;

  const make = (grant: Partial<ApiKeyGrant> = {}) =>
    runtime.apiKeys.create({ name: 'test', role: 'operator', ...grant }, Date.now());
  const look = (headers: Record<string, string>, path = '/v1/definitions'): Promise<Answer> => http.ask({ path, headers });
  const signIn = (key: string): Promise<Answer> => http.ask({ method: 'POST', path: '/v1/session', body: { key } });
  const cookieOf = ({ headers }: Answer): string => [headers['set-cookie']].flat()[0]?.split(';')[0] ?? '';
  const session = async (grant: Partial<ApiKeyGrant> = {}): Promise<{ cookie: string }> => ({
    cookie: cookieOf(await signIn((await make(grant)).text)),
  });

  beforeAll(async () => {
    await stage.publish(greet());
    ({ app } = await stage.api({ access: { auth: true, sessionMs: 1500 } }));
    http = new RawHttp(app);
    runtime = app.get(StileRuntime);
  });

  afterAll(async () => {
    http.close();
    await stage.close();
  });

  it('let in, until they expire', async () => {
    const { text } = await make({ expiresAt: new Date(Date.now() + 400).toISOString() });
    expect((await look(bearer(text))).status).toBe(200);
    await waitFor(async () => (await look(bearer(text))).status === 401, { what: 'it has expired', timeoutMs: 2000 });
  });

  it.each([
    ['', 'nothing'],
    ['Bearer', 'no key'],
    ['Basic c3RpbGU6YQ==', 'another kind'],
    ['Bearer stile_', 'half a key'],
    ['Bearer stile_aaaaaaaaaaaa_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', 'a key that is not there'],
    ['Bearer eyJhbGciOiJub25lIn0.e30.', 'a token where none are taken'],
  ])('refuse "%s": %s', async (authorization) => {
    const { status, code } = await look(authorization === '' ? {} : { authorization });
    expect({ status, code }).toEqual({ status: 401, code: 'UNAUTHENTICATED' });
  });

  it('refuse another secret under the id of one that is there', async () => {
    const [one, two] = [await make(), await make()];
    const mixed = `${one.view.prefix}_${two.text.split('_').slice(2).join('_')}`;
    expect(mixed).toHaveLength(one.text.length);
    expect((await look(bearer(mixed))).status).toBe(401);
  });

  it('are nowhere in Redis as they are, and neither are sessions', async () => {
    const { text } = await make();
    const answer = await signIn(text);
    const token = cookieOf(answer).split('=')[1] ?? 'none';
    const secret = text.slice(-43);
    const found: string[] = [];
    for (const name of await adminOf(runtime.redis).keys(`*${prefix}*`)) {
      const dump = name + ((await adminOf(runtime.redis).dumpBuffer(name))?.toString('latin1') ?? '');
      if (dump.includes(secret) || dump.includes(token)) found.push(name);
    }
    expect(found).toEqual([]);
    expect(answer.text).not.toContain(secret);
  });

  it('are told by when they were last used, written at most once a minute', async () => {
    const { text, view } = await make({ name: 'used' });
    const usedAt = async (): Promise<string | null | undefined> =>
      (await runtime.apiKeys.list()).find(({ id }) => id === view.id)?.lastUsedAt;
    expect(await usedAt()).toBeNull();
    await look(bearer(text));
    const first = await waitFor(usedAt, { what: 'its use is written' });
    for (let i = 0; i < 5; i++) await look(bearer(text));
    expect(await usedAt()).toBe(first);
  });

  it('of a record that somebody has made up let nobody in', async () => {
    const { text, view } = await make();
    const record = { ...(await runtime.apiKeys.find(view.id)), role: 'root' };
    await runtime.redis.hset(runtime.keys.apiKeys, view.id, JSON.stringify(record));
    expect((await look(bearer(text))).status).toBe(401);
  });

  it('sign in to a session, which is not read by scripts, sent by our pages only, and ends', async () => {
    const { text } = await make({ name: 'ada', role: 'viewer' });
    const answer = await signIn(text);
    const [set = ''] = [answer.headers['set-cookie']].flat();
    expect(set).toMatch(/^stile-session=[\w-]{43}; Max-Age=1; Path=\/; Expires=.*; HttpOnly; SameSite=Strict$/);
    const cookie = cookieOf(answer);
    const who = await look({ cookie }, '/v1/session');
    expect(JSON.parse(who.text)).toMatchObject({
      caller: { name: 'ada', role: 'viewer', via: 'session', key: text.slice(0, 18) },
    });
    expect((await look({ cookie })).status).toBe(200);
    await waitFor(async () => (await look({ cookie })).status === 401, { what: 'it has ended', timeoutMs: 3000 });
  });

  it('have cookies for TLS only where the page is reached so', async () => {
    const { app: secure } = await stage.api({ access: { auth: true, sessionMs: 60_000, publicUrl: 'https://stile.example' } });
    const own = new RawHttp(secure);
    const answer = await own.ask({ method: 'POST', path: '/v1/session', body: { key: (await make()).text } });
    expect(String(answer.headers['set-cookie'])).toMatch(
      /^__Host-stile-session=.*; Path=\/; .*HttpOnly; Secure; SameSite=Strict$/,
    );
    const cookie = cookieOf(answer);
    expect((await own.ask({ path: '/v1/definitions', headers: { cookie } })).status).toBe(200);
    const bare = cookie.replace('__Host-', '');
    expect((await own.ask({ path: '/v1/definitions', headers: { cookie: bare } })).status).toBe(401);
    own.close();
  });

  it('change nothing for pages of others', async () => {
    const { cookie } = await session();
    const pause = (headers: Record<string, string>): Promise<Answer> =>
      http.ask({ method: 'POST', path: '/v1/machines/none/pause', headers: { cookie, ...headers } });
    const host = '127.0.0.1:1';
    const foreign: Record<string, string>[] = [
      {},
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site', origin: `http://${host}`, host },
      { 'sec-fetch-site': 'none' },
    ];
    for (const headers of foreign)
      expect({ headers, code: (await pause(headers)).code }).toEqual({ headers, code: 'ORIGIN_REFUSED' });
    const own: Record<string, string>[] = [{ 'sec-fetch-site': 'same-origin' }, { origin: `http://${host}`, host }];
    for (const headers of own) {
      expect((await pause(headers)).code).toBe('MACHINE_NOT_FOUND');
    }
    expect((await http.ask({ method: 'DELETE', path: '/v1/session', headers: { cookie } })).code).toBe('ORIGIN_REFUSED');
  });

  it('sign out', async () => {
    const { cookie } = await session();
    const out = await http.ask({ method: 'DELETE', path: '/v1/session', headers: { cookie, 'sec-fetch-site': 'same-origin' } });
    expect(out.status).toBe(204);
    expect(String(out.headers['set-cookie'])).toMatch(/^stile-session=; Max-Age=0/);
    expect((await look({ cookie })).status).toBe(401);
  });

  it('are revoked, with the sessions that they began, within two seconds', async () => {
    const { text, view } = await make();
    const cookie = cookieOf(await signIn(text));
    expect([(await look(bearer(text))).status, (await look({ cookie })).status]).toEqual([200, 200]);
    const revokedAt = performance.now();
    expect(await runtime.apiKeys.revoke(view.id)).toBe(true);
    const both = async (): Promise<boolean> =>
      (await look(bearer(text))).status === 401 && (await look({ cookie })).status === 401;
    await waitFor(both, { what: 'both are refused', timeoutMs: KEY_FRESH_MS + 1000 });
    expect(performance.now() - revokedAt).toBeLessThan(KEY_FRESH_MS + 500);
    expect(await runtime.apiKeys.revoke(view.id)).toBe(false);
  });

  it('are made, listed and revoked by command', async () => {
    const terminal = new Terminal({ STILE_REDIS_URL: testRedisUrl(), STILE_PREFIX: prefix, USER: 'ada' });
    const made = await terminal.run(
      'keys',
      'create',
      '--name',
      'shop',
      '--role',
      'starter',
      '--tenant',
      'acme',
      '--definition',
      'greet',
    );
    expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/^stile_[a-z2-7]{12}_[\w-]{43}\n$/) });
    const text = made.out.trim();
    expect((await look(bearer(text))).status).toBe(200);
    const listed = await terminal.run('keys', 'list');
    expect(listed.out).toMatch(new RegExp(`${text.slice(0, 18)}  shop +starter +acme +greet`));
    expect(listed.out + listed.err).not.toContain(text.slice(-43));
    expect(await terminal.run('keys', 'revoke', text.slice(0, 18))).toMatchObject({ code: 0 });
    expect(await terminal.run('keys', 'revoke', text.slice(0, 18))).toMatchObject({ code: 3 });

    const entries = (await runtime.audit.read({ limit: 1000 })).items.filter(({ who }) => who.via === 'command');
    expect(entries.map(({ act, on, phase }) => [act, on, phase])).toEqual([
      ['create key', 'key "shop"', 'asked'],
      ['create key', 'key "shop"', 'done'],
      ['revoke key', `key ${text.slice(0, 18)}`, 'asked'],
      ['revoke key', `key ${text.slice(0, 18)}`, 'done'],
      ['revoke key', `key ${text.slice(0, 18)}`, 'asked'],
      ['revoke key', `key ${text.slice(0, 18)}`, 'refused'],
    ]);
    expect(entries[0]).toMatchObject({
      who: { name: 'ada', role: 'admin' },
      details: { role: 'starter', tenant: 'acme', definitions: ['greet'] },
    });
    expect(entries[1]).toMatchObject({ after: { key: text.slice(0, 18) } });
    expect(JSON.stringify(entries)).not.toContain(text.slice(-43));
  }, 120_000);

  it('are what commands use, from the environment', async () => {
    const { text } = await make({ role: 'viewer' });
    const { port } = app.getHttpServer().address() as { port: number };
    const api = { STILE_API_URL: `http://127.0.0.1:${port}` };
    expect(await new Terminal(api).run('definitions')).toMatchObject({ code: 4, err: expect.stringContaining('STILE_API_KEY') });
    expect(await new Terminal({ ...api, STILE_API_KEY: text }).run('definitions')).toMatchObject({ code: 0 });
  });
});
