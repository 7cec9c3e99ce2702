import fc from 'fast-check';
import { boundOf, bucketOf, BUCKETS, Histogram, octaveBound, octaveOf, quantile } from './histogram';

describe('buckets', () => {
  it('hold their upper bound, and what is above it is in the next', () => {
    for (let bucket = 0; bucket < BUCKETS - 1; bucket++) {
      expect(bucketOf(boundOf(bucket) * (1 - 1e-12))).toBe(bucket);
      expect(bucketOf(boundOf(bucket) * (1 + 1e-12))).toBe(bucket + 1);
    }
    expect([bucketOf(1), boundOf(bucketOf(1))]).toEqual([16, 1]);
  });

  it('take any number there is', () => {
    expect([-1, 0, NaN, 1e-300].map(bucketOf)).toEqual([0, 0, 0, 0]);
    expect([1e300, Infinity].map(bucketOf)).toEqual([BUCKETS - 1, BUCKETS - 1]);
    expect(boundOf(BUCKETS - 1)).toBe(Infinity);
  });

  it('fold into octaves without a time that goes past its bound', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 2e9, noNaN: true }), (ms) => {
        const octave = octaveOf(bucketOf(ms));
        expect(ms).toBeLessThanOrEqual(octaveBound(octave) * (1 + 1e-12));
        if (octave > 0) expect(ms).toBeGreaterThan(octaveBound(octave - 1) * (1 - 1e-12));
      }),
    );
    expect([4, 5, 8].map((octave) => octaveBound(octave))).toEqual([1, 2, 16]);
    expect(octaveBound(octaveOf(BUCKETS - 1))).toBe(Infinity);
  });
});

describe('quantile', () => {
  const of = (times: readonly number[]): ReadonlyMap<number, number> => {
    const histogram = new Histogram();
    for (const ms of times) histogram.add(ms);
    return histogram.take()?.counts ?? new Map();
  };

  it('is off by a fifth at most, from microseconds to days', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 8.64e8, noNaN: true }), fc.constantFrom(0.5, 0.95), (ms, share) => {
        const found = quantile(of(Array.from({ length: 20 }, () => ms)), share) ?? 0;
        expect(Math.abs(Math.log2(found / ms))).toBeLessThanOrEqual(0.25 + 1e-9);
      }),
    );
    const spread = of(Array.from({ length: 1000 }, (_, i) => i + 1));
    expect(Math.abs((quantile(spread, 0.5) ?? 0) - 500)).toBeLessThan(50);
    expect(Math.abs((quantile(spread, 0.95) ?? 0) - 950)).toBeLessThan(95);
  });

  it('is nothing of nothing, and the last bound of what has none', () => {
    expect(quantile(new Map(), 0.5)).toBeNull();
    expect(quantile(new Map([[3, 0]]), 0.5)).toBeNull();
    expect(quantile(of([1e12]), 0.95)).toBe(boundOf(BUCKETS - 2));
    expect(quantile(of([0]), 0.5)).toBe(boundOf(0) / 2);
  });
});

describe('Histogram', () => {
  it('gives what was counted since it was last asked', () => {
    const histogram = new Histogram();
    expect(histogram.take()).toBeUndefined();
    for (const ms of [1, 1, 40, -5]) histogram.add(ms);
    expect(histogram.take()).toEqual({
      counts: new Map([
        [0, 1],
        [16, 2],
        [bucketOf(40), 1],
      ]),
      sumMs: 42,
    });
    histogram.add(2);
    expect(histogram.take()).toEqual({ counts: new Map([[20, 1]]), sumMs: 2 });
    expect(histogram.take()).toBeUndefined();
  });
});
