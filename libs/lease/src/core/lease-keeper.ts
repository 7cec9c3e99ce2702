import type { Clock, Timer } from './clock';
import { LeaseLostError } from './errors';
import type { RenewResult } from './lease-store';

const MAX_RETRY_MS = 1_000;
const MIN_RETRY_MS = 5;

export interface LeaseKeeperOptions {
  /** How long each grant and renewal lasts, ms. */
  readonly ttlMs: number;
  /** Monotonic ms at which the acquire that was granted was **sent**; the server granted no earlier (L5). */
  readonly sentAt: number;
  /** The token that was granted. */
  readonly fence: number;
  readonly clock: Clock;
  /** Renews the lease under the given token for `ttlMs`. A rejection counts as `unavailable`. */
  readonly renew: (fence: number) => Promise<RenewResult | RenewResult['outcome']>;
  /** Called once, when the lease is lost (not after `abort` or `stop`). */
  readonly onLost?: (error: LeaseLostError) => void;
  /** Called whenever a timer fired, with the ms it was late: how long the event loop was blocked. ≥ 0 */
  readonly onLag?: (ms: number) => void;
}

/**
 * Keeps one held lease alive: renews at a third of its time, and says when it must be taken for lost.
 *
 * The lease is lost when a renewal says so, or when `ttlMs` have passed since the last successful acquire, renew or advance was
 * *sent*, by this process's monotonic clock. That second rule needs no answer from anyone, so it holds for a worker that is cut
 * off, blocked or was stopped for a while; it is looked at on every timer and by `lost`, `signal` and `check()`.
 *
 * Starts at once, with a single timer. Everything else is made when first asked for: most steps end within a millisecond.
 */
export class LeaseKeeper {
  private readonly clock: Clock;
  private readonly ttlMs: number;
  private currentFence: number;
  private deadline: number;
  private renewAt: number;
  private timer: Timer | undefined;
  private timerAt = 0;
  /** Number of the renewal under way, or 0. */
  private renewing = 0;
  private renewals = 0;
  private advancing = false;
  private stopped = false;
  private reason: Error | undefined;
  private controller: AbortController | undefined;

  constructor(private readonly options: LeaseKeeperOptions) {
    this.clock = options.clock;
    this.ttlMs = options.ttlMs;
    this.currentFence = options.fence;
    this.deadline = options.sentAt + this.ttlMs;
    this.renewAt = options.sentAt + this.ttlMs / 3;
    this.arm(this.clock.monotonic());
  }

  /** The token held last. */
  get fence(): number {
    return this.currentFence;
  }

  /** Aborted with a {@link LeaseLostError} when the lease is lost, or with the reason given to `abort`. */
  get signal(): AbortSignal {
    this.check();
    if (!this.controller) {
      this.controller = new AbortController();
      if (this.reason) this.controller.abort(this.reason);
    }
    return this.controller.signal;
  }

  /** True once the lease was lost or given up by `abort`; looks at the clock. */
  get lost(): boolean {
    return !this.check();
  }

  /** Looks at the clock now, without waiting for a timer. @returns whether the lease may still be relied on */
  check(): boolean {
    if (!this.stopped && this.clock.monotonic() >= this.deadline) this.lose('no renewal succeeded in its time');
    return this.reason === undefined;
  }

  /**
   * To be called before an advance is sent. Until `extend` or `resume` no renewal is sent, and one that is under way and finds
   * the old token gone is no loss: the advance itself took it. The deadline stands.
   */
  pause(): void {
    this.advancing = true;
  }

  /** After an advance that did not take place: renews again, at once if that is due. */
  resume(): void {
    this.advancing = false;
    if (!this.stopped && this.renewing === 0) this.arm(this.clock.monotonic());
  }

  /** After an advance: the new token, and the monotonic ms at which the advance was sent. */
  extend(fence: number, sentAt: number): void {
    this.currentFence = fence;
    this.advancing = false;
    this.renewed(sentAt);
    // A renewal of the old token means nothing any more, whenever it answers.
    this.renewing = 0;
    // The timer that waits usually stays: it fires too early, finds the new times and is set again.
    if (!this.stopped) this.arm(this.clock.monotonic());
  }

  /** Gives the lease up from this side: aborts the signal with `reason` and renews no more. */
  abort(reason: Error): void {
    if (this.stopped) return;
    this.reason = reason;
    this.stop();
    this.controller?.abort(reason);
  }

  /** Ends the keeping. The signal stays as it is; no timer is left. */
  stop(): void {
    this.stopped = true;
    this.timer?.cancel();
    this.timer = undefined;
  }

  private readonly onTimer = (): void => {
    this.timer = undefined;
    const now = this.clock.monotonic();
    this.options.onLag?.(Math.max(0, now - this.timerAt));
    if (this.stopped || !this.check()) return;
    if (now >= this.renewAt && this.renewing === 0 && !this.advancing) void this.renew(now);
    this.arm(now);
  };

  private arm(now: number): void {
    const waits = this.renewing !== 0 || this.advancing;
    const at = waits ? this.deadline : Math.min(this.renewAt, this.deadline);
    if (this.timer !== undefined) {
      if (this.timerAt <= at) return;
      this.timer.cancel();
    }
    this.timerAt = Math.max(at, now);
    this.timer = this.clock.after(this.timerAt - now, this.onTimer);
  }

  private async renew(sentAt: number): Promise<void> {
    const renewal = ++this.renewals;
    this.renewing = renewal;
    let outcome: RenewResult['outcome'];
    try {
      const result = await this.options.renew(this.currentFence);
      outcome = typeof result === 'string' ? result : result.outcome;
    } catch {
      outcome = 'unavailable';
    }
    if (this.renewing === renewal) this.onRenewed(outcome, sentAt);
  }

  private onRenewed(outcome: RenewResult['outcome'], sentAt: number): void {
    this.renewing = 0;
    if (this.stopped) return;
    const now = this.clock.monotonic();
    if (outcome === 'renewed') {
      this.renewed(sentAt);
    } else if (outcome === 'unavailable') {
      this.renewAt = now + Math.min(MAX_RETRY_MS, Math.max(MIN_RETRY_MS, this.ttlMs / 10));
    } else if (!this.advancing) {
      return this.lose('another holder took it, or it had expired');
    }
    if (this.check()) this.arm(now);
  }

  /** Replies can overtake each other: the latest sending counts. */
  private renewed(sentAt: number): void {
    this.deadline = Math.max(this.deadline, sentAt + this.ttlMs);
    this.renewAt = Math.max(this.renewAt, sentAt + this.ttlMs / 3);
  }

  private lose(why: string): void {
    const error = new LeaseLostError(`the lease under token ${this.currentFence} was lost: ${why}`);
    this.abort(error);
    this.options.onLost?.(error);
  }
}
