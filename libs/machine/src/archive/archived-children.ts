import type { ArchiveEntry } from '../core/archive';
import { childId } from '../core/child-id';
import type { ChildResult, ChildView } from '../core/children';
import type { Seal } from '../core/payload-cipher';
import type { ChildSpec } from '../core/ports';
import { openData, untold } from '../redis/open-texts';

/** Children of an archived machine, group by group, as its keys told them. */
export function childrenIn({ correlationId, record, children }: ArchiveEntry, seal: Seal, only?: string): ChildView[] {
  const parent = { correlationId, runId: record.run ?? '' };
  const groups = (children.groups ?? '').split(' ').filter((name) => name !== '' && (only === undefined || name === only));
  return groups.flatMap((group) => {
    const spec = children[`${group}:spec`];
    if (spec === undefined) return [];
    const { machine, correlationId: named } = JSON.parse(spec) as ChildSpec;
    const started = Number(children[`${group}:started`] ?? 0);
    return Array.from({ length: Number(children[`${group}:total`] ?? 0) }, (_, index): ChildView => {
      const text = children[`${group}:r:${index}`];
      const result = text === undefined ? undefined : (JSON.parse(openData(text, seal, untold)) as ChildResult);
      const own = children[`${group}:single`] === '1' ? named : undefined;
      return {
        group,
        index,
        correlationId: own ?? childId(parent, group, index),
        machine,
        outcome: result?.outcome ?? (index < started ? 'running' : 'pending'),
        error: result?.error ?? null,
      };
    });
  });
}
