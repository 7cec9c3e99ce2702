import { checkInteger, checkText, show } from './check';

/**
 * Who writes: a step (or a lease) under its fence token. A `Step` of `@stile/machine` can be given as it is.
 *
 * Tokens compare within one run only: a machine that is started again under an old id begins with token 1 again (rule K5).
 */
export interface FenceToken {
  /** One per start of a machine, never used for another; 1 … 256 characters. Where tokens come from a bare lease: any constant. */
  readonly runId: string;
  /** Fence token of the lease, 1 … 2^53 - 1. */
  readonly fence: number;
}

/** What a sink keeps beside the data of one scope. */
export interface KeptFence extends FenceToken {
  /** Runs that wrote before `runId` did. They write no more. */
  readonly retired: readonly string[];
}

/**
 * The rule of every sink; Lua and SQL say the same.
 *
 * Within a run: not below the token kept. Equal passes: the same attempt once more, or another action of the same step.
 * Another run: a run never seen here takes the scope over, and the run before it is refused from then on. Run ids have no order, so
 * a run that never wrote here passes for a new one: see docs/guide/sinks.md, what is left open.
 */
export function admits(kept: KeptFence | undefined, { runId, fence }: FenceToken): boolean {
  if (!kept) return true;
  return kept.runId === runId ? kept.fence <= fence : !kept.retired.includes(runId);
}

/** What is kept once `token` has written. Only after {@link admits}. */
export function raised(kept: KeptFence | undefined, { runId, fence }: FenceToken): KeptFence {
  if (!kept) return { runId, fence, retired: [] };
  return { runId, fence, retired: kept.runId === runId ? kept.retired : [...kept.retired, kept.runId] };
}

/** @throws TypeError, RangeError naming the field that cannot be used */
export function checkToken(token: FenceToken): void {
  if (typeof token !== 'object' || token === null) {
    throw new TypeError(`token is ${show(token)}; give { runId, fence }, or the step`);
  }
  checkText('runId', token.runId, 256);
  checkInteger('fence', token.fence, 1);
}

/**
 * The sink has seen a greater token of this run, or a later run: somebody else does this step by now. Nothing was written.
 * Let it go through: the engine's own fence refuses what this attempt then says of itself, and no retry is spent.
 */
export class StaleFenceError extends Error {
  readonly code = 'STALE_FENCE';
  constructor(
    readonly scope: string,
    readonly given: FenceToken,
    /** Undefined where it was gone by the time it was read for this message. */
    readonly kept?: FenceToken,
  ) {
    super(
      `"${scope}" refuses fence ${given.fence} of run ${given.runId}: ` +
        (kept ? `it has seen fence ${kept.fence} of run ${kept.runId}` : 'it has seen a later one') +
        '; stop, another worker has taken over',
    );
    this.name = 'StaleFenceError';
  }
}
