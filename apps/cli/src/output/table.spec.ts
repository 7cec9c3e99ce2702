import { clean, clip, oneLine } from './clean';
import { colourful, colourless } from './paint';
import { pairs, table, type Column } from './table';

interface Row {
  readonly name: string;
  readonly count: number;
  readonly note?: string;
}

const columns: Column<Row>[] = [
  { title: 'name', value: ({ name }) => name, colour: ({ count }) => (count > 9 ? 'red' : undefined) },
  { title: 'count', value: ({ count }) => count },
  { title: 'note', value: ({ note }) => note },
];

describe('table', () => {
  it('aligns texts to the left and numbers to the right', () => {
    const rows = [
      { name: 'a', count: 7, note: 'x' },
      { name: 'größer', count: 1234 },
    ];
    expect(table(rows, columns).split('\n')).toEqual([
      'name    count  note', //
      'a           7  x',
      'größer   1234  -',
    ]);
  });

  it('shows titles alone when there is nothing', () => {
    expect(table([], columns)).toBe('name  count  note');
  });

  it('aligns by what is seen: colours take no room, and characters of two UTF-16 units one place', () => {
    const rows = [
      { name: '𝄞', count: 10 },
      { name: 'ab', count: 1 },
    ];
    const [, first, second] = table(rows, columns, colourful).split('\n');
    expect(first).toBe(`\x1b[31m𝄞\x1b[0m${' '.repeat(3)}  ${' '.repeat(3)}10  -`);
    expect(second).toBe(`ab${' '.repeat(2)}  ${' '.repeat(4)}1  -`);
  });

  it('lets no data steer the terminal or begin a line', () => {
    const text = table([{ name: 'a\x1b[2Jb\nc\u009b', count: 1 }], columns);
    expect(text.split('\n')).toHaveLength(2);
    expect(text).toContain('a\\u001b[2Jb\\nc\\u009b');
  });
});

it('pairs leave out what is not there', () => {
  const entries = { status: 'failed', by: null, retries: 0, why: '' };
  expect(pairs(Object.entries(entries), colourless)).toBe('status   failed\nretries  0');
});

it('texts are cleaned, clipped and put on one line', () => {
  expect(clean('a\tb\0')).toBe('a b\\u0000');
  expect(oneLine(' first\n  second\n')).toBe('first second');
  expect(clip('abcdef', 4)).toBe('abc…');
  expect(clip('abcd', 4)).toBe('abcd');
});
