import fc from 'fast-check';
import { fullJitterDelay, isRetryable, mergedRetry } from './retry';

const highest = (): number => 1 - Number.EPSILON;
const never = (): number => {
  throw new Error('asked for chance');
};

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

  it.each([
    [1, 0, 100],
    [1, 9, 100],
    [3, 2, 900],
    [1.5, 1, 150],
    [1.5, 3, 337],
    [100, 1, 10_000],
    [100, 5000, 60_000],
  ])('without jitter, factor %d, is all of the backoff after %d failures: %d ms', (factor, retries, delay) =>
    expect(fullJitterDelay({ baseMs: 100, factor, jitter: 'none' }, retries, never)).toBe(delay),
  );

  it('is whole and between 0 and the cap, whatever the policy allows', () => {
    const policy = fc.record({
      baseMs: fc.integer({ min: 0, max: 86_400_000 }),
      capMs: fc.integer({ min: 0, max: 86_400_000 }),
      factor: fc.double({ min: 1, max: 100, noNaN: true }),
      jitter: fc.constantFrom('full' as const, 'none' as const),
    });
    fc.assert(
      fc.property(
        policy,
        fc.integer({ min: 0, max: 1000 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (some, retries, chance) => {
          const delay = fullJitterDelay(some, retries, () => chance);
          expect(Number.isSafeInteger(delay) && delay >= 0 && delay <= some.capMs).toBe(true);
        },
      ),
    );
  });
});

describe('mergedRetry', () => {
  it('takes each field of the state, else of the definition', () => {
    const retry = { maxRetries: 9, baseMs: 1, factor: 3, jitter: 'none' as const, retryable: ['A'] };
    expect(mergedRetry({ retry }, { retry: { maxRetries: 0, capMs: 2, retryable: ['B'] } })).toEqual({
      maxRetries: 0,
      baseMs: 1,
      capMs: 2,
      factor: 3,
      jitter: 'none',
      retryable: ['B'],
    });
  });

  it('leaves out what neither says, so that the number of retries is the machine’s own', () => {
    expect(mergedRetry({}, {})).toEqual({});
    expect(mergedRetry({ retry: { baseMs: 1 } }, {})).toEqual({ baseMs: 1 });
    expect(mergedRetry({ retry: { maxRetries: 3 } }, { retry: { maxRetries: undefined } })).toEqual({ maxRetries: 3 });
    expect('maxRetries' in mergedRetry({}, { retry: { maxRetries: undefined } })).toBe(false);
  });
});

describe('isRetryable', () => {
  it('holds for every code, unless the policy lists some', () => {
    expect(isRetryable({}, 'ANY')).toBe(true);
    expect(isRetryable({ retryable: ['A', 'B'] }, 'B')).toBe(true);
    expect(isRetryable({ retryable: ['A', 'B'] }, 'C')).toBe(false);
  });
});
