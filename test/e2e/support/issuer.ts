import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';

export const AUDIENCE = 'stile-test';
export const CLIENT = 'page';
const SECRET = 'client-secret';

interface Pair {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
}

type Claims = Readonly<Record<string, unknown>>;

/** An OpenID Connect issuer, as far as an API and a login need one, over real HTTP. */
export class TestIssuer {
  url = '';
  /** Requests for its keys. */
  jwksAsked = 0;
  discoveryAsked = 0;
  /** Of who signs in next. */
  person: Claims = { sub: 'ada', email: 'ada@example.com', email_verified: true, stile_role: 'operator' };
  readonly secret = SECRET;
  private readonly server: Server;
  private pairs: Pair[] = [];
  private readonly codes = new Map<string, { challenge: string; nonce: string; redirect: string }>();

  constructor() {
    this.server = createServer((request, response) => void this.answer(request, response));
  }

  async start(): Promise<void> {
    await this.rotate();
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** A new key instead of those before. */
  async rotate(): Promise<void> {
    const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
    const kid = `key-${this.pairs.length}-${Date.now()}`;
    this.pairs = [{ kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' } }];
  }

  get pair(): Pair {
    return this.pairs[0] as Pair;
  }

  /** @param claims undefined leaves one out */
  token(
    claims: Claims = {},
    { kid = this.pair.kid, key = this.pair.privateKey }: { kid?: string; key?: CryptoKey } = {},
  ): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const all = { iss: this.url, aud: AUDIENCE, sub: 'ada', iat: now, exp: now + 300, stile_role: 'viewer', ...claims };
    return new SignJWT(all).setProtectedHeader({ alg: 'RS256', kid, typ: 'JWT' }).sign(key);
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        this.discoveryAsked++;
        return json(response, this.discovery());
      case '/jwks':
        this.jwksAsked++;
        return json(response, { keys: this.pairs.map(({ jwk }) => jwk) });
      case '/authorize':
        return this.authorize(url.searchParams, response);
      case '/token':
        return this.redeem(new URLSearchParams(await bodyOf(request)), response);
      default:
        response.writeHead(404).end();
    }
  }

  private discovery(): object {
    return {
      issuer: this.url,
      jwks_uri: `${this.url}/jwks`,
      authorization_endpoint: `${this.url}/authorize`,
      token_endpoint: `${this.url}/token`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: ['client_secret_post'],
    };
  }

  /** Lets `person` in at once. */
  private authorize(query: URLSearchParams, response: ServerResponse): void {
    const code = `code-${this.codes.size}-${Date.now()}`;
    const redirect = query.get('redirect_uri') ?? '';
    this.codes.set(code, { challenge: query.get('code_challenge') ?? '', nonce: query.get('nonce') ?? '', redirect });
    response.writeHead(302, { location: `${redirect}?code=${code}&state=${query.get('state')}` }).end();
  }

  private async redeem(form: URLSearchParams, response: ServerResponse): Promise<void> {
    const code = form.get('code') ?? '';
    const known = this.codes.get(code);
    this.codes.delete(code);
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    const fits = known?.challenge === challenge && known.redirect === form.get('redirect_uri');
    if (!fits || form.get('client_id') !== CLIENT || form.get('client_secret') !== SECRET) {
      response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"invalid_grant"}');
      return;
    }
    const id = await this.token({ aud: CLIENT, nonce: known.nonce, stile_role: undefined, ...this.person });
    json(response, { access_token: 'opaque', token_type: 'Bearer', expires_in: 60, id_token: id });
  }
}

function json(response: ServerResponse, body: object): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const piece of request.setEncoding('utf8')) text += String(piece);
  return text;
}
