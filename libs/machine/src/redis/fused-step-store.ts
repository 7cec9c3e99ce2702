import type { LeaseStore } from '@stile/lease';
import type { RedisConnection } from './connect';
import type { Change, Claim, ClaimResult, CommitResult, Failure, FailResult, Note, StepStore } from '../core/ports';
import type { DueJob, Job } from '../core/model';
import { noCipher, type PayloadCipher } from '../core/payload-cipher';
import type { Keyspace } from './keyspace';
import { RecordScripts, type StepStoreOptions } from './record-scripts';
import { readClaim, readRefusal } from './replies';
import { callScript } from './scripts';
import { StickyCommits } from './sticky-commits';

/** Lease and record on one Redis, under one hash tag: one script, one round trip a verb. The default. */
export class FusedStepStore implements StepStore {
  private readonly record: RecordScripts;
  private readonly sticky: StickyCommits;

  /** @param leases the same leases, as the lease library keeps them: `keyOf` must be `keys.lease` */
  constructor(
    private readonly redis: RedisConnection,
    private readonly keys: Keyspace,
    private readonly leases: LeaseStore,
    private readonly options: StepStoreOptions,
    private readonly cipher: PayloadCipher = noCipher,
  ) {
    this.record = new RecordScripts(redis, keys, options, true, cipher);
    this.sticky = new StickyCommits(redis, keys, options);
  }

  async claim(job: Job, nonce: string, barred = 0): Promise<ClaimResult> {
    const { correlationId: id, steps, retries, machine, version, rev } = job;
    const found = this.cipher.of(id);
    const seal = found instanceof Promise ? await found : found;
    if (seal.problem?.because === 'no key') return { outcome: 'locked', cause: seal.problem };
    const sentAt = this.options.monotonic();
    const reply = await callScript(
      this.redis,
      'open',
      [this.keys.record(id), this.keys.lease(id), this.keys.watch(this.keys.partitionOf(id))],
      [id, steps, retries, machine, version, nonce, this.options.leaseTtlMs, this.options.worker, rev, barred],
    );
    if (reply[0] === 'claimed') return { outcome: 'claimed', claim: readClaim(job, nonce, sentAt, reply, seal) };
    if (reply[0] === 'held') return { outcome: 'held', leftMs: Number(reply[2]) };
    if (reply[0] === 'asked') return { outcome: 'duplicate', redrive: await this.record.stopAsAsked(id) };
    return readRefusal(id, reply);
  }

  async commit(claim: Claim, change: Change): Promise<CommitResult> {
    if (change.next === 'continue' && !claim.more && !change.effects) {
      const found = this.cipher.of(claim.correlationId);
      const next = await this.sticky.commit(claim, change, found instanceof Promise ? await found : found);
      if (next) return { outcome: 'committed', next: 'continue', claim: next };
    }
    return this.record.commit(claim, change);
  }
  fail(claim: Claim, failure: Failure): Promise<FailResult> {
    return this.record.fail(claim, failure);
  }
  release(claim: Claim, hold?: string): Promise<DueJob | undefined> {
    return this.record.release(claim, hold);
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
  async renew(claim: Claim): Promise<'renewed' | 'lost' | 'unavailable'> {
    return (await this.leases.renew(claim.correlationId, claim.fence, this.options.leaseTtlMs)).outcome;
  }
}
