import { LeaseUnavailableError } from './errors';
import { MemoryPlacement, type LeasePlacement } from './lease-placement';
import type {
  AcquireOptions,
  AcquireResult,
  AdvanceResult,
  LeaseStore,
  RenewResult,
  Seat,
  StepRef,
  StoreName,
  Unavailable,
} from './lease-store';
import { checkAcquire, checkId, checkStep } from './validate';

/** Past this many leases held at once the oldest is looked up in the placement again: leases that merely expire leave entries. */
const MAX_REMEMBERED = 50_000;

export interface FailoverLeasesOptions {
  /** Where each id is. @default a {@link MemoryPlacement}: right for a single process only, see there */
  readonly placement?: LeasePlacement;
  /** Called for each operation that a store could not answer. */
  readonly onUnavailable?: (id: string, store: StoreName) => void;
}

/**
 * Leases on two stores: when the store that an id is placed on cannot answer an acquire, the id moves to the other and stays there.
 *
 * Only `unavailable` moves an id, never `held`, and one acquire moves it at most once. A lease already granted stays with the
 * store that granted it: renew, advance and release go there and move nothing. Tokens of an id grow across both stores.
 * A secondary makes sense only on another server than what the leases protect.
 */
export class FailoverLeases implements LeaseStore {
  private readonly stores: Readonly<Record<StoreName, LeaseStore>>;
  private readonly placement: LeasePlacement;
  private readonly onUnavailable: (id: string, store: StoreName) => void;
  private readonly granted = new Map<string, StoreName>();

  constructor(primary: LeaseStore, secondary: LeaseStore, options: FailoverLeasesOptions = {}) {
    this.stores = { primary, secondary };
    this.placement = options.placement ?? new MemoryPlacement();
    this.onUnavailable = options.onUnavailable ?? (() => undefined);
  }

  async acquire(id: string, at: StepRef, options: AcquireOptions): Promise<AcquireResult> {
    checkId(id);
    checkStep(at);
    checkAcquire(options);
    let seat: Seat;
    try {
      seat = options.seat ?? (await this.placement.read(id));
    } catch (error) {
      return unavailable(id, error);
    }
    const first = await this.acquireOn(seat, id, at, options);
    if (first.outcome !== 'unavailable') return first;
    let next: Seat;
    try {
      // When another was faster, its flip counts; when it is too early for one, the same store is named again.
      next = (await this.placement.flip(id, seat.store)) ?? (await this.placement.read(id));
    } catch (error) {
      return unavailable(id, error);
    }
    return next.store === seat.store ? first : this.acquireOn(next, id, at, options);
  }

  async renew(id: string, fence: number, ttlMs: number): Promise<RenewResult> {
    return this.onGranting(id, async (store, name) => {
      const result = await store.renew(id, fence, ttlMs);
      if (result.outcome === 'lost') this.granted.delete(id);
      return this.report(result, id, name);
    });
  }

  async advance(id: string, fence: number, from: StepRef, to: StepRef, ttlMs: number): Promise<AdvanceResult> {
    return this.onGranting(id, async (store, name) => {
      const result = this.report(await store.advance(id, fence, from, to, ttlMs), id, name);
      return result.outcome === 'granted' ? { ...result, store: name } : result;
    });
  }

  async release(id: string, at: StepRef, fence: number): Promise<boolean> {
    const name = await this.storeOf(id).catch((error: unknown) => {
      throw new LeaseUnavailableError(id, error);
    });
    const released = await this.reporting(id, name, () => this.stores[name].release(id, at, fence));
    this.granted.delete(id);
    return released;
  }

  async forget(id: string): Promise<void> {
    this.granted.delete(id);
    const names: StoreName[] = ['primary', 'secondary'];
    const results = await Promise.allSettled(names.map((name) => this.reporting(id, name, () => this.stores[name].forget(id))));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
    // Last: while one store still has a counter, the floor must stay.
    await this.placement.forget?.(id);
  }

  private async acquireOn(seat: Seat, id: string, at: StepRef, options: AcquireOptions): Promise<AcquireResult> {
    const floor = Math.max(options.floor ?? 0, seat.floor);
    const result = this.report(await this.stores[seat.store].acquire(id, at, { ...options, floor }), id, seat.store);
    if (result.outcome !== 'granted') return result;
    this.remember(id, seat.store);
    return { ...result, store: seat.store };
  }

  private async onGranting<T>(id: string, run: (store: LeaseStore, name: StoreName) => Promise<T>): Promise<T | Unavailable> {
    let name: StoreName;
    try {
      name = await this.storeOf(id);
    } catch (error) {
      return unavailable(id, error);
    }
    return run(this.stores[name], name);
  }

  private async storeOf(id: string): Promise<StoreName> {
    return this.granted.get(id) ?? (await this.placement.read(id)).store;
  }

  private remember(id: string, store: StoreName): void {
    this.granted.delete(id);
    this.granted.set(id, store);
    if (this.granted.size <= MAX_REMEMBERED) return;
    for (const oldest of this.granted.keys()) {
      this.granted.delete(oldest);
      return;
    }
  }

  private report<T extends { readonly outcome: string }>(result: T, id: string, store: StoreName): T {
    if (result.outcome === 'unavailable') this.onUnavailable(id, store);
    return result;
  }

  private async reporting<T>(id: string, store: StoreName, run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      if (error instanceof LeaseUnavailableError) this.onUnavailable(id, store);
      throw error;
    }
  }
}

function unavailable(id: string, cause: unknown): Unavailable {
  return { outcome: 'unavailable', cause: new LeaseUnavailableError(id, cause) };
}
