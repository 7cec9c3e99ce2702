export interface Scored {
  readonly member: string;
  readonly score: number;
}

/** Members with scores, in order of score, then of bytes. */
export class SortedSet {
  private readonly scores = new Map<string, number>();
  private readonly order: Scored[] = [];

  get size(): number {
    return this.scores.size;
  }

  score(member: string): number | undefined {
    return this.scores.get(member);
  }

  /** All members; not to be changed by the caller. */
  get entries(): readonly Scored[] {
    return this.order;
  }

  /** @returns whether the member is new */
  set(member: string, score: number): boolean {
    const known = this.delete(member);
    this.scores.set(member, score);
    this.order.splice(this.place(member, score), 0, { member, score });
    return !known;
  }

  delete(member: string): boolean {
    const score = this.scores.get(member);
    if (score === undefined) return false;
    this.scores.delete(member);
    this.order.splice(this.place(member, score), 1);
    return true;
  }

  rank(member: string): number | undefined {
    const score = this.scores.get(member);
    return score === undefined ? undefined : this.place(member, score);
  }

  /** Index of the first entry that is not before (score, member). */
  private place(member: string, score: number): number {
    let low = 0;
    let high = this.order.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const entry = this.order[middle] as Scored;
      if (entry.score < score || (entry.score === score && entry.member < member)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
