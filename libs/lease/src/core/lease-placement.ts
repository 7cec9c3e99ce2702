import { systemClock, type Clock } from './clock';
import type { Seat, StoreName } from './lease-store';

/** Says on which of two stores an id's leases are, for all who ask (rule S1). Both methods reject when nothing is known. */
export interface LeasePlacement {
  read(id: string): Promise<Seat>;
  /**
   * Moves the id from the store `from` to the other and raises its floor to server time in µs, as one compare-and-set.
   *
   * @returns the new seat; undefined when the id is not on `from` any more, or has moved so recently that it must stay
   */
  flip(id: string, from: StoreName): Promise<Seat | undefined>;
  /** The id's leases are forgotten: it starts again on the primary. */
  forget?(id: string): Promise<void>;
}

export interface MemoryPlacementOptions {
  /** How long an id stays after a flip, ms. @default 10000 */
  readonly cooldownMs?: number;
  readonly clock?: Clock;
}

const START: Seat = { store: 'primary', floor: 0 };

/**
 * A placement that only this process knows, on this process's clock.
 *
 * Two workers that see different stores may then both hold a lease of one id. Their tokens still grow, so a resource that
 * compares tokens is safe, but the lease alone is no longer exclusive; where that matters, keep the placement with what the
 * lease protects. Holds one entry for each id that has ever flipped, until it is forgotten.
 */
export class MemoryPlacement implements LeasePlacement {
  private readonly flipped = new Map<string, Seat & { readonly at: number }>();
  private readonly cooldownMs: number;
  private readonly clock: Clock;

  constructor(options: MemoryPlacementOptions = {}) {
    this.cooldownMs = options.cooldownMs ?? 10_000;
    this.clock = options.clock ?? systemClock;
  }

  async read(id: string): Promise<Seat> {
    return this.flipped.get(id) ?? START;
  }

  async flip(id: string, from: StoreName): Promise<Seat | undefined> {
    const last = this.flipped.get(id);
    const { store, floor } = last ?? START;
    const at = this.clock.monotonic();
    if (store !== from || (last && at - last.at < this.cooldownMs)) return undefined;
    const seat = {
      store: otherStore(from),
      floor: Math.max(floor + 1, Math.floor(this.clock.now()) * 1000),
      at,
    };
    this.flipped.set(id, seat);
    return seat;
  }

  async forget(id: string): Promise<void> {
    this.flipped.delete(id);
  }
}

export function otherStore(name: StoreName): StoreName {
  return name === 'primary' ? 'secondary' : 'primary';
}
