import { InvalidActError } from '../core/errors';
import { TooManyStartsError } from '../core/limit-errors';
import { isName, NAME_RULE, quote } from '../core/names';
import type { ShareStore } from '../core/share-ports';
import { SHARE_KINDS, shareName, Shares, type ShareLimits, type ShareTarget, type ShareView } from '../core/shares';
import type { Act } from '../core/steering';
import { isTenant, TENANT_RULE } from '../core/tenant';
import { checkAct } from './check-act';

interface Range {
  readonly min: number;
  readonly max: number;
  readonly whole: boolean;
}

export const SHARE_RANGES: Readonly<Record<keyof ShareLimits, Range>> = {
  concurrency: { min: 1, max: 1_000_000, whole: true },
  perSecond: { min: 0.001, max: 100_000, whole: false },
  burst: { min: 1, max: 1_000_000, whole: true },
  startsPerSecond: { min: 0.001, max: 100_000, whole: false },
  weight: { min: 0.01, max: 1000, whole: false },
};

/** Limits of tenants and definitions, as operators set them. A name need not be known yet: its limits wait for it. */
export class ShareService extends Shares {
  constructor(private readonly store: ShareStore) {
    super();
  }

  async set(target: ShareTarget, limits: ShareLimits, act: Act = {}): Promise<ShareView> {
    checkTarget(target);
    checkLimits(limits);
    checkAct(act);
    return this.store.put(target, limits, act);
  }

  async remove(target: ShareTarget): Promise<boolean> {
    checkTarget(target);
    return this.store.remove(shareName(target));
  }

  list(): Promise<readonly ShareView[]> {
    return this.store.all();
  }

  async admitCaller(caller: string, count: number, perSecond: number): Promise<void> {
    const full = await this.store.admit([{ name: `caller:${caller}`, count, perSecond }]);
    if (full) throw new TooManyStartsError(`caller "${caller}"`, perSecond, full.afterMs);
  }
}

function checkTarget({ kind, of }: ShareTarget): void {
  if (!SHARE_KINDS.includes(kind)) {
    throw new InvalidActError('kind', kind, `is ${quote(kind)}; give one of ${SHARE_KINDS.join(', ')}`);
  }
  if (of === '*' || (kind === 'tenant' && isTenant(of)) || (kind === 'definition' && isName(of))) return;
  const wanted = kind === 'all' ? 'give *' : `give *, or ${kind === 'tenant' ? TENANT_RULE : NAME_RULE}`;
  throw new InvalidActError('of', of, `is ${quote(of)}; ${wanted}`);
}

function checkLimits(limits: ShareLimits): void {
  const given = (Object.keys(SHARE_RANGES) as (keyof ShareLimits)[]).filter((field) => limits[field] !== undefined);
  if (given.length === 0) {
    throw new InvalidActError('limits', undefined, `are missing; give one at least of ${Object.keys(SHARE_RANGES).join(', ')}`);
  }
  for (const field of given) {
    const { min, max, whole } = SHARE_RANGES[field];
    const value: unknown = limits[field];
    const fits = typeof value === 'number' && value >= min && value <= max && (!whole || Number.isInteger(value));
    if (fits) continue;
    throw new InvalidActError(field, value, `is ${quote(value)}; give a ${whole ? 'whole ' : ''}number from ${min} to ${max}`);
  }
  if (limits.burst !== undefined && limits.perSecond === undefined) {
    throw new InvalidActError('burst', limits.burst, 'is given without perSecond; give both, or perSecond alone');
  }
}
