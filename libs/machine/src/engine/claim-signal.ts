import type { LeaseKeeper } from '@stile/lease';

/**
 * The signal of a claim's actions: aborted when the lease is lost or given up, or when the machine is cancelled, which leaves the lease
 * as it is: the action may still need its time to end. Made when first asked for: most actions do not.
 */
export class ClaimSignal {
  private controller?: AbortController;
  private combined?: AbortSignal;
  private reason?: Error;

  constructor(private readonly keeper: LeaseKeeper) {}

  get(): AbortSignal {
    const kept = this.keeper.signal; // looks at the clock
    if (!this.combined) {
      this.controller = new AbortController();
      if (this.reason) this.controller.abort(this.reason);
      this.combined = AbortSignal.any([kept, this.controller.signal]);
    }
    return this.combined;
  }

  abort(reason: Error): void {
    this.reason ??= reason;
    this.controller?.abort(reason);
  }

  get aborted(): boolean {
    return this.reason !== undefined;
  }
}
