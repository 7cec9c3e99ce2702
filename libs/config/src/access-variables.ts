import { httpUrl } from './client-config';
import { BadValue, duration, list, matching, oneOf, onOff } from './parsers';
import { TOKEN_ALGORITHMS } from './stile-config';
import type { TokenAlgorithm } from './stile-config';
import { define } from './variable';

/** Who may call the API. */
export const accessVariables = [
  define({
    name: 'STILE_AUTH',
    field: 'auth',
    default: 'off',
    description: 'on: the API asks who calls, and lets nobody in without an API key, a token or a session',
    parse: onOff,
  }),
  define({
    name: 'STILE_INSECURE_OPEN',
    field: 'insecureOpen',
    default: 'off',
    description: 'on: the API may listen beyond loopback with `STILE_AUTH=off`, open to whoever reaches it',
    parse: onOff,
  }),
  define({
    name: 'STILE_PUBLIC_URL',
    field: 'publicUrl',
    description:
      'Where browsers reach the API; with https:// cookies are for TLS only. The login of the page needs it, and who calls an open API by a name',
    parse: httpUrl,
  }),
  define({
    name: 'STILE_SESSION',
    field: 'sessionMs',
    default: '8h',
    description: 'How long somebody who has signed in to the page stays so',
    parse: duration(60_000, 30 * 86_400_000, 'from 1m to 30d'),
  }),
  define({
    name: 'STILE_OIDC_ISSUER',
    field: 'oidcIssuer',
    description: 'Issuer of tokens (OpenID Connect): https://, or http:// on loopback. Without it there are API keys only',
    parse: issuer,
  }),
  define({
    name: 'STILE_OIDC_AUDIENCE',
    field: 'oidcAudience',
    description: 'Audience that tokens must have',
    parse: matching(/^\S{1,200}$/, '1 to 200 characters without spaces'),
  }),
  define({
    name: 'STILE_OIDC_CLIENT_ID',
    field: 'oidcClientId',
    description: 'Client of the issuer for the login of the page',
    parse: matching(/^\S{1,200}$/, '1 to 200 characters without spaces'),
  }),
  define({
    name: 'STILE_OIDC_CLIENT_SECRET',
    field: 'oidcClientSecret',
    secret: true,
    hidden: true,
    description: 'Its secret, where it has one',
    parse: (text) => text,
  }),
  define({
    name: 'STILE_OIDC_ROLE_CLAIM',
    field: 'oidcRoleClaim',
    default: 'stile_role',
    description: 'Claim with the role: viewer, starter, operator or admin, or a list with one of them; dots lead into objects',
    parse: claim,
  }),
  define({
    name: 'STILE_OIDC_TENANT_CLAIM',
    field: 'oidcTenantClaim',
    description: 'Claim with the tenant. When set, every token must have it: a tenant, or `*` for all',
    parse: claim,
  }),
  define({
    name: 'STILE_OIDC_DEFINITIONS_CLAIM',
    field: 'oidcDefinitionsClaim',
    description: 'Claim with the names of definitions. When set, every token must have it: a list, or `*` for all',
    parse: claim,
  }),
  define({
    name: 'STILE_OIDC_ALGORITHMS',
    field: 'oidcAlgorithms',
    default: 'RS256,PS256,ES256,EdDSA',
    description: 'Signatures that tokens may have, of key pairs only',
    parse: algorithms,
  }),
  define({
    name: 'STILE_OIDC_SKEW',
    field: 'oidcSkewMs',
    default: '30s',
    description: "How far the issuer's clock may be off",
    parse: duration(0, 300_000, 'from 0s to 5m'),
  }),
] as const;

/** Kept as it is written: what a token says of its issuer must be the same text, a slash at the end included. */
function issuer(text: string): string {
  httpUrl(text);
  return text;
}

function algorithms(text: string): TokenAlgorithm[] {
  const names = list()(text).map(oneOf(...TOKEN_ALGORITHMS));
  if (names.length === 0) throw new BadValue(`name one of ${TOKEN_ALGORITHMS.join(', ')} at least`);
  return names;
}

function claim(text: string): string {
  return matching(/^[^\s]{1,200}$/, 'the name of a claim, 1 to 200 characters without spaces')(text);
}
