import type { StepRef } from '@stile/lease';
import { holds } from './disagreement';

/** A token that has jumped is server time in µs; one that has only been counted never comes here (September 2020). */
export const JUMPED = 1_600_000_000_000_000;

export type Grant =
  | { readonly outcome: 'granted'; readonly fence: number }
  | { readonly outcome: 'held'; readonly by: string }
  | { readonly outcome: 'refused' };

export const placeOf = ({ steps, retries }: StepRef): string => `${steps}.${retries}`;

/** The lease of one id as rules L1–L6 have it, without time: it is alive until somebody lets it expire. */
export class LeaseModel {
  /** Last token handed out; 0 before the first (L2, L6). */
  counter = 0;
  /** Nonce of the last grant; '' once released. */
  holder = '';
  place = '';
  expired = false;
  /** The server is not the one that granted last (L3). */
  foreign = false;
  private advanced = false;

  get isLive(): boolean {
    return this.holder !== '' && !this.expired;
  }

  isHeldBy(fence: number): boolean {
    return this.isLive && this.counter === fence;
  }

  /** L1: an acquire that is sent again. */
  isRepeat(nonce: string, at: StepRef): boolean {
    return this.holder === nonce && this.place === placeOf(at);
  }

  /** @param seen token that the store gave: believed only where it jumps, and then it must have */
  acquire(nonce: string, at: StepRef, floor: number, jump: boolean, seen: number | undefined): Grant {
    if (this.isRepeat(nonce, at)) return { outcome: 'granted', fence: this.counter };
    if (this.isLive) return { outcome: 'held', by: this.place };
    let fence = Math.max(this.counter, floor) + 1;
    if (jump || this.foreign) {
      holds('L3: a new server jumps above its time and above all tokens', (seen ?? 0) >= Math.max(fence, JUMPED), {
        seen,
        fence,
      });
      fence = seen ?? 0;
    }
    Object.assign(this, { counter: fence, holder: nonce, place: placeOf(at), expired: false, foreign: false, advanced: false });
    return { outcome: 'granted', fence };
  }

  renew(fence: number): boolean {
    return this.isHeldBy(fence);
  }

  /** L4. */
  canAdvance(fence: number): boolean {
    return this.isHeldBy(fence) && !this.foreign;
  }

  advance(fence: number, from: StepRef, to: StepRef): Grant {
    const again = this.advanced && this.holder !== '' && this.counter === fence + 1 && this.place === placeOf(to);
    if (!again) {
      if (!this.canAdvance(fence) || this.place !== placeOf(from)) return { outcome: 'refused' };
      Object.assign(this, { counter: fence + 1, place: placeOf(to), advanced: true });
    }
    return { outcome: 'granted', fence: this.counter };
  }

  release(at: StepRef, fence: number): boolean {
    if (!this.isHeldBy(fence) || this.place !== placeOf(at)) return false;
    this.end();
    return true;
  }

  end(): void {
    this.holder = '';
  }

  expire(): void {
    this.expired = true;
  }

  /** L6: only with what it protects; or a store that has lost its data. */
  forget(): void {
    Object.assign(this, new LeaseModel());
  }
}
