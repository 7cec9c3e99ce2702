import type { Shares } from '@stile/machine';
import type { Request } from 'express';
import { countedAs } from '../access/caller';

/** Counts the starts of each caller, over all API processes. Where there is no limit it asks nobody. */
export class CallerStarts {
  /** @param perSecond 0 for any number. @default 0 */
  constructor(
    private readonly shares: Pick<Shares, 'admitCaller'>,
    private readonly perSecond = 0,
  ) {}

  /** Before anything of the request is done. @throws TooManyStartsError */
  async admit(request: Request, starts = 1): Promise<void> {
    if (this.perSecond > 0) await this.shares.admitCaller(countedAs(request.caller), starts, this.perSecond);
  }
}
