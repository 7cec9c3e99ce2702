import type { FenceToken } from '../fence-token';

/** An answer as it is kept, to be given again. */
export interface StoredAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Base64, for bodies need not be text. */
  readonly body: string;
}

export interface BeginRequest extends FenceToken {
  /** What is written; tokens compare within it. */
  readonly scope: string;
  readonly key: string;
  /** Of method, path and body: tells a repeat from another request under the same key. */
  readonly fingerprint: string;
  /** Names this one request; never used for another. The same again gets the same answer: clients resend when a reply was lost. */
  readonly attempt: string;
}

export type BeginResult =
  /** Handle it, then call `finish`. */
  | { readonly outcome: 'begun' }
  | { readonly outcome: 'answered'; readonly answer: StoredAnswer }
  | { readonly outcome: 'stale'; readonly kept: FenceToken }
  /** The key was used for another request. */
  | { readonly outcome: 'mismatch' }
  /** The first request of this key, or one of an earlier token of this scope, is being handled. */
  | { readonly outcome: 'busy' };

export type FinishRequest = Pick<BeginRequest, 'scope' | 'key' | 'attempt'>;

export interface AnswerStoreOptions {
  /**
   * How long a request may be handled, in ms. Past it, its process counts as dead and a repeat is let in: choose it longer than the
   * slowest handler. @default 60000
   */
  readonly lockMs?: number;
  /** How long answers and tokens are kept after the last request of their scope, in ms. @default 604800000 (a week) */
  readonly keepMs?: number;
}

export const LOCK_MS = 60_000;
export const KEEP_MS = 7 * 86_400_000;

/**
 * Where a receiver keeps tokens, requests in progress and answers. Both methods are atomic; `begin` checks everything, then writes.
 *
 * One rule more than the other sinks have: while a request of one token is being handled, no request of a later token begins. So what
 * handlers of one scope do, they do in the order of the tokens, as long as none takes longer than `lockMs`.
 */
export interface AnswerStore {
  begin(request: BeginRequest): Promise<BeginResult>;
  /**
   * @param answer is kept; undefined: forgotten, so that a repeat is handled anew
   * @returns false when the request's time was over and another has been let in: its answer counts
   */
  finish(request: FinishRequest, answer: StoredAnswer | undefined): Promise<boolean>;
}
