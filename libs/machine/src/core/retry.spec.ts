import { fullJitterDelay } from './retry';

const highest = (): number => 1 - Number.EPSILON;

describe('fullJitterDelay', () => {
  it.each([
    [0, 999],
    [1, 1999],
    [5, 31_999],
    [6, 59_999],
    [5000, 59_999],
  ])('after %d failures is at most %d ms by default', (retries, most) =>
    expect(fullJitterDelay({}, retries, highest)).toBe(most),
  );

  it('goes down to 0', () => expect(fullJitterDelay({}, 3, () => 0)).toBe(0));
  it('takes base and cap of the policy', () => {
    expect(fullJitterDelay({ baseMs: 10, capMs: 25 }, 1, () => 0.5)).toBe(10);
    expect(fullJitterDelay({ baseMs: 10, capMs: 25 }, 2, () => 0.5)).toBe(12);
    expect(fullJitterDelay({ baseMs: 0 }, 5000, highest)).toBe(0);
  });
});
