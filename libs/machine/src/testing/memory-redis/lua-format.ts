import { exponential, fixed, general, INT64_MIN } from './numbers';

const ITEM = /^%([-+ #0]*)(\d{0,2})(?:\.(\d{0,2}))?([a-zA-Z%])/;

/** An argument of `string.format`, read as its conversion asks for it. */
export interface FormatArguments {
  number(index: number): number;
  text(index: number): string;
}

interface Spec {
  readonly flags: string;
  readonly width: number;
  readonly precision?: number;
}

/**
 * `string.format` as Lua 5.1 has it: `%d` of any number, halves to even.
 *
 * @param args counted from 0
 * @throws Error naming a conversion that 5.1 does not have
 */
export function luaFormat(format: string, args: FormatArguments): string {
  let out = '';
  let index = 0;
  for (let i = 0; i < format.length;) {
    const next = format.indexOf('%', i);
    if (next < 0) return out + format.slice(i);
    out += format.slice(i, next);
    const match = ITEM.exec(format.slice(next, next + 12));
    if (!match) throw new Error('invalid conversion to format');
    const [all, flags = '', width = '', precision, kind = ''] = match;
    i = next + all.length;
    if (kind === '%') out += '%';
    else {
      const spec = { flags, width: Number(width), ...(precision === undefined ? {} : { precision: Number(precision) }) };
      out += convert(kind, spec, args, index++);
    }
  }
  return out;
}

function convert(kind: string, spec: Spec, args: FormatArguments, index: number): string {
  const { precision } = spec;
  switch (kind) {
    case 's':
      return padded(args.text(index).slice(0, precision), { ...spec, flags: spec.flags.replace('0', '') });
    case 'q':
      return quoted(args.text(index));
    case 'c':
      return padded(String.fromCharCode(args.number(index) & 255), spec);
    case 'd':
    case 'i': {
      const value = int64(args.number(index));
      return numeral(value < 0n, leastDigits((value < 0n ? -value : value).toString(), precision), spec, precision === undefined);
    }
    case 'u':
    case 'o':
    case 'x':
    case 'X': {
      const text = BigInt.asUintN(64, int64(args.number(index))).toString(kind === 'u' ? 10 : kind === 'o' ? 8 : 16);
      return padded(leastDigits(kind === 'X' ? text.toUpperCase() : text, precision), spec);
    }
    case 'e':
    case 'E':
    case 'f':
    case 'g':
    case 'G': {
      const value = args.number(index);
      const text = floating(kind.toLowerCase(), Math.abs(value), precision ?? 6);
      const negative = value < 0 || Object.is(value, -0);
      return numeral(negative, kind === kind.toLowerCase() ? text : text.toUpperCase(), spec, Number.isFinite(value));
    }
    default:
      throw new Error(`invalid option '%${kind}' to 'format'`);
  }
}

/** What does not fit becomes the least of all, as the processors that Redis runs on have it. */
function int64(value: number): bigint {
  return value >= -(2 ** 63) && value < 2 ** 63 ? BigInt(Math.trunc(value)) : INT64_MIN;
}

function floating(kind: string, value: number, precision: number): string {
  if (!Number.isFinite(value) || kind === 'g') return general(value, precision);
  if (kind === 'f') return fixed(value, precision);
  return exponential(value, precision);
}

function leastDigits(digits: string, precision: number | undefined): string {
  return digits.padStart(precision ?? 1, '0');
}

function numeral(negative: boolean, digits: string, { flags, width }: Spec, zerosAllowed: boolean): string {
  const sign = negative ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  if (zerosAllowed && flags.includes('0') && !flags.includes('-')) return sign + digits.padStart(width - sign.length, '0');
  return padded(sign + digits, { flags: flags.replace('0', ''), width });
}

function padded(text: string, { flags, width }: Spec): string {
  if (flags.includes('-')) return text.padEnd(width);
  return text.padStart(width, flags.includes('0') ? '0' : ' ');
}

function quoted(text: string): string {
  const escapes: Record<string, string> = { '"': '\\"', '\\': '\\\\', '\n': '\\\n', '\r': '\\r', '\0': '\\000' };
  return `"${[...text].map((char) => escapes[char] ?? char).join('')}"`;
}
