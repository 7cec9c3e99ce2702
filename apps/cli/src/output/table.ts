import { clean } from './clean';
import { colourless, type Colour, type Paint } from './paint';

export interface Column<T> {
  readonly title: string;
  /** Numbers stand to the right; nothing is shown as `-`. */
  readonly value: (row: T) => string | number | null | undefined;
  readonly colour?: (row: T) => Colour | undefined;
}

/** Rows under their titles, columns two spaces apart. Without a line break at the end. */
export function table<T>(rows: readonly T[], columns: readonly Column<T>[], paint: Paint = colourless): string {
  const cells = rows.map((row) => columns.map(({ value }) => value(row)));
  const texts = cells.map((line) => line.map(textOf));
  const widths = columns.map(({ title }, c) => Math.max(widthOf(title), ...texts.map((line) => widthOf(line[c] ?? ''))));
  const right = columns.map((_, c) => isNumeric(cells.map((line) => line[c])));
  const lineOf = (line: readonly string[], colourOf: (c: number) => Colour | undefined): string =>
    line
      .map((text, c) => {
        const gap = ' '.repeat((widths[c] ?? 0) - widthOf(text));
        const painted = paint(text, colourOf(c));
        if (right[c]) return gap + painted;
        return c === line.length - 1 ? painted : painted + gap;
      })
      .join('  ');
  const head = lineOf(
    columns.map(({ title }) => title),
    () => 'dim',
  );
  const body = texts.map((line, r) => lineOf(line, (c) => columns[c]?.colour?.(rows[r] as T)));
  return [head, ...body].join('\n');
}

/** Names and values, one pair a line; pairs without a value are left out. */
export function pairs(
  entries: readonly (readonly [name: string, value: string | number | null | undefined])[],
  paint: Paint,
): string {
  const given = entries.filter(([, value]) => value !== null && value !== undefined && value !== '');
  const width = Math.max(...given.map(([name]) => name.length));
  return given.map(([name, value]) => `${paint(name.padEnd(width), 'dim')}  ${clean(String(value))}`).join('\n');
}

function isNumeric(values: readonly unknown[]): boolean {
  const given = values.filter((value) => value !== null && value !== undefined);
  return given.length > 0 && given.every((value) => typeof value === 'number');
}

function textOf(value: string | number | null | undefined): string {
  return value === null || value === undefined || value === '' ? '-' : clean(String(value));
}

/** In characters as people count them, not in UTF-16 units. */
function widthOf(text: string): number {
  return [...text].length;
}
