import type { Job, MachineStatus } from '../../../libs/machine/src/core/model';
import type { Claim, Failure, Next } from '../../../libs/machine/src/core/ports';
import { LeaseModel } from './lease-model';

export type Policy = 'take' | 'ignore' | 'reject';
/** What a state that the machine comes to wait in does with events, and its timer. */
export interface Waits {
  readonly takes: Readonly<Record<string, Policy>>;
  readonly timer: boolean;
  readonly stayed: boolean;
  readonly goOn: boolean;
}
export type Mine = Pick<Claim, 'fence' | 'nonce' | 'steps' | 'retries'>;

/** An answer of the model: the outcome; whether it names a job; the token and the number of claims where one is granted. */
export interface Answer {
  readonly outcome: string;
  readonly job?: boolean;
  readonly fence?: number;
  readonly claims?: number;
}

export const TIMER = 'late';

/** `clean`: cancelled by way of a state that cleans up; `now`: without waiting for the step in hand. */
export type Act = 'pause' | 'resume' | 'retry' | 'cancel' | 'clean' | 'now' | 'move';
type Acted = 'done' | 'nothing' | 'refused';

/**
 * One machine as the protocol's rules have it: no keys, no scripts, no time but "not due yet". What is done to it without a worker is
 * here too; the verbs of workers are in `WorkerModel`.
 */
export class MachineModel {
  status: MachineStatus = 'queued';
  before: MachineStatus | undefined;
  steps = 0;
  retries = 0;
  rev = 0;
  claims = 0;
  fence = 0;
  nonce = '';
  event = 'pseudo_init';
  /** Delayed, and its time has not come. */
  early = false;
  timer: 'none' | 'armed' | 'due' = 'none';
  takes: Waits['takes'] = {};
  inbox: string[] = [];
  readonly seen = new Set<string>();
  pause = false;
  cancel: 'asked' | 'cleaning' | undefined;
  cleanup = false;
  readonly notes = new Set<string>();
  /** Fences of the last commit, the last fail, and the last word that a cancellation refused: they tell repeats. */
  committed = 0;
  failed = 0;
  ceased = 0;
  readonly lease = new LeaseModel();

  constructor(readonly inboxLimit: number) {}

  get isOver(): boolean {
    return this.status === 'completed' || this.status === 'failed' || this.status === 'cancelled';
  }
  /** Nobody may write where it waits or is over. */
  forgetClaim(): void {
    if (this.status === 'waiting' || this.isOver) this.nonce = '';
  }
  get isDriven(): boolean {
    return this.status === 'queued' || this.status === 'running' || this.status === 'delayed';
  }
  get hasJob(): boolean {
    return this.status === 'queued' || this.status === 'delayed';
  }

  /** K1. */
  isOurs(claim: Mine): boolean {
    const sameStep = this.status === 'running' && this.steps === claim.steps;
    return sameStep && (claim.fence > this.fence || (claim.fence === this.fence && claim.nonce === this.nonce));
  }

  /** What stands between a job and its claim (C2); nothing where it may be claimed. */
  refusal(job: Job): Answer | undefined {
    const order = job.steps - this.steps || job.rev - this.rev || job.retries - this.retries;
    if (order > 0) return { outcome: 'future', job: this.isDriven };
    if (!this.isDriven) return { outcome: 'duplicate', job: false };
    if (order < 0 || job.version !== 1) return { outcome: 'duplicate', job: this.status !== 'running' };
    return this.early ? { outcome: 'early' } : undefined;
  }

  /** Goes on with an event, by a job of its own. */
  drive(event: string): void {
    Object.assign(this, { status: 'queued', before: undefined, event, claims: 0, early: false });
  }

  end(status: 'completed' | 'failed' | 'cancelled'): void {
    Object.assign(this, { status, before: undefined, early: false, pause: false });
    if (status !== 'failed') this.timer = 'none';
  }

  cancelNow(): void {
    this.rev++;
    Object.assign(this, { retries: 0, claims: 0, pause: false, timer: 'none' });
    this.cancel = this.cleanup ? 'cleaning' : undefined;
    if (this.cleanup) this.drive('pseudo_cancel');
    else this.end('cancelled');
  }

  /** O1: what was asked of a running machine is done when its worker has spoken, or is gone. */
  stopAsAsked(before: MachineStatus): boolean {
    if (this.cancel === 'asked') this.cancelNow();
    else if (this.pause) Object.assign(this, { status: 'paused', before, pause: false });
    else return false;
    return true;
  }

  /** A machine that would wait: what is due comes first, then what is in the inbox (K4, J4). */
  settle(): void {
    if (this.status !== 'waiting') return;
    if (this.timer === 'due') {
      this.timer = 'none';
      return this.drive(TIMER);
    }
    const kept: string[] = [];
    for (const [i, event] of this.inbox.entries()) {
      const policy = this.takes[event];
      if (policy === 'take') {
        this.inbox = [...kept, ...this.inbox.slice(i + 1)];
        return this.drive(event);
      }
      if (policy === undefined) kept.push(event);
    }
    this.inbox = kept;
  }

  /** J3. */
  deliver(event: string, id: string): Answer {
    if (this.seen.has(id)) return { outcome: 'duplicate' };
    if (this.isOver) return { outcome: 'ended' };
    const due = this.status === 'waiting' && this.timer === 'due';
    const policy = this.status === 'waiting' && !due ? this.takes[event] : undefined;
    if (policy === 'reject') return { outcome: 'rejected' };
    if (policy === undefined && this.inbox.length >= this.inboxLimit) return { outcome: 'full' };
    this.seen.add(id);
    if (policy === 'ignore') return { outcome: 'ignored' };
    if (policy === 'take') this.drive(event);
    else {
      if (due) this.settle(); // J4: it was due before this event came
      this.inbox.push(event);
    }
    return { outcome: policy === 'take' ? 'taken' : 'kept', job: due || policy === 'take' };
  }

  sweep(leaseHere: boolean): 'drive' | 'fired' | undefined {
    if (this.status === 'running') return leaseHere && this.lease.isLive ? undefined : 'drive';
    if (this.status === 'waiting' && this.timer === 'due') {
      this.settle();
      return 'fired';
    }
    return this.hasJob && !this.early ? 'drive' : undefined;
  }

  /** The time of everything has come. */
  pass(): void {
    this.early = false;
    if (this.timer === 'armed') this.timer = 'due';
  }

  /** An operator's act. */
  act(kind: Act): Answer {
    const outcome = this.perform(kind);
    if (outcome === 'refused') return { outcome, job: false };
    return { outcome: 'done', job: outcome === 'done' && this.hasJob };
  }

  private perform(kind: Act): Acted {
    switch (kind) {
      case 'pause':
        return this.pauseAct();
      case 'resume':
        return this.resumeAct();
      case 'retry':
        return this.retryAct();
      case 'move':
        return this.moveAct();
      default:
        return this.cancelAct(kind);
    }
  }

  private pauseAct(): Acted {
    if (this.isOver) return 'refused';
    if (this.status === 'paused' || this.pause) return 'nothing';
    this.rev++;
    if (this.status === 'running') this.pause = true;
    else Object.assign(this, { before: this.status, status: 'paused' });
    return 'done';
  }

  private resumeAct(): Acted {
    if (this.status === 'paused') {
      Object.assign(this, { status: this.before, before: undefined, claims: 0 });
      this.settle();
    } else if (this.pause) this.pause = false;
    else return this.isOver ? 'refused' : 'nothing';
    this.rev++;
    return 'done';
  }

  private retryAct(): Acted {
    if (this.status !== 'failed') return 'refused';
    this.rev++;
    this.retries = 0;
    this.drive(this.event);
    return 'done';
  }

  private moveAct(): Acted {
    if (this.status === 'running' || this.status === 'completed' || this.status === 'cancelled' || this.cancel) return 'refused';
    this.rev++;
    const { status } = this;
    Object.assign(this, { retries: 0, timer: 'none' });
    this.drive('pseudo_move:z');
    if (status === 'paused') Object.assign(this, { status, before: 'queued' });
    return 'done';
  }

  private cancelAct(kind: 'cancel' | 'clean' | 'now'): Acted {
    const { status } = this;
    if (status === 'completed') return 'refused';
    if (status === 'cancelled' || (this.cancel && kind !== 'now' && status !== 'failed')) return 'nothing';
    this.cleanup = kind === 'clean' && status !== 'failed';
    if (status === 'running' && kind !== 'now') {
      this.rev++;
      this.cancel = 'asked';
    } else this.cancelNow();
    return 'done';
  }
}

export interface Commit {
  readonly next: Next;
  readonly waits: Waits;
}
export type Fail = Failure['next'];
