import { show } from '../check';

const MAX_BYTES = 63;

/**
 * A name as SQL takes it, quoted: nothing in it can end the quotes. What is longer than 63 bytes is refused, since the server would
 * cut it off and perhaps mean another column.
 *
 * @throws TypeError, RangeError
 */
export function quoteName(field: string, name: unknown): string {
  if (typeof name !== 'string') throw new TypeError(`${field} is ${show(name)}; give a name`);
  const bytes = Buffer.byteLength(name);
  if (bytes === 0 || bytes > MAX_BYTES) throw new RangeError(`${field} is ${show(name)}, ${bytes} bytes; give 1 to ${MAX_BYTES}`);
  if (name.includes('\0')) throw new RangeError(`${field} has a NUL character; leave it out`);
  return `"${name.replaceAll('"', '""')}"`;
}

/** `orders` or `['sales', 'orders']`: a table, or schema and table. */
export type TableName = string | readonly [schema: string, table: string];

export function quoteTable(table: TableName): string {
  if (typeof table === 'string') return quoteName('table', table);
  if (!Array.isArray(table) || table.length !== 2) throw new TypeError('table is neither a name nor [schema, name]');
  return `${quoteName('schema', table[0])}.${quoteName('table', table[1])}`;
}
