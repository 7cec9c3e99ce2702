/**
 * Redis keeps bytes, not characters. Everything inside the store and the Lua VM is a byte string: a JavaScript string whose every
 * character is one byte. Lengths, order of members and patterns are then what Redis makes of the same bytes.
 */
const BEYOND_ASCII = /[\u0080-\uffff]/;

/** UTF-8 of a text, as a byte string. */
export function toBytes(value: string | Buffer): string {
  if (typeof value !== 'string') return value.toString('latin1');
  return BEYOND_ASCII.test(value) ? Buffer.from(value, 'utf8').toString('latin1') : value;
}

/** The text that a client decodes from a byte string; bytes that are no UTF-8 become U+FFFD, as with ioredis. */
export function toText(bytes: string): string {
  return BEYOND_ASCII.test(bytes) ? Buffer.from(bytes, 'latin1').toString('utf8') : bytes;
}
