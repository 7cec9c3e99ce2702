import type { AuditWho } from '@stile/machine';
import type { Request } from 'express';
import { ANYBODY } from '../access/caller';

const UNKNOWN: Pick<AuditWho, 'name' | 'role' | 'via' | 'tenant' | 'key'> = { name: 'unknown', role: 'nobody', via: 'nothing' };

/** @param open whether one without a caller came through a door that nobody watches, rather than by a token of his own or not at all */
export function whoOf(request: Request, open: boolean): AuditWho {
  const { name, role, via, tenant, key } = request.caller ?? (open ? ANYBODY : UNKNOWN);
  const { ip } = request;
  return {
    ...{ name, role, via },
    ...(key === undefined ? {} : { key }),
    ...(tenant === undefined ? {} : { tenant }),
    ...(ip === undefined ? {} : { address: ip }),
  };
}

export function isKnown({ role }: Pick<AuditWho, 'role'>): boolean {
  return role !== UNKNOWN.role;
}

/** Whether a person with an operator's rights is behind it, rather than a program that starts machines and sends events. */
export function isOperator({ role, via }: Pick<AuditWho, 'role' | 'via'>): boolean {
  return via !== 'open' && (role === 'operator' || role === 'admin');
}
