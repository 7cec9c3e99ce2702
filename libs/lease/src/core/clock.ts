/** A scheduled call that can be taken back. */
export interface Timer {
  cancel(): void;
}

/** Local time, injected so that tests can move it. Server times never come from here. */
export interface Clock {
  /** Wall-clock time in ms since the epoch; for logs only. */
  now(): number;
  /** Monotonic time in ms from an arbitrary origin; the base of every local deadline. */
  monotonic(): number;
  /** Calls `fn` once after `ms`. Does not keep the process alive. */
  after(ms: number, fn: () => void): Timer;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, fn) {
    const handle = setTimeout(fn, ms);
    handle.unref();
    return { cancel: () => clearTimeout(handle) };
  },
};
