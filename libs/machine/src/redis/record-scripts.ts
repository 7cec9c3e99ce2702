import type { Redis } from 'ioredis';
import type { Change, Claim, CommitResult, Failure, FailResult } from '../core/machine-store';
import type { DueJob } from '../core/ports';
import type { Keyspace } from './keyspace';
import { readCommit, readFail, readJob } from './replies';
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
