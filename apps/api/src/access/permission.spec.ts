import { ACCESS_ROLES, type AccessRole } from '@stile/machine';
import { gives } from './permission';
import type { Need } from './needs';

const NEEDS: readonly Need[] = ['nobody', 'viewer', 'starter', 'operator', 'admin'];

it.each<[AccessRole, Need[]]>([
  ['viewer', ['nobody', 'viewer']],
  ['starter', ['nobody', 'starter']],
  ['operator', ['nobody', 'viewer', 'starter', 'operator']],
  ['admin', ['nobody', 'viewer', 'starter', 'operator', 'admin']],
])('%s gives %j', (role, given) => {
  expect(NEEDS.filter((need) => gives(role, [need]))).toEqual(given);
});

it('takes one of several needs, and nothing for none', () => {
  for (const role of ACCESS_ROLES) expect(gives(role, ['viewer', 'starter'])).toBe(true);
  for (const role of ACCESS_ROLES) expect(gives(role, [])).toBe(false);
});
