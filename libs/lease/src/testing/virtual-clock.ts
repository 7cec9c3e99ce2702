import type { Clock, Timer } from '../core/clock';

interface Pending {
  readonly at: number;
  readonly fn: () => void;
}

/** Time that stands still until a test moves it. Timers fire inside `advance`, in order of their due times. */
export class VirtualClock implements Clock {
  private readonly pending = new Set<Pending>();

  /** @param origin what `now()` says at monotonic 0, ms since the epoch */
  constructor(
    private readonly origin = 1_700_000_000_000,
    private time = 0,
  ) {}

  /** Number of timers that wait. */
  get timers(): number {
    return this.pending.size;
  }

  now(): number {
    return this.origin + this.time;
  }

  monotonic(): number {
    return this.time;
  }

  after(ms: number, fn: () => void): Timer {
    const entry = { at: this.time + Math.max(0, ms), fn };
    this.pending.add(entry);
    return { cancel: () => this.pending.delete(entry) };
  }

  /** Moves time by `ms`, stopping at each due timer; promises settle in between. */
  async advance(ms: number): Promise<void> {
    const end = this.time + ms;
    await settle();
    for (let due = this.next(end); due; due = this.next(end)) {
      this.time = Math.max(this.time, due.at);
      this.fire(due);
      await settle();
    }
    this.time = end;
  }

  /** Moves time by `ms` while nothing runs, as a blocked event loop or SIGSTOP does; due timers wait for `advance`. */
  block(ms: number): void {
    this.time += ms;
  }

  private next(end: number): Pending | undefined {
    let found: Pending | undefined;
    for (const entry of this.pending) {
      if (entry.at <= end && (!found || entry.at < found.at)) found = entry;
    }
    return found;
  }

  private fire(entry: Pending): void {
    this.pending.delete(entry);
    entry.fn();
  }
}

/** Lets everything that is ready run: promise chains of any length, and what they start. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
