import { LeaseUnavailableError } from '../core/errors';
import type { AcquireOptions, AdvanceResult, LeaseStore, StepRef, Unavailable } from '../core/lease-store';

/** Passes everything on to another store until `failing` is set; then answers as a store does that cannot be reached. */
export class FailingLeaseStore implements LeaseStore {
  failing = false;
  /** What was asked, oldest first. */
  readonly calls: string[] = [];

  constructor(private readonly inner: LeaseStore) {}

  acquire(id: string, at: StepRef, options: AcquireOptions) {
    return this.answer('acquire', id, () => this.inner.acquire(id, at, options));
  }

  renew(id: string, fence: number, ttlMs: number) {
    return this.answer('renew', id, () => this.inner.renew(id, fence, ttlMs));
  }

  advance(id: string, fence: number, from: StepRef, to: StepRef, ttlMs: number): Promise<AdvanceResult> {
    return this.answer('advance', id, () => this.inner.advance(id, fence, from, to, ttlMs));
  }

  async release(id: string, at: StepRef, fence: number): Promise<boolean> {
    this.calls.push('release');
    if (this.failing) throw new LeaseUnavailableError(id, 'told to fail');
    return this.inner.release(id, at, fence);
  }

  async forget(id: string): Promise<void> {
    this.calls.push('forget');
    if (this.failing) throw new LeaseUnavailableError(id, 'told to fail');
    return this.inner.forget(id);
  }

  private async answer<T>(name: string, id: string, ask: () => Promise<T>): Promise<T | Unavailable> {
    this.calls.push(name);
    return this.failing ? { outcome: 'unavailable', cause: new LeaseUnavailableError(id, 'told to fail') } : ask();
  }
}
