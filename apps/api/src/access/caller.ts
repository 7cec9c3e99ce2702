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
  /** What the key begins with that he came or signed in with: several keys may have one name. */
  readonly key?: string;
}

/** Where STILE_AUTH is off. */
export const ANYBODY: Caller = { name: 'anonymous', role: 'admin', via: 'open' };

/** What limits tell callers apart by. */
export function countedAs({ name, key = name }: Pick<Caller, 'name' | 'key'> = ANYBODY): string {
  return key;
}

declare module 'express-serve-static-core' {
  interface Request {
    caller?: Caller;
  }
}
