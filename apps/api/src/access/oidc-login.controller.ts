import { Controller, Get, Inject, Logger, Req, Res, UseGuards } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import * as oidc from 'openid-client';
import { NoQueryGuard } from '../http/no-query.guard';
import { ApiProblem } from '../problems/api-problem';
import { ApiProblems } from '../problems/api-problems.decorator';
import { ACCESS_OPTIONS, type AccessOptions, type IssuerOptions } from './access-options';
import { Authenticator } from './authenticator';
import { callerOfClaims } from './claims';
import { readCookie, setCookie } from './cookies';
import { Issuer } from './issuer';
import { Needs } from './needs';
import { refuseWhereOpen } from './session.controller';
import { Sessions } from './sessions';

const COOKIE = 'stile-sign-in';
const PATH = '/v1/session/oidc';
/** Time to sign in at the issuer, ms. */
const PATIENCE_MS = 600_000;

/** What the browser keeps until it comes back: it alone can end what it has begun. */
interface Begun {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** The page's login with an OpenID Connect issuer: authorization code with PKCE. */
@ApiTags('session')
@Needs('nobody')
@Controller('v1/session/oidc')
export class OidcLoginController {
  private readonly log = new Logger('Access');

  constructor(
    @Inject(ACCESS_OPTIONS) private readonly options: AccessOptions,
    private readonly authenticator: Authenticator,
    private readonly issuer: Issuer,
    private readonly sessions: Sessions,
  ) {}

  @Get()
  @UseGuards(NoQueryGuard)
  @ApiOperation({ summary: 'For browsers: leads to the issuer, and from there back to the page' })
  @ApiResponse({ status: 303, description: 'To the issuer' })
  @ApiProblems('VALIDATION_FAILED', 'SIGN_IN_UNAVAILABLE', 'ISSUER_UNAVAILABLE', 'INTERNAL')
  async begin(@Res() response: Response): Promise<void> {
    this.required();
    const configuration = await this.issuer.configuration();
    const begun = { state: oidc.randomState(), nonce: oidc.randomNonce(), verifier: oidc.randomPKCECodeVerifier() };
    const to = oidc.buildAuthorizationUrl(configuration, {
      redirect_uri: `${this.options.publicUrl}${PATH}/callback`,
      scope: 'openid email',
      code_challenge: await oidc.calculatePKCECodeChallenge(begun.verifier),
      code_challenge_method: 'S256',
      state: begun.state,
      nonce: begun.nonce,
    });
    // Lax: the browser comes back from a page of the issuer's, and has to bring it along. It lets nobody in by itself.
    const options = { secure: this.sessions.secure, maxAgeMs: PATIENCE_MS, sameSite: 'lax' } as const;
    setCookie(response, COOKIE, Buffer.from(JSON.stringify(begun)).toString('base64url'), options);
    response.redirect(303, to.href);
  }

  /** For browsers that come back from the issuer, with whatever it has added to the query. */
  @Get('callback')
  @ApiExcludeEndpoint()
  async end(@Req() request: Request, @Res() response: Response): Promise<void> {
    const options = this.required();
    const begun = begunOf(readCookie(request, COOKIE, this.sessions.secure));
    if (!begun)
      throw new ApiProblem('UNAUTHENTICATED', 'this browser has not begun to sign in, or too long ago; begin again at /');
    const claims = await this.claims(begun, new URL(`${this.options.publicUrl}${request.originalUrl}`));
    await this.sessions.begin({ caller: callerOfClaims(claims, options, 'session') }, response);
    setCookie(response, COOKIE, '', { secure: this.sessions.secure, maxAgeMs: 0, sameSite: 'lax' });
    response.redirect(303, '/');
  }

  /** Of the ID token, whose signature, issuer, audience, time and nonce have been checked. */
  private async claims({ state, nonce, verifier }: Begun, url: URL): Promise<oidc.IDToken> {
    const configuration = await this.issuer.configuration();
    try {
      const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true };
      const claims = (await oidc.authorizationCodeGrant(configuration, url, checks)).claims();
      if (claims) return claims;
    } catch (error) {
      this.log.warn(`a login has failed: ${String(error)}`);
    }
    throw new ApiProblem('UNAUTHENTICATED', 'the issuer did not let you in, or what it said cannot be used; begin again at /');
  }

  /** @throws ApiProblem SIGN_IN_UNAVAILABLE */
  private required(): IssuerOptions {
    refuseWhereOpen(this.authenticator);
    const { options } = this.issuer;
    if (options?.client && this.options.publicUrl !== undefined) return options;
    throw new ApiProblem('SIGN_IN_UNAVAILABLE', 'there is no login with an issuer here: STILE_OIDC_CLIENT_ID is not set');
  }
}

function begunOf(cookie: string | undefined): Begun | undefined {
  try {
    const { state, nonce, verifier } = JSON.parse(Buffer.from(cookie ?? '', 'base64url').toString()) as Partial<Begun>;
    const given = [state, nonce, verifier].every((text) => typeof text === 'string' && text !== '');
    return given ? ({ state, nonce, verifier } as Begun) : undefined;
  } catch {
    return undefined;
  }
}
