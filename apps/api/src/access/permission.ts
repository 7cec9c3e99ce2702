import type { AccessRole } from '@stile/machine';
import type { Need } from './needs';

/** What each role gives. A starter's reads are of machines whose ids it knows: it lists nothing. */
const GIVES: Readonly<Record<AccessRole, readonly Need[]>> = {
  viewer: ['viewer'],
  starter: ['starter'],
  operator: ['viewer', 'starter', 'operator'],
  admin: ['viewer', 'starter', 'operator', 'admin'],
};

/** Whether a role gives one of what is needed. */
export function gives(role: AccessRole, needs: readonly Need[]): boolean {
  return needs.some((need) => need === 'nobody' || GIVES[role].includes(need));
}
