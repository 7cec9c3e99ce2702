/** A value of the Redis protocol: text, nothing, or a list of values (maps: keys and values by turns). */
export type RespValue = string | null | readonly RespValue[];

export interface Resp {
  /** Its first byte, e.g. `-` for an error and `>` for a push. */
  readonly type: string;
  readonly value: RespValue;
}

/** Cuts one direction of a connection into whole requests or replies, of RESP2 and RESP3. */
export class RespReader {
  private rest: Buffer = Buffer.alloc(0);

  /** @returns what this chunk has completed */
  read(chunk: Buffer): Resp[] {
    const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    const found: Resp[] = [];
    let at = 0;
    for (let one = parse(bytes, at); one; one = parse(bytes, at)) {
      found.push({ type: String.fromCharCode(bytes[at] as number), value: one.value });
      at = one.end;
    }
    this.rest = bytes.subarray(at);
    return found;
  }
}

interface Parsed {
  readonly value: RespValue;
  readonly end: number;
}

/** @returns nothing where it is not all there yet */
function parse(bytes: Buffer, at: number): Parsed | undefined {
  const line = bytes.indexOf('\r\n', at, 'latin1');
  if (line < 0) return undefined;
  const text = bytes.toString('latin1', at + 1, line);
  const end = line + 2;
  switch (String.fromCharCode(bytes[at] as number)) {
    case '$':
    case '!':
    case '=':
      return bulk(bytes, end, Number(text));
    case '*':
    case '~':
    case '>':
      return list(bytes, end, Number(text));
    case '%':
      return list(bytes, end, 2 * Number(text));
    case '_':
      return { value: null, end };
    case '|':
      throw new Error('an attribute in the Redis protocol: no server sends one unless asked');
    default:
      return { value: text, end };
  }
}

function bulk(bytes: Buffer, from: number, length: number): Parsed | undefined {
  if (length < 0) return { value: null, end: from };
  const end = from + length;
  return bytes.length < end + 2 ? undefined : { value: bytes.toString('latin1', from, end), end: end + 2 };
}

function list(bytes: Buffer, from: number, length: number): Parsed | undefined {
  if (length < 0) return { value: null, end: from };
  const value: RespValue[] = [];
  let end = from;
  for (let i = 0; i < length; i++) {
    const item = parse(bytes, end);
    if (!item) return undefined;
    value.push(item.value);
    end = item.end;
  }
  return { value, end };
}
