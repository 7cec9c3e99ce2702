/**
 * The right to run one step of one machine, as handed out by a {@link LeaseStore}.
 *
 * All times are server time of the store that answered, in milliseconds since the epoch. Never compare them with a local
 * clock, nor with the time of another store (rule L5): a holder stops at its own monotonic deadline instead.
 */
export interface StepRef {
  /** Number of committed steps, ≥ 0. */
  readonly steps: number;
  /** Number of failed attempts at this step so far, ≥ 0. */
  readonly retries: number;
}

export interface AcquireOptions {
  /** Names this attempt at this step; never used for another. The same nonce again gets the same answer (L1): clients resend when a reply was lost. */
  readonly nonce: string;
  /** How long the lease lasts, in milliseconds. */
  readonly ttlMs: number;
  /** The new fence token is greater than this (L2). @default 0 */
  readonly floor?: number;
  /** Jump to server time in µs even if the store sees no reason to (S1: the record's server changed). @default false */
  readonly jump?: boolean;
  /** Where the caller has just read that this id is placed: saves {@link FailoverLeases} that read. Other stores ignore it. */
  readonly seat?: Seat;
}

/** One of two lease stores. */
export type StoreName = 'primary' | 'secondary';

/** The store an id is placed on, and the floor of its tokens there. */
export interface Seat {
  readonly store: StoreName;
  /** Raised at each flip, so that the other store's tokens are greater than all handed out so far. */
  readonly floor: number;
}

/** `unavailable` means that nothing is known: the store could not be reached or could not answer. It never means "held". */
export interface Unavailable {
  readonly outcome: 'unavailable';
  readonly cause: Error;
}

export interface Granted {
  readonly outcome: 'granted';
  /** Fence token: for one id it only ever grows; below 2^53. */
  readonly fence: number;
  /** Server time in ms at which the lease expires unless renewed. */
  readonly until: number;
  /** Which of two stores granted it; only from {@link FailoverLeases}. */
  readonly store?: StoreName;
}

export interface Held {
  readonly outcome: 'held';
  /** The step that the present holder runs. */
  readonly by: StepRef;
  readonly until: number;
  /** What the lease has left, in ms, by the server's own clock. */
  readonly leftMs: number;
}

export type AcquireResult = Granted | Held | Unavailable;
export type RenewResult = { readonly outcome: 'renewed'; readonly until: number } | { readonly outcome: 'lost' } | Unavailable;
export type AdvanceResult = Granted | { readonly outcome: 'refused' } | Unavailable;

/**
 * Exclusive, expiring, fenced leases, one per id.
 *
 * One contract suite (`testing/lease-store.contract.ts`) holds for every implementation. The first token of an id is 1, each
 * next grant adds 1. When the server's identity differs from that of the last grant (failover, restore), the token jumps to
 * server time in µs, so a token is never issued twice even where the log's tail was lost (L3).
 */
export interface LeaseStore {
  /** Granted when there is no lease, the last one was released, or it has expired. Not re-entrant: see {@link AcquireOptions.nonce}. */
  acquire(id: string, at: StepRef, options: AcquireOptions): Promise<AcquireResult>;
  /** Extends a live lease to now + ttl. An expired lease is lost, even if nobody took it. */
  renew(id: string, fence: number, ttlMs: number): Promise<RenewResult>;
  /**
   * Releases step `from` and acquires step `to` in one go, fence + 1. Refused when the lease is not this holder's, has
   * expired, or the server's identity is not that of the last grant (L4). A repeat of an advance that took place is answered alike.
   */
  advance(id: string, fence: number, from: StepRef, to: StepRef, ttlMs: number): Promise<AdvanceResult>;
  /**
   * @returns true only for the live holder with exactly this step and fence.
   * @throws LeaseUnavailableError when the store cannot answer; the lease then ends by expiry.
   */
  release(id: string, at: StepRef, fence: number): Promise<boolean>;
  /**
   * Drops the id's counter. Only when whatever the fence protects is gone for good (L6).
   * @throws LeaseUnavailableError
   */
  forget(id: string): Promise<void>;
}
