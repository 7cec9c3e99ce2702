const A_MINUTE_MS = 60_000;
const A_MINUTE = 60;
/** Callers that are told apart; more of them share one count. */
const MAX_NAMES = 1000;

/** Lets through so many refusals a minute for each name, and counts the others. */
export class Refusals {
  private begun = -Infinity;
  private counts = new Map<string, number>();
  private owed = new Map<string, number>();

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** @returns how many of this name were left out since the last one that was let through, or undefined: leave this one out, too */
  take(name: string): number | undefined {
    const leftOut = this.turnMinute(name);
    const key = this.counts.has(name) || this.counts.size < MAX_NAMES ? name : '';
    const count = (this.counts.get(key) ?? 0) + 1;
    this.counts.set(key, count);
    return count <= A_MINUTE ? leftOut : undefined;
  }

  /** What the minute before has left out is told once, by whoever comes first with that name. */
  private turnMinute(name: string): number {
    if (this.now() - this.begun >= A_MINUTE_MS) {
      this.begun = this.now();
      const old = this.counts;
      this.counts = new Map();
      this.owed = new Map([...old].filter(([, count]) => count > A_MINUTE).map(([key, count]) => [key, count - A_MINUTE]));
    }
    const owed = this.owed.get(name) ?? 0;
    this.owed.delete(name);
    return owed;
  }
}
