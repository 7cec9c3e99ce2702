import type { Request } from 'express';

/** What limits need to know of who asks: see access/caller. */
interface AskedBy {
  readonly name: string;
  readonly tenant?: string;
}

/** Nobody in particular where there is no authentication: all share what one caller may have. */
export function callerOf(request: Request): AskedBy {
  return (request as { readonly caller?: AskedBy }).caller ?? { name: 'anonymous' };
}
