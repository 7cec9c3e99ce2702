import { Inject, Injectable } from '@nestjs/common';
import { createRemoteJWKSet, errors, jwtVerify, type JWTVerifyGetKey } from 'jose';
import * as oidc from 'openid-client';
import { ApiProblem } from '../problems/api-problem';
import { ACCESS_OPTIONS, type AccessOptions, type IssuerOptions } from './access-options';
import type { Caller } from './caller';
import { callerOfClaims } from './claims';

const TIMEOUT_S = 5;
const DISCOVERED_AGAIN_MS = 5000;
const COOLDOWN_MS = 30_000;
const KEYS_FRESH_MS = 600_000;

interface Discovered {
  readonly configuration: oidc.Configuration;
  readonly keys: JWTVerifyGetKey;
}

/** What jose says where the keys could not be had, as opposed to a token that is no good. */
const AWAY = new Set(['ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID', 'ERR_JOSE_GENERIC']);

/**
 * The issuer of tokens. It is asked when it is first needed, so that the API starts and keys work while it is away; its keys are kept for
 * 10 minutes, and asked for again where a token names one that is not among them, at most every 30 s.
 */
@Injectable()
export class Issuer {
  readonly options: IssuerOptions | undefined;
  private discovered?: Promise<Discovered>;
  private failedAt = -Infinity;

  constructor(@Inject(ACCESS_OPTIONS) { issuer }: AccessOptions) {
    this.options = issuer;
  }

  /** @throws ApiProblem UNAUTHENTICATED, FORBIDDEN, ISSUER_UNAVAILABLE */
  async callerOf(token: string): Promise<Caller> {
    const options = this.required();
    const { url: issuer, audience, algorithms, skewMs } = options;
    const { keys } = await this.discover();
    try {
      const { payload } = await jwtVerify(token, keys, {
        ...{ issuer, audience, algorithms: [...algorithms] },
        ...{ clockTolerance: skewMs / 1000, requiredClaims: ['exp', 'sub'] },
      });
      return callerOfClaims(payload, options, 'token');
    } catch (error) {
      throw problemOf(error);
    }
  }

  /** What the login of the page speaks to the issuer with. @throws ApiProblem ISSUER_UNAVAILABLE */
  async configuration(): Promise<oidc.Configuration> {
    return (await this.discover()).configuration;
  }

  private required(): IssuerOptions {
    if (this.options) return this.options;
    throw new ApiProblem(
      'UNAUTHENTICATED',
      'this is no API key, and tokens are not taken here; give a key: Authorization: Bearer stile_…',
    );
  }

  /** Once for all that ask meanwhile; after a failure not again for some seconds. */
  private async discover(): Promise<Discovered> {
    if (this.discovered === undefined) {
      if (performance.now() - this.failedAt < DISCOVERED_AGAIN_MS) throw away();
      this.discovered = this.ask().catch((error: unknown) => {
        this.discovered = undefined;
        this.failedAt = performance.now();
        throw error;
      });
    }
    try {
      return await this.discovered;
    } catch {
      throw away(); // why is in no answer: it tells of hosts that are nobody's business out there
    }
  }

  private async ask(): Promise<Discovered> {
    const { url, client, cooldownMs = COOLDOWN_MS } = this.required();
    const server = new URL(url);
    // accessFaults lets http:// pass for loopback only.
    const execute = server.protocol === 'http:' ? [oidc.allowInsecureRequests] : [];
    const configuration = await oidc.discovery(server, client?.id ?? 'stile', client?.secret, undefined, {
      execute: [...execute, oidc.enableNonRepudiationChecks],
      timeout: TIMEOUT_S,
    });
    const { jwks_uri: place } = configuration.serverMetadata();
    if (place === undefined) throw new Error('its discovery document has no jwks_uri');
    const jwks = new URL(place);
    if (jwks.protocol !== 'https:' && jwks.protocol !== server.protocol) throw new Error('its jwks_uri is not https://');
    const keys = createRemoteJWKSet(jwks, {
      ...{ cooldownDuration: cooldownMs, cacheMaxAge: KEYS_FRESH_MS, timeoutDuration: TIMEOUT_S * 1000 },
    });
    return { configuration, keys };
  }
}

function problemOf(error: unknown): unknown {
  if (error instanceof ApiProblem) return error;
  if (!(error instanceof errors.JOSEError) || AWAY.has(error.code)) return away();
  return new ApiProblem('UNAUTHENTICATED', wordsOf(error));
}

function wordsOf(error: errors.JOSEError): string {
  if (error instanceof errors.JWTExpired) return 'the token has expired; get another one';
  if (error instanceof errors.JWTClaimValidationFailed)
    return `the token is not for this API: its claim "${error.claim}" is another`;
  return 'the token cannot be used: its form, its signature or its key is not what the issuer gives out';
}

function away(): ApiProblem {
  return new ApiProblem(
    'ISSUER_UNAVAILABLE',
    'the issuer of tokens did not answer; the same again may go well in a moment, and API keys do now',
  );
}
