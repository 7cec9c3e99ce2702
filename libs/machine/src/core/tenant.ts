const TENANT = /^([A-Za-z0-9_-]{1,20})\./;

export const TENANT_RULE = 'use 1 to 20 of A-Z a-z 0-9 _ -';

/**
 * Whose machine this is: what its correlation id has before the first dot (decision 25), such as `acme` in `acme.order-17`. Known without
 * reading the machine, and of one that is not there, too.
 *
 * @returns undefined for a machine of no tenant: an id without a dot, or with more than 20 characters before it
 */
export function tenantOf(correlationId: string): string | undefined {
  return TENANT.exec(correlationId)?.[1];
}

export function isTenant(text: string): boolean {
  return /^[A-Za-z0-9_-]{1,20}$/.test(text);
}
