import type { Request } from 'express';
import { ApiProblem } from '../problems/api-problem';
import type { Authenticator } from './authenticator';

/** How long a stream goes on whose caller would not be let in any more, ms. */
const ASKED_AGAIN_MS = 15_000;

/** Asks again and again whether who has been let in still may stay: a stream is open for as long as its machine lives. */
export class Stay {
  private askedAt?: number;
  private busy = false;

  constructor(
    private readonly authenticator: Pick<Authenticator, 'isOpen' | 'identify'>,
    private readonly request: Request,
    private readonly leave: () => void,
  ) {}

  async tick(nowMs: number): Promise<void> {
    this.askedAt ??= nowMs;
    if (this.authenticator.isOpen || this.busy || nowMs - this.askedAt < ASKED_AGAIN_MS) return;
    this.askedAt = nowMs;
    this.busy = true;
    try {
      await this.authenticator.identify(this.request);
    } catch (error) {
      // A store or an issuer that is away for a moment turns nobody out.
      if (error instanceof ApiProblem && error.code !== 'ISSUER_UNAVAILABLE') this.leave();
    } finally {
      this.busy = false;
    }
  }
}
