import { COUNTED_STATUSES, type FailureGroup, type MachineCount } from '../../core/listing';
import { countedAs, placeText } from '../../core/place';
import type { Listed } from './summary';

/** By name, version, status and state. */
export function sortCounts(counts: Iterable<MachineCount>): readonly MachineCount[] {
  const rank = ({ status }: MachineCount): number => COUNTED_STATUSES.indexOf(status);
  return [...counts].sort(
    (a, b) => byText(a.machine, b.machine) || a.version - b.version || rank(a) - rank(b) || byText(a.state, b.state),
  );
}

/** The largest first. */
export function sortGroups(groups: Iterable<FailureGroup>): readonly FailureGroup[] {
  return [...groups].sort((a, b) => b.count - a.count || byText(b.lastAt, a.lastAt) || byText(a.group, b.group));
}

/** Machines counted one by one. */
export class Tally {
  private readonly byPlace = new Map<string, MachineCount>();
  private readonly byGroup = new Map<string, Pick<FailureGroup, 'count' | 'firstAt' | 'lastAt' | 'example'>>();

  add({ summary, group }: Listed): void {
    const { machine, version, state, status } = summary;
    const plain = { machine, version, status: countedAs(status), state };
    const key = placeText(plain);
    this.byPlace.set(key, { ...plain, count: (this.byPlace.get(key)?.count ?? 0) + 1 });
    if (group !== undefined && status === 'failed') this.addFailure(group, summary);
  }

  get counts(): readonly MachineCount[] {
    return sortCounts(this.byPlace.values());
  }

  /** @param all groups there are: what they are called; one that has come since is left to the next time */
  failures(all: readonly FailureGroup[]): readonly FailureGroup[] {
    return sortGroups(
      all.flatMap((group) => {
        const own = this.byGroup.get(group.group);
        return own ? [{ ...group, ...own }] : [];
      }),
    );
  }

  private addFailure(group: string, { correlationId, createdAt }: Listed['summary']): void {
    const before = this.byGroup.get(group);
    const newest = before === undefined || createdAt >= before.lastAt;
    this.byGroup.set(group, {
      count: (before?.count ?? 0) + 1,
      firstAt: before && before.firstAt < createdAt ? before.firstAt : createdAt,
      lastAt: newest ? createdAt : before.lastAt,
      example: newest ? correlationId : before.example,
    });
  }
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
