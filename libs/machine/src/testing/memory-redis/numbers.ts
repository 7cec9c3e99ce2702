import { notAFloat, notAnInteger, RedisError } from './reply';

const INTEGER = /^(?:0|-?[1-9]\d{0,18})$/;
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const INFINITY = /^([+-]?)inf(?:inity)?$/i;
export const INT64_MAX = 2n ** 63n - 1n;
export const INT64_MIN = -(2n ** 63n);

/** A 64-bit integer as Redis writes it: no `+`, no leading zero, no space. */
export function readBigInteger(text: string): bigint | undefined {
  if (!INTEGER.test(text)) return undefined;
  const value = BigInt(text);
  return value >= INT64_MIN && value <= INT64_MAX ? value : undefined;
}

/** @throws RedisError */
export function integer(text: string): number {
  const value = readBigInteger(text);
  if (value === undefined) throw notAnInteger();
  return Number(value);
}

/** How many elements to take. @throws RedisError */
export function amount(text: string): number {
  const value = readBigInteger(text);
  if (value === undefined || value < 0n) throw new RedisError('ERR value is out of range, must be positive');
  return Number(value);
}

/** @param refuse makes the error for what is none @throws RedisError */
export function float(text: string, refuse = notAFloat): number {
  const infinite = INFINITY.exec(text);
  if (infinite) return infinite[1] === '-' ? -Infinity : Infinity;
  if (!DECIMAL.test(text)) throw refuse();
  return Number(text);
}

/** A score as replies show it: the shortest text that reads back as the same number. */
export function scoreText(score: number): string {
  if (score === Infinity) return 'inf';
  if (score === -Infinity) return '-inf';
  return Object.is(score, -0) ? '-0' : Number.isInteger(score) && Math.abs(score) < 1e17 ? String(score) : general(score, 17);
}

/** C's `%.<precision>g`. */
export function general(value: number, precision: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e14 && precision >= 14 && !Object.is(value, -0)) return String(value);
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const digits = Math.max(1, precision);
  const text = exponential(value, digits - 1);
  const exponent = Number(text.slice(text.indexOf('e') + 1));
  if (exponent < -4 || exponent >= digits) return withoutZeros(text.slice(0, text.indexOf('e'))) + text.slice(text.indexOf('e'));
  return withoutZeros(fixed(value, digits - 1 - exponent));
}

/** C's `%.<places>f`, where JavaScript rounds halves up and gives up past 10^21. */
export function fixed(value: number, places: number): string {
  if (places === 0 && Number.isSafeInteger(value) && value > 0) return String(value);
  if (!Number.isFinite(value)) return general(value, 1);
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const size = Math.abs(value);
  if (size >= 2 ** 53) return sign + BigInt(size).toString() + (places > 0 ? `.${'0'.repeat(places)}` : '');
  return sign + halvesToEven((more) => size.toFixed(Math.min(100, places + more)));
}

/** C's `%.<places>e`. */
export function exponential(value: number, places: number): string {
  if (!Number.isFinite(value)) return general(value, 1);
  const exponent = Number(value.toExponential(places).split('e')[1]);
  const mantissa = halvesToEven((more) => value.toExponential(Math.min(100, places + more)).replace(/e.*/, ''));
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

const MORE = 30;
const HALF = `5${'0'.repeat(MORE - 1)}`;

/** @param write the decimals asked for, and so many more */
function halvesToEven(write: (more: number) => string): string {
  const long = write(MORE);
  const kept = long.slice(0, -MORE).replace(/\.$/, '');
  return long.endsWith(HALF) && '02468'.includes(kept.charAt(kept.length - 1)) ? kept : write(0);
}

function withoutZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
