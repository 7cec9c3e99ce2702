import { createHmac } from 'node:crypto';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { exportJWK, exportSPKI, generateKeyPair, importJWK, type CryptoKey } from 'jose';
import type { AccessOptions } from '../../apps/api/src/access/access-options';
import { uniquePrefix } from '../support/redis';
import { ApiStage, greet } from './api-support';
import { AUDIENCE, CLIENT, TestIssuer } from './support/issuer';
import { bearer, RawHttp, type Answer } from './support/raw-http';

const SKEW_S = 5;
const now = (): number => Math.floor(Date.now() / 1000);
const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('tokens', () => {
  const stage = new ApiStage(uniquePrefix('access-tokens'));
  const issuer = new TestIssuer();
  let app: NestExpressApplication;
  let http: RawHttp;

  const options = (more: Partial<NonNullable<AccessOptions['issuer']>> = {}): AccessOptions => ({
    ...{ auth: true, sessionMs: 60_000, publicUrl: 'http://127.0.0.1' },
    issuer: {
      ...{ url: issuer.url, audience: AUDIENCE, algorithms: ['RS256', 'ES256'], skewMs: SKEW_S * 1000, roleClaim: 'stile_role' },
      ...{ client: { id: CLIENT, secret: issuer.secret }, ...more },
    },
  });
  const start = async (more: Parameters<typeof options>[0] = {}): Promise<RawHttp> => {
    ({ app } = await stage.api({ access: options(more) }));
    return new RawHttp(app);
  };
  const ask = (token: string, path = '/v1/definitions', to = http): Promise<Answer> => to.ask({ path, headers: bearer(token) });
  const forged = (header: object, claims: object, sign: (text: string) => string): string => {
    const text = `${part(header)}.${part({ iss: issuer.url, aud: AUDIENCE, sub: 'eve', exp: now() + 300, stile_role: 'admin', ...claims })}`;
    return `${text}.${sign(text)}`;
  };

  beforeAll(async () => {
    await issuer.start();
    await stage.publish(greet());
    http = await start();
  });

  afterAll(async () => {
    http.close();
    await stage.close();
    await issuer.stop();
  });

  it('lets in whom the issuer vouches for, as what it says', async () => {
    const { status } = await ask(await issuer.token());
    expect(status).toBe(200);
    const { text } = await ask(await issuer.token({ email: 'ada@example.com', email_verified: true }), '/v1/session');
    expect((JSON.parse(text) as { caller: unknown }).caller).toEqual({ name: 'ada@example.com', role: 'viewer', via: 'token' });
    const unverified = await ask(await issuer.token({ email: 'root@example.com' }), '/v1/session');
    expect(JSON.parse(unverified.text)).toMatchObject({ caller: { name: 'ada' } });
    expect((await ask(await issuer.token(), '/queues')).status).toBe(403);
    expect(issuer.discoveryAsked).toBe(1);
  });

  it.each<[string, Record<string, unknown>]>([
    ['for another audience', { aud: 'others' }],
    ['of another issuer', { iss: 'http://127.0.0.1:1' }],
    ['without an audience', { aud: undefined }],
    ['without an end', { exp: undefined }],
    ['without a subject', { sub: undefined }],
    ['that has expired for longer than clocks may differ', { exp: now() - SKEW_S - 2 }],
    ['that is not valid yet', { nbf: now() + SKEW_S + 30 }],
  ])('refuses one %s', async (_what, claims) => {
    const { status, code, headers } = await ask(await issuer.token(claims));
    expect({ status, code }).toEqual({ status: 401, code: 'UNAUTHENTICATED' });
    expect(headers['www-authenticate']).toBe('Bearer realm="stile"');
  });

  it('takes one that has expired within the time that clocks may differ', async () => {
    expect((await ask(await issuer.token({ exp: now() - 1 }))).status).toBe(200);
    expect((await ask(await issuer.token({ nbf: now() + 2 }))).status).toBe(200);
  });

  it('refuses forged ones: alg none, HS256 with the public key as its secret, a key in the header, another key', async () => {
    const { kid, jwk } = issuer.pair;
    const pem = await exportSPKI((await importJWK(jwk, 'RS256', { extractable: true })) as CryptoKey);
    const hmac = (secret: string) => (text: string) => createHmac('sha256', secret).update(text).digest('base64url');
    const eve = await generateKeyPair('RS256', { extractable: true });
    const own = await issuer.token({ stile_role: 'admin' }, { key: eve.privateKey });
    const [head = '', body = '', signature = ''] = (await issuer.token()).split('.');
    const tokens = [
      forged({ alg: 'none' }, {}, () => ''),
      forged({ alg: 'None', kid }, {}, () => ''),
      forged({ alg: 'HS256', kid }, {}, hmac(pem)),
      forged({ alg: 'HS256', kid }, {}, hmac(pem.trim())),
      forged({ alg: 'HS256', kid }, {}, hmac(JSON.stringify(jwk))),
      forged({ alg: 'RS256', jwk: await exportJWK(eve.publicKey) }, {}, () => own.split('.')[2] ?? ''),
      own,
      `${head}.${part({ ...(JSON.parse(Buffer.from(body, 'base64url').toString()) as object), stile_role: 'admin' })}.${signature}`,
      `${head}.${body}.`,
      `${head}.${body}`,
      'no token at all',
      'a.b.c',
    ];
    for (const token of tokens)
      expect({ token, status: (await ask(token.replace(/ /g, '_'))).status }).toEqual({ token, status: 401 });
  });

  it('refuses claims that give nothing, never taking them for more', async () => {
    const held = await start({ tenantClaim: 'org.id', definitionsClaim: 'machines' });
    const claims: [Record<string, unknown>, number][] = [
      [{ stile_role: 'viewer', org: { id: 'acme' }, machines: ['greet'] }, 200],
      [{ stile_role: ['nothing', 'viewer'], 'org.id': '*', machines: '*' }, 200],
      [{ stile_role: 'root', org: { id: 'acme' }, machines: '*' }, 403],
      [{ stile_role: undefined, org: { id: 'acme' }, machines: '*' }, 403],
      [{ machines: '*' }, 403],
      [{ org: { id: '' }, machines: '*' }, 403],
      [{ org: { id: ['acme'] }, machines: '*' }, 403],
      [{ org: { id: 'a.b' }, machines: '*' }, 403],
      [{ org: { id: 'acme' } }, 403],
      [{ org: { id: 'acme' }, machines: [] }, 403],
      [{ org: { id: 'acme' }, machines: [1] }, 403],
    ];
    for (const [given, status] of claims) {
      expect({ given, status: (await ask(await issuer.token(given), '/v1/definitions', held)).status }).toEqual({
        given,
        status,
      });
    }
    held.close();
  });

  it('knows new keys of the issuer when they come, and asks no more than once for those that never do', async () => {
    const own = await start({ cooldownMs: 300 });
    const before = await issuer.token();
    expect((await ask(before, undefined, own)).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 350)); // past the cooldown, which is a time of its own
    await issuer.rotate();
    expect((await ask(await issuer.token(), undefined, own)).status).toBe(200);
    expect((await ask(before, undefined, own)).status).toBe(401); // its key is gone
    own.close();

    const throttled = await start({ cooldownMs: 60_000 });
    expect((await ask(await issuer.token(), undefined, throttled)).status).toBe(200);
    const asked = issuer.jwksAsked;
    const made = await Promise.all(Array.from({ length: 30 }, (_, i) => issuer.token({}, { kid: `none-${i}` })));
    const answers = await Promise.all(made.map((token) => ask(token, undefined, throttled)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    expect(issuer.jwksAsked - asked).toBeLessThanOrEqual(1);
    throttled.close();
  });

  it('says that the issuer is away, and lets keys in meanwhile', async () => {
    const away = await start({ url: 'http://127.0.0.1:1' });
    const { status, code, text } = await ask(await issuer.token(), undefined, away);
    expect({ status, code }).toEqual({ status: 503, code: 'ISSUER_UNAVAILABLE' });
    expect(text).not.toContain('127.0.0.1:1');
    expect((await ask('stile_aaaaaaaaaaaa_x', undefined, away)).status).toBe(401);
    away.close();
  });

  describe('the login of the page', () => {
    /** A browser's part: follows to the issuer and back, with its cookies. */
    const signIn = async (mend: (callback: URL) => void = () => undefined, keep = true): Promise<Answer> => {
      const begun = await http.ask({ path: '/v1/session/oidc' });
      expect(begun.status).toBe(303);
      const [cookie = ''] = [begun.headers['set-cookie']].flat();
      expect(cookie).toMatch(/^stile-sign-in=[\w-]+;.*HttpOnly.*SameSite=Lax/);
      const { headers } = await fetch(String(begun.headers.location), { redirect: 'manual' });
      const back = new URL(headers.get('location') ?? '');
      mend(back);
      return http.ask({ path: back.pathname + back.search, headers: keep ? { cookie: cookie.split(';')[0] ?? '' } : {} });
    };

    it('begins a session for whom the issuer vouches', async () => {
      const { status, headers } = await signIn();
      expect({ status, to: headers.location }).toEqual({ status: 303, to: '/' });
      const [session = ''] = [headers['set-cookie']].flat();
      expect(session).toMatch(/^stile-session=[\w-]{43}; Max-Age=60;.*HttpOnly; SameSite=Strict/);
      const who = await http.ask({ path: '/v1/session', headers: { cookie: session.split(';')[0] ?? '' } });
      expect(JSON.parse(who.text)).toEqual({
        caller: { name: 'ada@example.com', role: 'operator', via: 'session' },
        signIn: { key: true, oidc: true },
      });
    });

    it.each<[string, (callback: URL) => void, boolean]>([
      ['in another browser than it was begun in', () => undefined, false],
      ['with another state', (url) => url.searchParams.set('state', 'x'), true],
      ['with a made-up code', (url) => url.searchParams.set('code', 'x'), true],
      [
        'that the issuer has refused',
        (url) => (url.search = `?error=access_denied&state=${url.searchParams.get('state')}`),
        true,
      ],
    ])('does not end %s', async (_what, mend, keep) => {
      const { status, code, headers } = await signIn(mend, keep);
      expect({ status, code, cookies: headers['set-cookie'] }).toEqual({
        status: 401,
        code: 'UNAUTHENTICATED',
        cookies: undefined,
      });
    });

    it('lets nobody in without a role', async () => {
      issuer.person = { sub: 'bob' };
      expect((await signIn()).status).toBe(403);
    });
  });
});
