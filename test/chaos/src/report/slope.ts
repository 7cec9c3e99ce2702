/** A value at a time, in hours. */
export type Point = readonly [hours: number, value: number];

/**
 * How fast values grow, as a share of their median an hour: the median of the slopes between all pairs (Theil 1950, Sen 1968), which a
 * few outliers do not move. @returns 0 for fewer than two points
 */
export function slopePerHour(points: readonly Point[]): number {
  const slopes: number[] = [];
  points.forEach(([at, value], i) => {
    for (const [later, next] of points.slice(i + 1)) slopes.push((next - value) / (later - at));
  });
  const middle = median(points.map(([, value]) => value));
  return slopes.length === 0 || middle === 0 ? 0 : median(slopes) / middle;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : ((sorted[half - 1] ?? 0) + (sorted[half] ?? 0)) / 2;
}
