import { barOf } from './progress-bar';
import { ProgressLine } from './progress-line';
import { age, span } from './time';

function stream(isTTY: boolean): { stream: NodeJS.WriteStream; written: string[] } {
  const written: string[] = [];
  return { stream: { isTTY, write: (text: string) => written.push(text) } as unknown as NodeJS.WriteStream, written };
}

it('a bar fills up, and never over', () => {
  expect(barOf(0, 40)).toBe(`${'░'.repeat(40)} 0/40`);
  expect(barOf(10, 40)).toBe(`${'█'.repeat(10)}${'░'.repeat(30)} 10/40`);
  expect(barOf(50, 40)).toBe(`${'█'.repeat(40)} 50/40`); // totals of running operations are estimates
  expect(barOf(0, 0)).toBe(`${'█'.repeat(40)} 0/0`);
  expect(barOf(7, null)).toBe('7 …');
});

it('a progress line is drawn over on a terminal, and leaves nothing behind', () => {
  const { stream: terminal, written } = stream(true);
  const line = new ProgressLine(terminal);
  line.clear();
  line.show(1, 2, 'started');
  line.clear();
  line.clear();
  expect(written).toEqual([`\r\x1b[K${barOf(1, 2)}  started`, '\r\x1b[K']);
});

it('a progress line says nothing elsewhere', () => {
  const { stream: file, written } = stream(false);
  const line = new ProgressLine(file);
  line.show(1, 2);
  line.clear();
  expect(written).toEqual([]);
});

it.each([
  [0, '0ms'],
  [999, '999ms'],
  [61_000, '1m'],
  [7_199_999, '1h'],
  [90_000_000, '1d'],
])('%i ms are shown as %s', (ms, text) => {
  expect(span(ms)).toBe(text);
});

it('what a server with a fast clock did is not in the future', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  expect(age('2026-01-01T00:00:05Z', now)).toBe('0ms');
  expect(age('2025-12-31T23:59:48Z', now)).toBe('12s');
});
