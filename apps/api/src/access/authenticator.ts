import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { refuseForeignNames, refuseForeignPages } from '../http/same-origin';
import { ApiProblem } from '../problems/api-problem';
import { ACCESS_OPTIONS, type AccessOptions } from './access-options';
import { ANYBODY, type Caller } from './caller';
import { Issuer } from './issuer';
import { KeyCheck } from './key-check';
import { Sessions } from './sessions';

/** One answer for a key that never was, was revoked or has expired: only its owner should know which. */
const BAD_KEY = 'the API key is not known here, was revoked or has expired; "stile keys list" shows those there are';
const NO_KEY =
  'say who you are: Authorization: Bearer with an API key ("stile keys create" makes one) or a token; in a browser, sign in at /';

/** Finds out who asks: by an API key or a token in `Authorization: Bearer`, else by the cookie of a session. */
@Injectable()
export class Authenticator {
  constructor(
    @Inject(ACCESS_OPTIONS) private readonly options: AccessOptions,
    private readonly keys: KeyCheck,
    private readonly issuer: Issuer,
    private readonly sessions: Sessions,
  ) {}

  /** Whether everybody is let in. */
  get isOpen(): boolean {
    return !this.options.auth;
  }

  /** @throws ApiProblem UNAUTHENTICATED, FORBIDDEN, ORIGIN_REFUSED, HOST_REFUSED, ISSUER_UNAVAILABLE; StoreUnavailableError */
  async identify(request: Request): Promise<Caller> {
    if (this.isOpen) return this.anybody(request);
    const { authorization } = request.headers;
    if (authorization !== undefined) return this.bearer(authorization);
    const caller = await this.sessions.callerOf(request);
    if (!caller)
      throw new ApiProblem(
        'UNAUTHENTICATED',
        this.sessions.isShownBy(request) ? 'the session has ended; sign in again at /' : NO_KEY,
      );
    // The cookie comes with whatever a browser sends here: what changes something has to come from a page of ours.
    refuseForeignPages(request);
    return caller;
  }

  /** Whoever reaches us, but no page of others in the browser of one who does. */
  private anybody(request: Request): Caller {
    const { anyName, publicUrl } = this.options;
    if (!anyName) refuseForeignNames(request, publicUrl);
    refuseForeignPages(request, { programs: true });
    return ANYBODY;
  }

  private async bearer(authorization: string): Promise<Caller> {
    const credentials = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
    if (credentials === undefined)
      throw new ApiProblem('UNAUTHENTICATED', 'Authorization is of another kind; give Bearer and an API key or a token');
    if (!credentials.startsWith('stile_')) return this.issuer.callerOf(credentials);
    const found = await this.keys.callerOf(credentials);
    if (!found) throw new ApiProblem('UNAUTHENTICATED', BAD_KEY);
    return found.caller;
  }
}
