import type { LeaseStore } from '@stile/lease';
import type { RedisConnection } from './connect';
import type { Change, Claim, ClaimResult, CommitResult, Failure, FailResult, Note, StepStore } from '../core/ports';
import type { DueJob, Job } from '../core/model';
import { noCipher, type PayloadCipher } from '../core/payload-cipher';
import type { Keyspace } from './keyspace';
import { RecordScripts, type StepStoreOptions } from './record-scripts';
import { storeName } from './record-placement';
import { readClaim, readRefusal } from './replies';
import { callScript } from './scripts';

/**
 * The lease in a store of its own, on another server than the record: the same verbs in more calls, lease first. What protects
 * the record is its own fence: `begin` and every commit compare it.
 */
export class SplitStepStore implements StepStore {
  private readonly record: RecordScripts;

  constructor(
    private readonly redis: RedisConnection,
    private readonly keys: Keyspace,
    private readonly leases: LeaseStore,
    private readonly options: StepStoreOptions,
    private readonly cipher: PayloadCipher = noCipher,
  ) {
    this.record = new RecordScripts(redis, keys, options, false, cipher);
  }

  /**
   * peek, acquire, begin. Dying after acquire leaves a lease that expires; dying after begin leaves a running record whose
   * watch is due when the lease is.
   */
  async claim(job: Job, nonce: string, barred = 0): Promise<ClaimResult> {
    const { correlationId: id, steps, retries, machine, version, rev } = job;
    const { leaseTtlMs: ttlMs, worker, monotonic } = this.options;
    const found = this.cipher.of(id);
    const seal = found instanceof Promise ? await found : found;
    if (seal.problem?.because === 'no key') return { outcome: 'locked', cause: seal.problem };
    const peek = await callScript(this.redis, 'peek', [this.keys.record(id)], [steps, retries, machine, version, rev]);
    if (peek[0] !== 'free') return readRefusal(id, peek);
    const [, fence, seat, server = '', lastServer = ''] = peek;
    const floor = Number(fence);
    const sentAt = monotonic();
    const lease = await this.leases.acquire(
      id,
      { steps, retries },
      {
        nonce,
        ttlMs,
        floor,
        jump: lastServer !== '' && lastServer !== server,
        seat: { store: storeName(seat), floor },
      },
    );
    if (lease.outcome === 'held') return { outcome: 'held', leftMs: lease.leftMs };
    if (lease.outcome === 'unavailable') return lease;
    const reply = await callScript(
      this.redis,
      'begin',
      [this.keys.record(id), this.keys.watch(this.keys.partitionOf(id))],
      [id, steps, retries, machine, version, nonce, ttlMs, worker, lease.fence, lease.store ?? 'primary', server, rev, barred],
    );
    if (reply[0] === 'claimed') return { outcome: 'claimed', claim: readClaim(job, nonce, sentAt, reply, seal) };
    await this.releaseLease(id, { steps, retries }, lease.fence);
    if (reply[0] === 'asked') return { outcome: 'duplicate', redrive: await this.record.stopAsAsked(id) };
    return readRefusal(id, reply);
  }

  /** K3: advance is sent only when the commit has answered; where it is refused, the machine is driven anew. */
  async commit(claim: Claim, change: Change): Promise<CommitResult> {
    const result = await this.record.commit(claim, change);
    if (result.outcome !== 'committed' || result.next !== 'continue') {
      await this.releaseLease(claim.correlationId, claim, claim.fence);
      return result;
    }
    const sentAt = this.options.monotonic();
    const next = result.claim;
    const advanced = await this.leases.advance(claim.correlationId, claim.fence, claim, next, this.options.leaseTtlMs);
    if (advanced.outcome === 'granted') {
      return { ...result, claim: { ...next, fence: advanced.fence, sentAt } };
    }
    await this.releaseLease(claim.correlationId, claim, claim.fence);
    return { outcome: 'committed', next: 'queued', job: await this.record.release(next) };
  }

  async fail(claim: Claim, failure: Failure): Promise<FailResult> {
    const result = await this.record.fail(claim, failure);
    await this.releaseLease(claim.correlationId, claim, claim.fence);
    return result;
  }

  async release(claim: Claim, hold?: string): Promise<DueJob | undefined> {
    const job = await this.record.release(claim, hold);
    await this.releaseLease(claim.correlationId, claim, claim.fence);
    return job;
  }

  note(claim: Claim, note: Note): Promise<boolean> {
    return this.record.note(claim, note);
  }
  notes(claim: Claim): ReturnType<StepStore['notes']> {
    return this.record.notes(claim);
  }
  lookAt(claims: readonly Claim[]): ReturnType<StepStore['lookAt']> {
    return this.record.lookAt(claims);
  }

  /** The record is asked too: one that another store's lease has overtaken is lost, whatever this store says. */
  async renew(claim: Claim): Promise<'renewed' | 'lost' | 'unavailable'> {
    const { correlationId: id, fence, nonce, steps, runId } = claim;
    const ttlMs = this.options.leaseTtlMs;
    const { outcome } = await this.leases.renew(id, fence, ttlMs);
    if (outcome !== 'renewed') return outcome;
    const keys = [this.keys.record(id), this.keys.watch(this.keys.partitionOf(id))];
    const [extended] = await callScript(this.redis, 'extend', keys, [id, fence, nonce, steps, ttlMs, runId]);
    return extended === 'extended' ? 'renewed' : 'lost';
  }

  /** A lease store that is away keeps the lease until it expires: the record has moved on already. */
  private async releaseLease(id: string, { steps, retries }: { steps: number; retries: number }, fence: number) {
    await this.leases.release(id, { steps, retries }, fence).catch(() => false);
  }
}
