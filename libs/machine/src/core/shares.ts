import type { Act } from './steering';

export const SHARE_KINDS = ['tenant', 'definition', 'all'] as const;
export type ShareKind = (typeof SHARE_KINDS)[number];

/** Whose share: one tenant's, one definition's (all versions), or that of all machines together. */
export interface ShareTarget {
  readonly kind: ShareKind;
  /** Name of the tenant or definition; `*` for each that has no limits of its own. `*` for `all`. */
  readonly of: string;
}

/** At least one of them. One that is absent limits nothing. */
export interface ShareLimits {
  /** Machines that run at the same time, over all workers: 1 to 1,000,000. */
  readonly concurrency?: number;
  /** Machines taken up each second, on average: 0.001 to 100,000. One that goes on after a rest is taken up again. */
  readonly perSecond?: number;
  /** Machines taken up at once where there was a pause: 1 to 1,000,000. @default perSecond, rounded up */
  readonly burst?: number;
  /** Starts from outside each second: 0.001 to 100,000. */
  readonly startsPerSecond?: number;
  /** Turns that it gets to one of each other, where several wait for the slots of `all`, or of a tenant or definition: 0.01 to 1000. @default 1 */
  readonly weight?: number;
}

export interface ShareView extends ShareTarget, ShareLimits, Act {
  /** `tenant:acme`, `definition:order`, `tenant:*`, `all`. */
  readonly name: string;
  readonly since: string;
  /** Slots in use, those included that are kept for machines on their way; null for `*` of tenants and definitions. */
  readonly inUse: number | null;
  /** Machines that wait for a slot, or for their turn. */
  readonly waiting: number | null;
}

/** Limits of tenants and definitions. Injectable. Workers know of changes within a second. */
export abstract class Shares {
  /** Puts limits in place of those there were. @throws InvalidActError, StoreUnavailableError */
  abstract set(target: ShareTarget, limits: ShareLimits, act?: Act): Promise<ShareView>;
  /** @returns whether there were any */
  abstract remove(target: ShareTarget): Promise<boolean>;
  abstract list(): Promise<readonly ShareView[]>;
  /**
   * Counts starts of a caller against a rate, which no one has to have set.
   *
   * @throws TooManyStartsError where the caller has used up its second
   */
  abstract admitCaller(caller: string, starts: number, perSecond: number): Promise<void>;
}

export function shareName({ kind, of }: ShareTarget): string {
  return kind === 'all' ? 'all' : `${kind}:${of}`;
}

/** Nothing where the text is no name of a share. */
export function shareTarget(name: string): ShareTarget | undefined {
  if (name === 'all') return { kind: 'all', of: '*' };
  const [, kind, of] = /^(tenant|definition):(\S+)$/.exec(name) ?? [];
  return of === undefined ? undefined : { kind: kind as ShareKind, of };
}
