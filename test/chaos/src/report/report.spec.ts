import { quantile } from './quantile';
import { slopeOf } from './slope';

it('a slope is a share of the median an hour, and an outlier does not move it', () => {
  const flat = Array.from({ length: 20 }, (_, i) => [i / 60, 100] as const);
  expect(slopeOf(flat)).toEqual({ perHour: 0, least: 0, most: 0 });
  expect(slopeOf(flat.map(([at], i) => [at, i === 7 ? 900 : 100] as const)).perHour).toBe(0);
  const rising = flat.map(([at]) => [at, 100 + 10 * at] as const);
  expect(slopeOf(rising).perHour).toBeCloseTo(0.1, 2);
  expect(slopeOf(rising.map(([at, value], i) => [at, i === 3 ? 1000 : value] as const)).perHour).toBeCloseTo(0.1, 2);
  expect(slopeOf([[0, 5]])).toEqual({ perHour: 0, least: 0, most: 0 });
});

it('the interval of a slope tells growth from noise', () => {
  const noise = (i: number): number => ((i * 7919) % 13) - 6;
  const points = (growth: number) => Array.from({ length: 26 }, (_, i) => [i / 75, 1000 + growth * (i / 75) + noise(i)] as const);
  const still = slopeOf(points(0));
  expect(still.least).toBeLessThan(0);
  expect(still.most).toBeGreaterThan(0);
  const grown = slopeOf(points(100)); // 10 % an hour
  expect(grown.least).toBeGreaterThan(0.05);
  expect(grown.most).toBeLessThan(0.15);
});

it('a quantile is one of the values', () => {
  const values = Array.from({ length: 100 }, (_, i) => 100 - i);
  expect([quantile(values, 0.5), quantile(values, 0.99), quantile(values, 1), quantile([7], 0.5), quantile([], 0.5)]).toEqual([
    50, 99, 100, 7, 0,
  ]);
});
