import { Body, Controller, Delete, Get, HttpCode, Post, Req, Res, UseGuards } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { dtoPipe } from '../http/dto.pipe';
import { NoQueryGuard } from '../http/no-query.guard';
import { refuseForeignPages } from '../http/same-origin';
import { ApiProblem } from '../problems/api-problem';
import { ApiProblems } from '../problems/api-problems.decorator';
import type { ProblemCode } from '../problems/codes';
import { Authenticator } from './authenticator';
import { Issuer } from './issuer';
import { KeyCheck } from './key-check';
import { Needs } from './needs';
import { SessionDto, SignInDto } from './session.dto';
import { Sessions } from './sessions';

/** What a page is told rather than that it has to sign in. */
const NOT_OF_THE_CALLER = new Set<ProblemCode>(['ISSUER_UNAVAILABLE', 'HOST_REFUSED']);

/** Signing in to the page. Programs need no session: they send their key with each request. */
@ApiTags('session')
@Needs('nobody')
@UseGuards(NoQueryGuard)
@Controller('v1/session')
export class SessionController {
  constructor(
    private readonly authenticator: Authenticator,
    private readonly keys: KeyCheck,
    private readonly issuer: Issuer,
    private readonly sessions: Sessions,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Who you are here, and how to sign in' })
  @ApiResponse({ status: 200, type: SessionDto })
  @ApiProblems('VALIDATION_FAILED', 'HOST_REFUSED', 'STORE_UNAVAILABLE', 'INTERNAL')
  async get(@Req() request: Request): Promise<SessionDto> {
    const caller = await this.authenticator.identify(request).catch((error: unknown) => {
      const isNobody = error instanceof ApiProblem && !NOT_OF_THE_CALLER.has(error.code);
      if (isNobody) return null;
      throw error;
    });
    const { isOpen } = this.authenticator;
    return { caller, signIn: { key: !isOpen, oidc: !isOpen && this.issuer.options?.client !== undefined } };
  }

  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'Sign in with an API key: the answer sets the cookie of a session' })
  @ApiBody({ type: SignInDto })
  @ApiResponse({ status: 200, type: SessionDto })
  @ApiProblems('MALFORMED_REQUEST', 'VALIDATION_FAILED', 'UNAUTHENTICATED', 'SIGN_IN_UNAVAILABLE', 'CONTENT_TOO_LARGE')
  @ApiProblems('UNSUPPORTED_MEDIA_TYPE', 'STORE_UNAVAILABLE', 'INTERNAL')
  async signIn(
    @Body(dtoPipe(SignInDto)) { key }: SignInDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SessionDto> {
    refuseWhereOpen(this.authenticator);
    const found = await this.keys.callerOf(key.trim());
    if (!found) throw new ApiProblem('UNAUTHENTICATED', 'the API key is not known here, was revoked or has expired');
    await this.sessions.begin({ keyId: found.id }, response);
    const caller = { ...found.caller, via: 'session' } as const;
    response.req.caller = caller; // the audit log has the name
    return {
      caller,
      signIn: { key: true, oidc: this.issuer.options?.client !== undefined },
    };
  }

  @Delete()
  @HttpCode(204)
  @ApiOperation({ summary: 'Sign out' })
  @ApiResponse({ status: 204, description: 'The session has ended' })
  @ApiProblems('VALIDATION_FAILED', 'ORIGIN_REFUSED', 'STORE_UNAVAILABLE', 'INTERNAL')
  async signOut(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<void> {
    if (this.sessions.isShownBy(request)) refuseForeignPages(request);
    await this.sessions.end(request, response);
  }
}

/** @throws ApiProblem SIGN_IN_UNAVAILABLE */
export function refuseWhereOpen({ isOpen }: Authenticator): void {
  if (isOpen) throw new ApiProblem('SIGN_IN_UNAVAILABLE', 'nobody is asked who they are here: STILE_AUTH is off');
}
