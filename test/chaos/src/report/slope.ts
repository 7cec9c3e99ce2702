/** A value at a time, in hours. */
export type Point = readonly [hours: number, value: number];

/** Shares of the median an hour. */
export interface Slope {
  readonly perHour: number;
  /** Of the interval that holds the true one with 95 %. */
  readonly least: number;
  readonly most: number;
}

/**
 * How fast values grow: the median of the slopes between all pairs, which a few outliers do not move, and its interval of 95 % by Kendall's
 * distribution (Theil 1950, Sen 1968). All 0 for fewer than two points.
 */
export function slopeOf(points: readonly Point[]): Slope {
  const slopes: number[] = [];
  points.forEach(([at, value], i) => {
    for (const [later, next] of points.slice(i + 1)) slopes.push((next - value) / (later - at));
  });
  slopes.sort((a, b) => a - b);
  const middle = median(points.map(([, value]) => value));
  if (slopes.length === 0 || middle === 0) return { perHour: 0, least: 0, most: 0 };
  const n = points.length;
  const spread = 1.96 * Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
  const ranked = (rank: number): number => slopes[Math.min(slopes.length - 1, Math.max(0, Math.round(rank)))] ?? 0;
  const of = (slope: number): number => slope / middle;
  return {
    perHour: of(median(slopes)),
    least: of(ranked((slopes.length - spread) / 2 - 1)),
    most: of(ranked((slopes.length + spread) / 2)),
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : ((sorted[half - 1] ?? 0) + (sorted[half] ?? 0)) / 2;
}
