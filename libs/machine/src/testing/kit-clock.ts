import { VirtualClock, type Timer } from '@stile/lease';

/** Virtual time that can be asked when its next timer is due. */
export class KitClock extends VirtualClock {
  private readonly due = new Set<{ readonly at: number }>();

  override after(ms: number, fn: () => void): Timer {
    const entry = { at: this.monotonic() + Math.max(0, ms) };
    this.due.add(entry);
    const timer = super.after(ms, () => {
      this.due.delete(entry);
      fn();
    });
    return {
      cancel: () => {
        this.due.delete(entry);
        timer.cancel();
      },
    };
  }

  /** Ms from now; infinity when no timer waits. */
  get nextTimerMs(): number {
    return Math.min(...[...this.due].map(({ at }) => at), Infinity) - this.monotonic();
  }
}
