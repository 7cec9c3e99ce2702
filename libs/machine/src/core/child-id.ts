import { tenantOf } from './tenant';

/**
 * The correlation id of a child: the same for every attempt at starting it, and of its parent's tenant. At most
 * 21 (tenant and dot) + 22 (run) + 65 (dot and group) + 6 (dot and index, of 20,000) = 114 characters of 128.
 */
export function childId(parent: { correlationId: string; runId: string }, group: string, index: number): string {
  const tenant = tenantOf(parent.correlationId);
  const own = `${parent.runId}.${group}.${index}`;
  return tenant === undefined ? own : `${tenant}.${own}`;
}
