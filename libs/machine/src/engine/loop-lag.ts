import type { Clock, Timer } from '@stile/lease';
import type { EngineLog } from './options';

/** What it keeps of the past, ms: figures that are read every quarter of a minute miss no block. */
export const LAG_WINDOW_MS = 30_000;
const WARN_EVERY_MS = 5000;
const MAX_PERIOD_MS = 500;
const MIN_PERIOD_MS = 10;

export interface LoopLagParts {
  readonly clock: Clock;
  readonly log: EngineLog;
  readonly leaseTtlMs: number;
  /** Machines being run. */
  readonly active: () => number;
}

/**
 * Measures for how long the event loop of this worker stood still: an action that computes, or a process that was stopped. Meanwhile no
 * lease can be renewed, no signal aborted and no job taken, and nothing else in the process can tell.
 *
 * One timer per worker. How late it fires is how long the loop stood still, less the part of its period that had not passed: at most a
 * thirtieth of the lease.
 */
export class LoopLag {
  private readonly periodMs: number;
  private timer?: Timer;
  private dueAt = 0;
  /** Each longer than all that came after it, the oldest first. */
  private readonly recent: { readonly at: number; readonly ms: number }[] = [];
  private warnedAt = -Infinity;
  private untold = 0;

  constructor(private readonly parts: LoopLagParts) {
    this.periodMs = Math.min(MAX_PERIOD_MS, Math.max(MIN_PERIOD_MS, parts.leaseTtlMs / 30));
  }

  start(): void {
    this.dueAt = this.parts.clock.monotonic() + this.periodMs;
    this.timer = this.parts.clock.after(this.periodMs, () => {
      this.note(this.parts.clock.monotonic() - this.dueAt);
      this.start();
    });
  }

  stop(): void {
    this.timer?.cancel();
    this.timer = undefined;
  }

  /** The longest time that the loop stood still in the last {@link LAG_WINDOW_MS}, ms. One that has just ended is in it. */
  get longestMs(): number {
    const now = this.parts.clock.monotonic();
    while (this.recent[0] && this.recent[0].at <= now - LAG_WINDOW_MS) this.recent.shift();
    // Timers that were due in a block fire one after the other: the asker's may come before ours.
    return Math.max(this.recent[0]?.ms ?? 0, this.timer ? now - this.dueAt : 0);
  }

  private note(ms: number): void {
    if (ms <= 0) return;
    const now = this.parts.clock.monotonic();
    while (this.recent.length > 0 && this.recent[this.recent.length - 1]!.ms <= ms) this.recent.pop();
    if (this.recent[0] && this.recent[0].at <= now - LAG_WINDOW_MS) this.recent.shift();
    this.recent.push({ at: now, ms });
    if (ms > this.parts.leaseTtlMs / 3) this.warn(now, ms);
  }

  /** Once in five seconds: an action that blocks blocks again. */
  private warn(now: number, ms: number): void {
    if (now - this.warnedAt < WARN_EVERY_MS) {
      this.untold++;
      return;
    }
    const { leaseTtlMs, active, log } = this.parts;
    const others = this.untold > 0 ? ` (and ${this.untold} times more since this was last said)` : '';
    const risk =
      ms < leaseTtlMs
        ? `one that lasts as long as a lease (${leaseTtlMs} ms) loses the steps in hand to other workers`
        : `the leases of steps in hand (${leaseTtlMs} ms) have run out: other workers run them again, and what they commit here is refused`;
    log.warn(
      `the event loop stood still for ${Math.round(ms)} ms${others}, ${active()} machines are in hand: no lease is renewed meanwhile; ` +
        `${risk}. Compute in a worker thread or in pieces, give the process more CPU, or make leases longer`,
    );
    this.warnedAt = now;
    this.untold = 0;
  }
}
