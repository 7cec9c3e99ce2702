import { ACCESS_ROLES, areDefinitions, isTenant, type AccessRole } from '@stile/machine';
import { ApiProblem } from '../problems/api-problem';
import type { IssuerOptions } from './access-options';
import type { Caller } from './caller';

type Claims = Readonly<Record<string, unknown>>;

const MAX_NAME = 128;
/** Says that a token is for all tenants, or all definitions. What is only left out may have been forgotten. */
const ALL = '*';

/**
 * Who a token is of, whose signature has been checked already.
 *
 * @throws ApiProblem FORBIDDEN where its claims give nothing, or cannot be read: never more than they say
 */
export function callerOfClaims(claims: Claims, options: IssuerOptions, via: 'token' | 'session'): Caller {
  const { roleClaim, tenantClaim, definitionsClaim } = options;
  const role = roleOf(claims, roleClaim);
  const tenant = tenantClaim === undefined ? undefined : tenantOf(claims, tenantClaim);
  const definitions = definitionsClaim === undefined ? undefined : definitionsOf(claims, definitionsClaim);
  return {
    name: nameOf(claims),
    role,
    ...(tenant === undefined ? {} : { tenant }),
    ...(definitions === undefined ? {} : { definitions }),
    via,
  };
}

/** Of several roles the one that gives most. */
function roleOf(claims: Claims, claim: string): AccessRole {
  const value = claimOf(claims, claim);
  const given: readonly unknown[] = Array.isArray(value) ? value : [value];
  const role = [...ACCESS_ROLES].reverse().find((each) => given.includes(each));
  if (role !== undefined) return role;
  throw refused(claim, `none of the roles ${ACCESS_ROLES.join(', ')}`);
}

function tenantOf(claims: Claims, claim: string): string | undefined {
  const value = claimOf(claims, claim);
  if (value === ALL) return undefined;
  if (typeof value === 'string' && isTenant(value)) return value;
  throw refused(claim, `no tenant; it has to be one, or "${ALL}" for all`);
}

function definitionsOf(claims: Claims, claim: string): readonly string[] | undefined {
  const value = claimOf(claims, claim);
  if (value === ALL) return undefined;
  const names: unknown = typeof value === 'string' ? [value] : value;
  if (areDefinitions(names)) return names;
  throw refused(claim, `no names of definitions; it has to be a list of them, or "${ALL}" for all`);
}

/** The claim of that name; else, where the name has dots, what they lead to: `realm_access.roles`. */
function claimOf(claims: Claims, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  let value: unknown = claims;
  for (const part of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Claims)[part];
  }
  return value;
}

/** An address that the issuer has not verified is anybody's to choose. */
function nameOf({ sub, email, email_verified: verified }: Claims): string {
  const name = typeof email === 'string' && email !== '' && verified === true ? email : sub;
  if (typeof name !== 'string' || name === '') throw refused('sub', 'no name');
  return name.slice(0, MAX_NAME);
}

function refused(claim: string, what: string): ApiProblem {
  return new ApiProblem('FORBIDDEN', `the token is good, but its claim "${claim}" has ${what}`);
}
