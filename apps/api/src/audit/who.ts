import type { AuditWho } from '@stile/machine';
import type { Request } from 'express';

/** What the guard has left on the request. */
interface SeenCaller {
  readonly name: string;
  readonly role: string;
  readonly via: string;
  readonly tenant?: string;
}

/** Undefined where nobody has been let in: the request was refused before. */
export function callerOf(request: Request): SeenCaller | undefined {
  return (request as Request & { readonly caller?: SeenCaller }).caller;
}

const OPEN: SeenCaller = { name: 'anonymous', role: 'admin', via: 'open' };
const UNKNOWN: SeenCaller = { name: 'unknown', role: 'nobody', via: 'nothing' };

/** @param open whether one without a caller came through a door that nobody watches, rather than by a token of his own or not at all */
export function whoOf(request: Request, open: boolean): AuditWho {
  const { name, role, via, tenant } = callerOf(request) ?? (open ? OPEN : UNKNOWN);
  const { ip } = request;
  return { name, role, via, ...(tenant === undefined ? {} : { tenant }), ...(ip === undefined ? {} : { address: ip }) };
}

export function isKnown({ role }: Pick<AuditWho, 'role'>): boolean {
  return role !== UNKNOWN.role;
}

/** Whether a person with an operator's rights is behind it, rather than a program that starts machines and sends events. */
export function isOperator({ role, via }: Pick<AuditWho, 'role' | 'via'>): boolean {
  return via !== 'open' && (role === 'operator' || role === 'admin');
}
