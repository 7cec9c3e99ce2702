import { clock, coarse, duration, fromLocalInput, relative, toLocalInput } from './time';

describe('durations', () => {
  it.each([
    [0, '0 ms'],
    [0.001, '<0.01 ms'],
    [0.4, '0.4 ms'],
    [0.424, '0.42 ms'],
    [1, '1 ms'],
    [999, '999 ms'],
    [999.7, '1 s'],
    [1000, '1 s'],
    [1250, '1.25 s'],
    [9500, '9.5 s'],
    [12_340, '12 s'],
    [59_600, '1 min'],
    [185_000, '3 min 5 s'],
    [3_600_000, '1 h'],
    [8_040_000, '2 h 14 min'],
    [86_400_000, '1 d'],
    [273_600_000, '3 d 4 h'],
    [-1500, '-1.5 s'],
  ])('%d ms', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });

  it.each([
    [999, '0 s'],
    [59_999, '59 s'],
    [61_000, '1 min 1 s'],
    [601_000, '10 min'],
    [3_661_000, '1 h 1 min'],
    [90_000_000, '1 d 1 h'],
  ])('%d ms, coarsely', (ms, text) => {
    expect(coarse(ms)).toBe(text);
  });
});

describe('times', () => {
  const now = Date.parse('2026-11-28T12:00:00Z');
  const at = (ms: number): string => new Date(now + ms).toISOString();

  it('are told from now', () => {
    expect(relative(at(-500), now)).toBe('now');
    expect(relative(at(-12_000), now)).toBe('12 s ago');
    expect(relative(at(7_200_000), now)).toBe('in 2 h 0 min');
  });

  it('are told by the clock, with the date where it is another', () => {
    const noon = new Date(2026, 10, 28, 12, 0, 0).getTime();
    expect(clock(new Date(2026, 10, 28, 3, 12, 7, 45).toISOString(), noon)).toBe('03:12:07.045');
    expect(clock(new Date(2026, 10, 27, 3, 12, 7).toISOString(), noon)).toBe('27 Nov 03:12:07');
    expect(clock(new Date(2025, 0, 1, 0, 0, 0).toISOString(), noon)).toBe('1 Jan 2025 00:00:00');
  });

  it('go into a field and come out of it', () => {
    const iso = new Date(2026, 10, 28, 3, 12, 7).toISOString();
    expect(fromLocalInput(toLocalInput(iso))).toBe(iso);
    expect(toLocalInput(undefined)).toBe('');
    expect(toLocalInput('soon')).toBe('');
    expect(fromLocalInput('')).toBeUndefined();
    expect(fromLocalInput('soon')).toBeUndefined();
  });
});
