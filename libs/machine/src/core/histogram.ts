/**
 * Times in buckets whose bounds are fixed for ever and the same everywhere, so that what many workers have measured is added up bucket by
 * bucket, and a quantile is read from the sum. Bounds grow by the fourth root of two: a quantile is off by a fifth at most, whether of
 * microseconds or of days. Four of them make an octave, which is what Prometheus is shown: 1 ms is a bound, 2 ms the next.
 */
const PER_OCTAVE = 4;
/** Upper bound of bucket 0: 2^-4 ms, a sixteenth of a millisecond. */
const FIRST_EXPONENT = -4;
/** Upper bound of the last bucket but one: 2^30 ms, twelve days. All that took longer is in the last one. */
const LAST_EXPONENT = 30;
const OVERFLOW = (LAST_EXPONENT - FIRST_EXPONENT) * PER_OCTAVE + 1;

/** Number of buckets; the last one has no upper bound. */
export const BUCKETS = OVERFLOW + 1;

/** The bucket of a time; its upper bound is part of it. @param ms what is negative or no number counts as nothing */
export function bucketOf(ms: number): number {
  if (!(ms > 2 ** FIRST_EXPONENT)) return 0;
  return Math.min(OVERFLOW, Math.ceil((Math.log2(ms) - FIRST_EXPONENT) * PER_OCTAVE));
}

/** Upper bound of a bucket, ms; `Infinity` of the last one. */
export function boundOf(bucket: number): number {
  return bucket >= OVERFLOW ? Infinity : 2 ** (FIRST_EXPONENT + bucket / PER_OCTAVE);
}

/** The octave that a bucket is in: the octave's bound is the first of a whole power of two that is not below the bucket's. */
export function octaveOf(bucket: number): number {
  return Math.ceil(bucket / PER_OCTAVE);
}

/** Upper bound of an octave, ms; `Infinity` of the last one. */
export function octaveBound(octave: number): number {
  return boundOf(octave * PER_OCTAVE);
}

/**
 * The time that a share of all times does not exceed, ms; within a bucket as if its times were spread evenly over its logarithm.
 *
 * @param counts by bucket
 * @param share 0.5 for the median
 * @returns null where nothing was counted
 */
export function quantile(counts: ReadonlyMap<number, number>, share: number): number | null {
  const filled = [...counts].filter(([, count]) => count > 0).sort(([a], [b]) => a - b);
  const rank = share * filled.reduce((sum, [, count]) => sum + count, 0);
  let below = 0;
  for (const [bucket, count] of filled) {
    if (below + count >= rank) return within(bucket, (rank - below) / count);
    below += count;
  }
  return null;
}

function within(bucket: number, part: number): number {
  if (bucket === 0) return boundOf(0) * part;
  const lower = boundOf(bucket - 1);
  return bucket >= OVERFLOW ? lower : lower * (boundOf(bucket) / lower) ** part;
}

/** Counts times until they are taken away. */
export class Histogram {
  private readonly counts = new Uint32Array(BUCKETS);
  private sumMs = 0;
  private lowest = BUCKETS;
  private highest = -1;

  add(ms: number): void {
    const bucket = bucketOf(ms);
    this.counts[bucket] = (this.counts[bucket] ?? 0) + 1;
    this.sumMs += ms > 0 ? ms : 0;
    if (bucket < this.lowest) this.lowest = bucket;
    if (bucket > this.highest) this.highest = bucket;
  }

  /** What was counted since the last call; nothing where nothing was. */
  take(): { readonly counts: ReadonlyMap<number, number>; readonly sumMs: number } | undefined {
    if (this.highest < 0) return undefined;
    const counts = new Map<number, number>();
    for (let bucket = this.lowest; bucket <= this.highest; bucket++) {
      const count = this.counts[bucket];
      if (count) counts.set(bucket, count);
    }
    const taken = { counts, sumMs: this.sumMs };
    this.counts.fill(0, this.lowest, this.highest + 1);
    this.sumMs = 0;
    this.lowest = BUCKETS;
    this.highest = -1;
    return taken;
  }
}
