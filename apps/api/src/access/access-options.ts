import type { StileConfig } from '@stile/config';

/** Injection token of {@link AccessOptions}. */
export const ACCESS_OPTIONS = Symbol('ACCESS_OPTIONS');

/** Tokens of an OpenID Connect issuer. */
export interface IssuerOptions {
  /** As tokens name it. Nothing is asked of any other host, but of those that this one names in its discovery document. */
  readonly url: string;
  readonly audience: string;
  readonly algorithms: readonly string[];
  /** How far its clock may be off, ms. */
  readonly skewMs: number;
  readonly roleClaim: string;
  /** Undefined: tokens are of no tenant. Otherwise each of them must have it. */
  readonly tenantClaim?: string;
  readonly definitionsClaim?: string;
  /** Keys that are not known are asked for again this long after the last time at the earliest, ms. @default 30000 */
  readonly cooldownMs?: number;
  /** Of the page's login; none without it. */
  readonly client?: { readonly id: string; readonly secret?: string };
}

/** How callers are known. */
export interface AccessOptions {
  /** False: nobody is asked who they are, and everybody may do everything. */
  readonly auth: boolean;
  /** Without `auth`: whether the API may be called by any name. @default false: by its address, as localhost, and as `publicUrl` has it */
  readonly anyName?: boolean;
  /** Where browsers reach the API, without a slash at the end. With https:// cookies are for TLS only. */
  readonly publicUrl?: string;
  readonly sessionMs: number;
  readonly issuer?: IssuerOptions;
}

export const OPEN: AccessOptions = { auth: false, sessionMs: 0 };

export function accessOptionsOf(config: StileConfig): AccessOptions {
  const { auth, insecureOpen: anyName, publicUrl, sessionMs, oidcIssuer, oidcAudience } = config;
  const { oidcClientId: id, oidcClientSecret: secret } = config;
  const door = { auth, anyName, publicUrl, sessionMs };
  if (oidcIssuer === undefined || oidcAudience === undefined) return door;
  const issuer = {
    ...{ url: oidcIssuer, audience: oidcAudience, algorithms: config.oidcAlgorithms, skewMs: config.oidcSkewMs },
    ...{ roleClaim: config.oidcRoleClaim, tenantClaim: config.oidcTenantClaim, definitionsClaim: config.oidcDefinitionsClaim },
    ...(id === undefined ? {} : { client: { id, secret } }),
  };
  return { ...door, issuer };
}
