import type { AcquireOptions, AcquireResult, LeaseStore, StepRef } from '@stile/lease';
import type { Counters } from '../core/counts';
import type { LeaseServer } from './lease-server';

/**
 * Counts `cache` here and nowhere else: once for each acquire that a store could not answer, so twice for a claim that asked both
 * stores in vain. Renewals and releases are not counted: they are repeated, or need no answer.
 */
export class CountedLeaseStore implements LeaseStore {
  constructor(
    private readonly inner: LeaseStore,
    private readonly counters: Counters,
    private readonly server?: LeaseServer,
  ) {}

  async acquire(id: string, at: StepRef, options: AcquireOptions): Promise<AcquireResult> {
    const result = await this.inner.acquire(id, at, options);
    if (result.outcome === 'unavailable') {
      this.counters.add('cache', { machine: '', state: '', event: '' });
      this.server?.failed(result.cause);
    }
    return result;
  }

  renew(id: string, fence: number, ttlMs: number) {
    return this.inner.renew(id, fence, ttlMs);
  }

  advance(id: string, fence: number, from: StepRef, to: StepRef, ttlMs: number) {
    return this.inner.advance(id, fence, from, to, ttlMs);
  }

  release(id: string, at: StepRef, fence: number) {
    return this.inner.release(id, at, fence);
  }

  forget(id: string) {
    return this.inner.forget(id);
  }
}
