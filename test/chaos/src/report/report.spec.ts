import { quantile } from './quantile';
import { slopePerHour } from './slope';

it('a slope is a share of the median an hour, and an outlier does not move it', () => {
  const flat = Array.from({ length: 20 }, (_, i) => [i / 60, 100] as const);
  expect(slopePerHour(flat)).toBe(0);
  expect(slopePerHour(flat.map(([at], i) => [at, i === 7 ? 900 : 100] as const))).toBe(0);
  const rising = flat.map(([at]) => [at, 100 + 10 * at] as const);
  expect(slopePerHour(rising)).toBeCloseTo(0.1, 2);
  expect(slopePerHour(rising.map(([at, value], i) => [at, i === 3 ? 1000 : value] as const))).toBeCloseTo(0.1, 2);
  expect(slopePerHour([[0, 5]])).toBe(0);
});

it('a quantile is one of the values', () => {
  const values = Array.from({ length: 100 }, (_, i) => 100 - i);
  expect([quantile(values, 0.5), quantile(values, 0.99), quantile(values, 1), quantile([7], 0.5), quantile([], 0.5)]).toEqual([
    50, 99, 100, 7, 0,
  ]);
});
