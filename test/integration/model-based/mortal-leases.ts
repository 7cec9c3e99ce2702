import type { AcquireOptions, AcquireResult, AdvanceResult, LeaseStore, RenewResult, StepRef } from '@stile/lease';
import type { Dies } from './worker-model';

/** What the worker's own call rejects with: nobody hears of it any more. */
export class Died extends Error {}

/** A lease store whose worker dies at one of its calls: what was to follow does not take place. */
export class MortalLeases implements LeaseStore {
  dies: Dies;

  constructor(private readonly store: LeaseStore) {}

  async acquire(id: string, at: StepRef, options: AcquireOptions): Promise<AcquireResult> {
    const result = await this.store.acquire(id, at, options);
    if (this.dies === 'after acquire' && result.outcome === 'granted') throw new Died();
    return result;
  }
  async advance(id: string, fence: number, from: StepRef, to: StepRef, ttlMs: number): Promise<AdvanceResult> {
    if (this.dies === 'before advance') throw new Died();
    const result = await this.store.advance(id, fence, from, to, ttlMs);
    if (this.dies === 'after advance') throw new Died();
    return result;
  }
  async release(id: string, at: StepRef, fence: number): Promise<boolean> {
    return this.dies === 'before release' ? false : this.store.release(id, at, fence);
  }
  renew(id: string, fence: number, ttlMs: number): Promise<RenewResult> {
    return this.store.renew(id, fence, ttlMs);
  }
  forget(id: string): Promise<void> {
    return this.store.forget(id);
  }
}
