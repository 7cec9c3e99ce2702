import { formatDuration, parseDuration } from './duration';

describe('parseDuration', () => {
  it.each([
    ['0ms', 0],
    ['100ms', 100],
    ['1.5s', 1500],
    ['5m', 300_000],
    ['2 h', 7_200_000],
    ['7d', 604_800_000],
    ['0.0004s', 0],
  ])('%s is %d ms', (text, ms) => expect(parseDuration(text)).toBe(ms));

  it.each(['', '5', 'd', '-1s', '1e3s', '1w', '1 d 2 h', '.5s', '5S', '999999999999999d', '1s\n2'])('%j is no duration', (text) =>
    expect(parseDuration(text)).toBeUndefined(),
  );
});

describe('formatDuration', () => {
  it.each([
    [0, '0ms'],
    [1500, '1500ms'],
    [90_000, '90s'],
    [7_200_000, '2h'],
    [604_800_000, '7d'],
    [0.5, '0.5ms'],
  ])('%d ms is %s', (ms, text) => expect(formatDuration(ms)).toBe(text));
});
