import type { Clock } from '@stile/lease';

const LOOK_EVERY_MS = 20;
/** With short leases, too, most steps get to their end alone. */
const MIN_ALONE_MS = 30_000;

/**
 * Keeps a worker free for one machine that has one claim left (C4). Machines that were in hand when a worker died are due again together
 * with the one that killed it, and are taken up together: without this, long steps beside a poison one die with it each time, and fail as
 * crashed though they have done nothing. Run alone, a machine dies of itself or not at all.
 *
 * Jobs that come meanwhile wait in hand, for two leases or half a minute; the watch brings their machines to other workers before. A step that
 * takes longer is joined by others, which have claims to spare, but never by another last claim.
 */
export class LastChance {
  private inHand = false;
  private held?: { readonly over: Promise<void>; readonly end: () => void };

  /** @param leaseMs how long steps in hand may take to end, and then how long the machine is alone */
  constructor(
    private readonly clock: Clock,
    private readonly leaseMs: number,
  ) {}

  /** A last claim is in hand here, or about to be made. */
  get taken(): boolean {
    return this.inHand;
  }

  /** While somebody is to be alone here: resolves when that is over, or has been so for long enough. */
  get alone(): Promise<void> | undefined {
    return this.held?.over;
  }

  /** Keeps the worker free while `work` is under way. Only while none is taken. */
  async take<T>(work: () => Promise<T>): Promise<T> {
    this.inHand = true;
    const end = this.hold();
    try {
      return await work();
    } finally {
      this.inHand = false;
      end();
    }
  }

  /** Resolves when `isQuiet`, or when a lease's time has passed. */
  async quiet(isQuiet: () => boolean): Promise<void> {
    const end = this.clock.monotonic() + this.leaseMs;
    while (!isQuiet() && this.clock.monotonic() < end) {
      await new Promise<void>((resolve) => void this.clock.after(LOOK_EVERY_MS, resolve));
    }
  }

  /** Nobody waits any more: the worker is shutting down. */
  letGo(): void {
    this.held?.end();
  }

  private hold(): () => void {
    let resolve!: () => void;
    const over = new Promise<void>((done) => (resolve = done));
    const timer = this.clock.after(Math.max(2 * this.leaseMs, MIN_ALONE_MS), () => end());
    const end = (): void => {
      timer.cancel();
      if (this.held === held) this.held = undefined;
      resolve();
    };
    const held = { over, end };
    this.held = held;
    return end;
  }
}
