import type { RedisOptions } from 'ioredis';

/** What lets a client into a Redis, beside its URL. */
export interface RedisDoor {
  /** @default that of the URL, else Redis' own `default` */
  readonly username?: string;
  /** @default that of the URL */
  readonly password?: string;
  /** Used where the URL asks for TLS (`rediss:`); PEM texts. @default certificates that Node.js trusts, and none of one's own */
  readonly tls?: {
    /** Of who signed the server's certificate. */
    readonly ca?: string;
    /** What this client shows. */
    readonly cert?: string;
    readonly key?: string;
    /** The name that the server's certificate has to have. @default the host of the URL */
    readonly servername?: string;
  };
}

/** What they are to the client. */
export type DoorOptions = Pick<RedisOptions, 'username' | 'password' | 'tls'>;

/** For any of the forms of a URL, those of clusters and sentinels included: what is given here goes before what the URL says. */
export function doorOptions(url: string, { username, password, tls }: RedisDoor): DoorOptions {
  return {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(tls !== undefined && /^rediss\b/i.test(url) ? { tls: { ...tls } } : {}),
  };
}

const UNTRUSTED = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_SIGNATURE_FAILURE',
]);

/** The message of a connection's error and, where a door is shut, what opens it. */
export function explainRefusal(error: Error): string {
  const { message } = error;
  const { code } = error as NodeJS.ErrnoException;
  if (code !== undefined && UNTRUSTED.has(code)) {
    return `${message}: this process does not trust who signed the server's certificate; name its CA in STILE_REDIS_CA_FILE`;
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return `${message} Set STILE_REDIS_SERVERNAME to the name that it has`;
  if (/^(WRONGPASS|NOAUTH)\b/.test(message)) {
    return `${message}; look at STILE_REDIS_USERNAME and STILE_REDIS_PASSWORD_FILE, or at the user and password of the URL`;
  }
  if (/^NOPERM\b/.test(message)) return `${message}; deploy/redis/users.acl has all that Stile needs`;
  return message;
}
