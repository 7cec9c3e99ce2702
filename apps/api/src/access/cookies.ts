import type { Request, Response } from 'express';

interface CookieOptions {
  /** For TLS only; its name says so then, and no other page of the domain can set it. */
  readonly secure: boolean;
  /** 0 takes it away. */
  readonly maxAgeMs: number;
  /** `strict`: with requests of our own pages only. `lax`: also when another page leads here. */
  readonly sameSite: 'strict' | 'lax';
}

/** `__Host-`: a browser takes it over TLS only, for this host only. */
function fullName(name: string, secure: boolean): string {
  return secure ? `__Host-${name}` : name;
}

/** Values of ours are base64url: nothing in them is quoted or escaped. The first one of the name counts. */
export function readCookie({ headers }: Pick<Request, 'headers'>, name: string, secure: boolean): string | undefined {
  const begin = `${fullName(name, secure)}=`;
  const found = headers.cookie?.split(';').find((pair) => pair.trim().startsWith(begin));
  return found?.trim().slice(begin.length);
}

/** No script can read it. */
export function setCookie(response: Response, name: string, value: string, { secure, maxAgeMs, sameSite }: CookieOptions): void {
  response.cookie(fullName(name, secure), value, { httpOnly: true, path: '/', secure, sameSite, maxAge: maxAgeMs });
}
