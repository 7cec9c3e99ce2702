import { ask } from './http';

export interface Caller {
  readonly name: string;
  readonly role: string;
  readonly tenant?: string;
  readonly definitions?: readonly string[];
  readonly via: 'key' | 'token' | 'session' | 'open';
}

/** Who one is here, and how to sign in. */
export interface Session {
  readonly caller: Caller | null;
  readonly signIn: { readonly key: boolean; readonly oidc: boolean };
}

const PATH = '/v1/session';
/** Where the issuer is asked to let one in: a page, not a request of this one. */
export const OIDC_PATH = `${PATH}/oidc`;

export const readSession = (): Promise<Session> => ask<Session>(PATH);
export const signIn = (key: string): Promise<Session> => ask<Session>(PATH, { method: 'POST', body: { key } });
export const signOut = (): Promise<undefined> => ask<undefined>(PATH, { method: 'DELETE' });
