import { createHash, randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { ACCESS_ROLES, StileRuntime, StoreUnavailableError } from '@stile/machine';
import type { Request, Response } from 'express';
import { ACCESS_OPTIONS, type AccessOptions } from './access-options';
import type { Caller } from './caller';
import { readCookie, setCookie } from './cookies';
import { KeyCheck } from './key-check';

const COOKIE = 'stile-session';
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** What is kept of somebody who signed in: with a key, whose id it is, so that the key's end is the session's; else as the issuer said. */
type Kept = { readonly keyId: string } | { readonly caller: Caller };

/**
 * People who have signed in to the page. A session is in Redis, under the SHA-256 of what the browser shows: whoever reads Redis cannot
 * use it. It ends by itself, by signing out, and with its key.
 */
@Injectable()
export class Sessions {
  readonly secure: boolean;

  constructor(
    @Inject(ACCESS_OPTIONS) private readonly options: AccessOptions,
    private readonly runtime: StileRuntime,
    private readonly keys: KeyCheck,
  ) {
    this.secure = options.publicUrl?.startsWith('https:') ?? false;
  }

  /** @throws StoreUnavailableError */
  async begin(kept: Kept, response: Response): Promise<void> {
    const token = randomBytes(32).toString('base64url');
    const { sessionMs } = this.options;
    await asked(this.runtime.redis.set(this.keyOf(token), JSON.stringify(kept), 'PX', sessionMs));
    setCookie(response, COOKIE, token, { secure: this.secure, maxAgeMs: sessionMs, sameSite: 'strict' });
  }

  /** Nothing without a session, or for one that has ended. @throws StoreUnavailableError */
  async callerOf(request: Request): Promise<Caller | undefined> {
    const token = this.tokenOf(request);
    const text = token === undefined ? null : await asked(this.runtime.redis.get(this.keyOf(token)));
    if (text === null) return undefined;
    const kept = JSON.parse(text) as Kept;
    const caller = 'keyId' in kept ? await this.keys.callerOfId(kept.keyId) : kept.caller;
    return caller && ACCESS_ROLES.includes(caller.role) ? { ...caller, via: 'session' } : undefined;
  }

  /** Whether the browser shows one, be it good or not. */
  isShownBy(request: Request): boolean {
    return this.tokenOf(request) !== undefined;
  }

  /** @throws StoreUnavailableError */
  async end(request: Request, response: Response): Promise<void> {
    const token = this.tokenOf(request);
    if (token !== undefined) await asked(this.runtime.redis.del(this.keyOf(token)));
    setCookie(response, COOKIE, '', { secure: this.secure, maxAgeMs: 0, sameSite: 'strict' });
  }

  private tokenOf(request: Request): string | undefined {
    const token = readCookie(request, COOKIE, this.secure);
    return token !== undefined && TOKEN.test(token) ? token : undefined;
  }

  private keyOf(token: string): string {
    return this.runtime.keys.session(createHash('sha256').update(token).digest('base64url'));
  }
}

/** The library's own calls say this by themselves. */
async function asked<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw new StoreUnavailableError(error);
  }
}
