import type { Redis } from 'ioredis';
import type { Change, Claim, CommitResult, Failure, FailResult } from '../core/machine-store';
import type { DueJob } from '../core/ports';
import type { Keyspace } from './keyspace';
import { nextClaim, readCommit, readFail, readJob } from './replies';
import { callScript } from './scripts';

export interface StepStoreOptions {
  /** How long a lease lasts between renewals, ms. */
  readonly leaseTtlMs: number;
  /** Attempts that a machine's history keeps; older ones are dropped (B1). */
  readonly historyLimit: number;
  /** Name of this worker, as history and the record show it. */
  readonly worker: string;
  /** Monotonic ms. */
  readonly monotonic: () => number;
}

/** commit, fail and release against the record; shared by the fused and the split store, which differ in `leaseHere`. */
export class RecordScripts {
  constructor(
    private readonly redis: Redis,
    private readonly keys: Keyspace,
    private readonly options: StepStoreOptions,
    private readonly leaseHere: boolean,
  ) {}

  async commit(claim: Claim, change: Change): Promise<CommitResult> {
    const { correlationId: id, fence, nonce, steps } = claim;
    const { next, state, event, context, item, delayMs, retentionMs } = change;
    const { leaseTtlMs, historyLimit, monotonic } = this.options;
    const sentAt = monotonic();
    const reply = await callScript(this.redis, 'commit', this.keysOf(id), [
      id,
      fence,
      nonce,
      steps,
      next,
      state,
      event,
      context,
      JSON.stringify(item),
      delayMs,
      leaseTtlMs,
      retentionMs,
      historyLimit,
      this.leaseHere ? 1 : 0,
    ]);
    return readCommit(claim, change, sentAt, reply);
  }

  /**
   * The usual commit of a sticky step, in a script for it alone. Nothing when something is not as usual: nothing was done then,
   * or a reply was lost after it was, and `commit` knows which. Dying or pausing between the two calls is the same as before one.
   */
  async continue(claim: Claim, change: Change): Promise<Claim | undefined> {
    const { correlationId: id, fence, nonce, steps } = claim;
    const { state, event, context, item } = change;
    const { leaseTtlMs, historyLimit, monotonic } = this.options;
    const sentAt = monotonic();
    const now = await callScript<number>(
      this.redis,
      'continue',
      [this.keys.record(id), this.keys.lease(id), this.keys.history(id)],
      [fence, nonce, steps, fence + 1, steps + 1, state, event, context, JSON.stringify(item), leaseTtlMs, historyLimit],
    );
    return now === 0 ? undefined : nextClaim(claim, change, fence + 1, sentAt, now);
  }

  async fail(claim: Claim, failure: Failure): Promise<FailResult> {
    const { correlationId: id, fence, nonce, steps, retries } = claim;
    const { next, error, item, delayMs, retentionMs } = failure;
    const reply = await callScript(this.redis, 'fail', this.keysOf(id), [
      id,
      fence,
      nonce,
      steps,
      retries,
      next,
      JSON.stringify(error),
      JSON.stringify(item),
      delayMs,
      retentionMs,
      this.options.historyLimit,
      this.leaseHere ? 1 : 0,
    ]);
    return readFail(claim, delayMs, reply);
  }

  async release(claim: Claim): Promise<DueJob | undefined> {
    const { correlationId: id, fence, nonce, steps } = claim;
    const [outcome, ...tail] = await callScript(this.redis, 'release', this.keysOf(id).slice(0, 3), [
      id,
      fence,
      nonce,
      steps,
      this.leaseHere ? 1 : 0,
    ]);
    return outcome === 'released' ? readJob(id, tail) : undefined;
  }

  private keysOf(id: string): string[] {
    const partition = this.keys.partitionOf(id);
    return [
      this.keys.record(id),
      this.keys.lease(id),
      this.keys.watch(partition),
      this.keys.history(id),
      this.keys.retention(partition),
    ];
  }
}
