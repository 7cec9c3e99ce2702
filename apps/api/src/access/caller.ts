import type { AccessRole } from '@stile/machine';

/** Who asks. On a request as `request.caller`, once the guard has let it in; never on one that needs nobody. */
export interface Caller {
  /** Of the key; of a token its verified email address, else its subject. */
  readonly name: string;
  readonly role: AccessRole;
  /** Only machines of this tenant exist for this caller. */
  readonly tenant?: string;
  /** Only machines of these definitions exist for this caller. */
  readonly definitions?: readonly string[];
  /** `open`: nothing is asked for, as on loopback. */
  readonly via: 'key' | 'token' | 'session' | 'open';
}

/** Where STILE_AUTH is off. */
export const ANYBODY: Caller = { name: 'anonymous', role: 'admin', via: 'open' };

declare module 'express-serve-static-core' {
  interface Request {
    caller?: Caller;
  }
}
