import { LeaseUnavailableError } from '../core/errors';
import type { AcquireOptions, AcquireResult, AdvanceResult, LeaseStore, RenewResult, StepRef } from '../core/lease-store';
import { checkAcquire, checkFence, checkId, checkStep, checkTtl, MAX_FENCE } from '../core/validate';

interface Lease {
  fence: number;
  /** '' once released. */
  nonce: string;
  steps: number;
  retries: number;
  /** Server ms. */
  until: number;
  /** The server's identity at the last grant. */
  server: string;
  /** The present token came from an advance, so a repeat of that advance is told from another's acquire. */
  advanced: boolean;
}

export interface MemoryLeaseStoreOptions {
  /** The "server's" time in ms since the epoch. @default Date.now */
  readonly clock?: () => number;
  /** The "server's" identity; another answer than at the last grant means a failover. @default always the same */
  readonly identity?: () => string;
}

/**
 * Leases in this process only: for tests, examples, and to read what the Lua scripts do.
 *
 * Nothing is shared with other processes and nothing survives a restart, tokens included.
 */
export class MemoryLeaseStore implements LeaseStore {
  private readonly leases = new Map<string, Lease>();
  private readonly clock: () => number;
  private readonly identity: () => string;

  constructor(options: MemoryLeaseStoreOptions = {}) {
    this.clock = options.clock ?? Date.now;
    this.identity = options.identity ?? (() => 'memory');
  }

  async acquire(id: string, at: StepRef, options: AcquireOptions): Promise<AcquireResult> {
    checkId(id);
    checkStep(at);
    checkAcquire(options);
    const { nonce, ttlMs, floor = 0, jump = false } = options;
    const now = this.clock();
    const last = this.leases.get(id);

    if (last?.nonce === nonce && isAt(last, at)) {
      return { outcome: 'granted', fence: last.fence, until: last.until };
    }
    if (last && isLive(last, now)) {
      const { steps, retries, until } = last;
      return { outcome: 'held', by: { steps, retries }, until, leftMs: until - now };
    }
    const server = this.identity();
    const jumps = jump || (last !== undefined && last.server !== server);
    const base = Math.max(last?.fence ?? 0, floor, jumps ? now * 1000 : 0);
    if (base >= MAX_FENCE) {
      return {
        outcome: 'unavailable',
        cause: new LeaseUnavailableError(id, 'the token of this lease has reached 2^53'),
      };
    }
    const fence = base + 1;
    const until = now + ttlMs;
    this.leases.set(id, {
      fence,
      nonce,
      steps: at.steps,
      retries: at.retries,
      until,
      server,
      advanced: false,
    });
    return { outcome: 'granted', fence, until };
  }

  async renew(id: string, fence: number, ttlMs: number): Promise<RenewResult> {
    checkId(id);
    checkFence(fence);
    checkTtl(ttlMs);
    const now = this.clock();
    const lease = this.leases.get(id);
    if (!lease || !isLive(lease, now) || lease.fence !== fence) return { outcome: 'lost' };
    lease.until = now + ttlMs;
    return { outcome: 'renewed', until: lease.until };
  }

  async advance(id: string, fence: number, from: StepRef, to: StepRef, ttlMs: number): Promise<AdvanceResult> {
    checkId(id);
    checkFence(fence);
    checkStep(from, 'from');
    checkStep(to, 'to');
    checkTtl(ttlMs);
    const now = this.clock();
    const lease = this.leases.get(id);
    if (!lease || lease.nonce === '') return { outcome: 'refused' };

    if (lease.advanced && lease.fence === fence + 1 && isAt(lease, to)) {
      return { outcome: 'granted', fence: lease.fence, until: lease.until };
    }
    const holds = isLive(lease, now) && lease.fence === fence && isAt(lease, from);
    if (!holds || lease.server !== this.identity() || fence >= MAX_FENCE) return { outcome: 'refused' };

    lease.fence = fence + 1;
    lease.steps = to.steps;
    lease.retries = to.retries;
    lease.until = now + ttlMs;
    lease.advanced = true;
    return { outcome: 'granted', fence: lease.fence, until: lease.until };
  }

  async release(id: string, at: StepRef, fence: number): Promise<boolean> {
    checkId(id);
    checkStep(at);
    checkFence(fence);
    const lease = this.leases.get(id);
    if (!lease || !isLive(lease, this.clock()) || lease.fence !== fence || !isAt(lease, at)) return false;
    lease.nonce = '';
    lease.until = 0;
    return true;
  }

  async forget(id: string): Promise<void> {
    checkId(id);
    this.leases.delete(id);
  }
}

function isLive(lease: Lease, now: number): boolean {
  return lease.nonce !== '' && lease.until > now;
}

function isAt(lease: Lease, at: StepRef): boolean {
  return lease.steps === at.steps && lease.retries === at.retries;
}
