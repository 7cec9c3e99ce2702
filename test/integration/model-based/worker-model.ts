import type { Job, MachineStatus } from '../../../libs/machine/src/core/model';
import { holds } from './disagreement';
import { MachineModel, type Answer, type Commit, type Fail, type Mine } from './machine-model';

/** What a verb of a separate lease store does not do, because the worker dies then: the record has been written, the lease has not. */
export type Dies = 'after acquire' | 'before advance' | 'after advance' | 'before release' | undefined;

/** The verbs of workers against one machine: the rules of docs/protocol.md, for leases beside the record and for leases elsewhere. */
export class WorkerModel extends MachineModel {
  /** Another server answers than the one that the record names: that of its start, or of its last begin where leases are elsewhere. */
  foreign = false;

  constructor(
    readonly leaseHere: boolean,
    inboxLimit: number,
  ) {
    super(inboxLimit);
  }

  /**
   * @param barred of how many claims this may not be, nor of more; 0 for any
   * @param seen token that the store gave: see LeaseModel.acquire
   */
  claim(job: Job, nonce: string, barred: number, seen: number | undefined, dies: Dies): Answer {
    const refusal = this.refusal(job);
    if (refusal) return refusal;
    const at = { steps: this.steps, retries: this.retries };
    if (this.leaseHere) {
      if (this.nonce === nonce && this.lease.isRepeat(nonce, at)) return this.claimed(this.lease.counter);
      if (this.lease.isLive) return { outcome: 'held' };
      if (this.isAsked) return this.stopped();
      if (this.isCrowded(barred)) return { outcome: 'crowded' };
      // A lease that was never granted knows no server; the record's start does (decision 13).
      const grant = this.lease.acquire(nonce, at, this.fence, this.lease.counter === 0 && this.foreign, seen);
      return this.begin(nonce, grant.outcome === 'granted' ? grant.fence : 0);
    }
    const grant = this.lease.acquire(nonce, at, this.fence, this.foreign, seen);
    if (grant.outcome !== 'granted') return { outcome: 'held' };
    if (dies === 'after acquire') return { outcome: 'died' };
    const { fence } = grant;
    if (this.fence === fence && this.nonce === nonce) return this.claimed(fence);
    if (fence > this.fence && !this.isAsked && !this.isCrowded(barred)) {
      this.foreign = false;
      return this.begin(nonce, fence);
    }
    if (dies !== 'before release') this.lease.release(at, fence);
    if (fence <= this.fence) return { outcome: 'stale' }; // C1
    return this.isAsked ? this.stopped() : { outcome: 'crowded' };
  }

  private get isAsked(): boolean {
    return this.status === 'running' && (this.pause || this.cancel === 'asked');
  }

  /** Decision 18. */
  private isCrowded(barred: number): boolean {
    return barred > 0 && this.claims + 1 >= barred;
  }

  /** Decision 17: a claim ends with the server that granted it, which the lease knows, or the record where there is none beside it. */
  private get hasMoved(): boolean {
    return this.leaseHere && this.lease.counter > 0 ? this.lease.foreign : this.foreign;
  }

  /** Neither committed nor failed: the step is made again, and no retry is spent. */
  private handBack(claim: Mine): Answer {
    return { outcome: 'moved', job: this.releaseRecord(claim).job };
  }

  private stopped(): Answer {
    this.stopAsAsked('queued');
    return { outcome: 'duplicate', job: this.isDriven };
  }

  private begin(nonce: string, fence: number): Answer {
    holds('a claim never lowers the fence', fence > this.fence, { fence, before: this.fence });
    Object.assign(this, { status: 'running', nonce, fence, claims: this.claims + 1 });
    return this.claimed(fence);
  }

  private claimed(fence: number): Answer {
    return { outcome: 'claimed', fence, claims: this.claims };
  }

  commit(claim: Mine, change: Commit, dies: Dies): Answer {
    const answer = this.commitRecord(claim, change);
    if (this.leaseHere) return answer;
    const next = { steps: claim.steps + 1, retries: 0 };
    if (answer.outcome !== 'continue') {
      if (dies !== 'before release') this.lease.release(claim, claim.fence);
      return answer;
    }
    if (dies === 'before advance') return { outcome: 'died' };
    const advanced = this.lease.advance(claim.fence, claim, next);
    if (dies === 'after advance') return { outcome: 'died' };
    if (advanced.outcome === 'granted') return { ...answer, fence: advanced.fence };
    if (dies !== 'before release') this.lease.release(claim, claim.fence);
    return { outcome: 'queued', job: this.releaseRecord({ ...claim, ...next, fence: answer.fence ?? 0 }).job };
  }

  private commitRecord(claim: Mine, { next, waits }: Commit): Answer {
    if (this.committed === claim.fence) return this.committedBefore(claim);
    if (!this.isOurs(claim)) return this.refused(claim);
    if (this.hasMoved) return this.handBack(claim);
    if (this.cancel === 'asked') return this.cease(claim);
    const from = { steps: this.steps, retries: this.retries };
    const goes = !this.leaseHere || this.lease.canAdvance(claim.fence);
    Object.assign(this, {
      fence: claim.fence,
      committed: claim.fence,
      steps: this.steps + 1,
      retries: 0,
      claims: 0,
      early: false,
    });
    this.notes.clear();
    if (!waits.stayed || next === 'completed') this.timer = next === 'waiting' && waits.timer ? 'armed' : 'none';
    this.takes = waits.takes;
    this.event = 'go';
    let status: MachineStatus = next === 'continue' ? (goes ? 'running' : 'queued') : next;
    if (next === 'delayed') this.early = true;
    if (next === 'waiting' && !this.pause) {
      this.status = 'waiting';
      this.settle();
      status = (this.status as MachineStatus) === 'queued' && waits.goOn && goes ? 'running' : this.status;
    }
    if (status === 'completed') {
      this.end(this.cancel === 'cleaning' ? 'cancelled' : 'completed');
      this.cancel = undefined;
    } else if (this.pause) {
      Object.assign(this, { status: 'paused', before: status === 'running' ? 'queued' : status, pause: false });
    } else this.status = status;
    if (this.status === 'running') {
      Object.assign(this, { fence: claim.fence + 1, claims: 1 });
      if (this.leaseHere) this.lease.advance(claim.fence, from, { steps: this.steps, retries: 0 });
      return this.committedBefore(claim);
    }
    this.endLease(claim);
    return this.committedBefore(claim);
  }

  /** A commit that stands, told now: by what the machine does since (K1). */
  private committedBefore({ nonce }: Mine): Answer {
    if (this.status === 'running' && this.nonce === nonce) return { outcome: 'continue', fence: this.fence, claims: 1 };
    if (this.status === 'running' || this.hasJob) return { outcome: this.status === 'delayed' ? 'delayed' : 'queued', job: true };
    const told = this.status === 'failed' || this.status === 'completed' ? 'completed' : this.status;
    return { outcome: told, job: false };
  }

  /** The claim has no say any more: because the machine was cancelled when it last spoke, or because others have it. */
  private refused({ fence }: Mine): Answer {
    return this.ceased === fence ? { outcome: 'cancelled', job: this.status === 'queued' } : { outcome: 'stale' };
  }

  private cease(claim: Mine): Answer {
    this.endLease(claim);
    Object.assign(this, { fence: claim.fence, ceased: claim.fence });
    this.cancelNow();
    return this.refused(claim);
  }

  /** The lease is put away: the record's fence and server are what the next claim needs (L6). */
  private endLease({ fence }: Mine): void {
    if (!this.leaseHere || !this.lease.isHeldBy(fence)) return;
    this.foreign = this.lease.foreign;
    this.lease.forget();
  }

  fail(claim: Mine, next: Fail, later: boolean, dies: Dies): Answer {
    const answer = this.failRecord(claim, next, later);
    if (!this.leaseHere && dies !== 'before release') this.lease.release(claim, claim.fence);
    return answer;
  }

  private failRecord(claim: Mine, next: Fail, later: boolean): Answer {
    if (this.failed !== claim.fence) {
      if (!this.isOurs(claim) || this.retries !== claim.retries) return this.refused(claim); // K2
      if (this.hasMoved) return this.handBack(claim);
      if (this.cancel === 'asked') return this.cease(claim);
      this.endLease(claim);
      Object.assign(this, { fence: claim.fence, failed: claim.fence, claims: 0 });
      if (next === 'failed') this.end('failed');
      else {
        Object.assign(this, { status: 'delayed', retries: this.retries + 1, early: later });
        this.stopAsAsked('delayed');
      }
    }
    const outcome = this.status === 'failed' || this.status === 'paused' ? this.status : 'retry';
    return { outcome, job: outcome === 'retry' && this.hasJob };
  }

  release(claim: Mine, dies: Dies): Answer {
    const answer = this.releaseRecord(claim);
    if (!this.leaseHere && dies !== 'before release') this.lease.release(claim, claim.fence);
    return answer;
  }

  private releaseRecord(claim: Mine): Answer {
    const { status, fence, nonce, steps } = this;
    if (status === 'queued' && fence === claim.fence && nonce === claim.nonce && steps === claim.steps) {
      return { outcome: 'released', job: true };
    }
    if (!this.isOurs(claim)) return { outcome: 'stale', job: false };
    this.endLease(claim);
    Object.assign(this, { fence: claim.fence, claims: Math.max(0, this.claims - 1), early: false });
    if (!this.stopAsAsked('queued')) this.status = 'queued';
    return { outcome: 'released', job: this.status === 'queued' };
  }

  renew(claim: Mine): Answer {
    const renewed = this.lease.renew(claim.fence) && (this.leaseHere || this.isOurs(claim));
    return { outcome: renewed ? 'renewed' : 'lost' };
  }

  note(claim: Mine, key: string): Answer {
    if (!this.isOurs(claim)) return { outcome: 'stale' };
    this.notes.add(key);
    return { outcome: 'noted' };
  }

  wake(job: Job, drive: number): Answer {
    const same = job.steps === this.steps && job.retries === this.retries && job.drive === drive;
    const woken = this.isDriven && same && !(this.leaseHere && this.lease.isLive);
    return { outcome: woken ? 'woken' : 'moved', job: woken };
  }
}
