import type { Clock } from '@stile/lease';
import type { HoldStore } from '../core/message-ports';
import type { HeldNames } from './engine-parts';

/** How old the names may be that a step is checked against, ms. */
const FRESH_MS = 500;

/**
 * Holds, as one worker knows them: read anew every half second, so that no step pays for it. A machine that slips through within that time
 * is stopped before its next step.
 */
export class HoldWatch implements HeldNames {
  private names: ReadonlySet<string> = new Set();
  private readAt = -Infinity;

  constructor(
    private readonly store: Pick<HoldStore, 'names'>,
    private readonly clock: Clock,
  ) {}

  get any(): boolean {
    return this.names.size > 0;
  }

  first(names: readonly string[]): string | undefined {
    return names.find((name) => this.names.has(name));
  }

  /** Reads the names, unless that was done just now. */
  async refresh(): Promise<void> {
    const now = this.clock.monotonic();
    if (now - this.readAt < FRESH_MS) return;
    this.readAt = now;
    this.names = new Set(await this.store.names());
  }
}
