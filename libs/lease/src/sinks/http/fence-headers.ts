import type { IncomingHttpHeaders } from 'node:http';
import { checkText } from '../check';
import { checkToken, type FenceToken } from '../fence-token';

/** What a request says of its sender: a `Step` of `@stile/machine` can be given as it is. */
export interface FencedRequest extends FenceToken {
  /** Of the machine whose tokens these are. */
  readonly correlationId: string;
  /** The same for every attempt at one effect. */
  readonly idempotencyKey: string;
}

/** Names are as HTTP/2 sends them and Node shows them. */
export const FENCE_HEADERS = {
  key: 'idempotency-key',
  machine: 'stile-machine',
  run: 'stile-run',
  fence: 'stile-fence',
} as const;

const VISIBLE = /^[\x21-\x7e]{1,256}$/;
const MAX_KEY = 1024;

/**
 * Headers for a request that changes something: `Idempotency-Key` as draft-ietf-httpapi-idempotency-key-header has it (a string of
 * RFC 9651, so in quotes), and `Stile-Machine`, `Stile-Run`, `Stile-Fence`.
 *
 * @param effect tells several requests of one action apart; ends the key
 * @throws TypeError, RangeError for what no header can carry
 */
export function fenceHeaders(step: FencedRequest, effect?: string): Record<string, string> {
  checkToken(step);
  const key = effect === undefined ? step.idempotencyKey : `${step.idempotencyKey}/${effect}`;
  checkText('idempotencyKey', key, MAX_KEY);
  if (!/^[\x20-\x7e]+$/.test(key)) throw new RangeError('idempotencyKey has characters that are not printable ASCII');
  for (const field of ['correlationId', 'runId'] as const) {
    checkText(field, step[field], 256);
    if (!VISIBLE.test(step[field])) throw new RangeError(`${field} has characters that are not visible ASCII`);
  }
  return {
    [FENCE_HEADERS.key]: `"${key.replace(/["\\]/g, '\\$&')}"`,
    [FENCE_HEADERS.machine]: step.correlationId,
    [FENCE_HEADERS.run]: step.runId,
    [FENCE_HEADERS.fence]: String(step.fence),
  };
}

/** A header that is missing or cannot be read. Its message begins with the header's name and tells the way out. */
export class FenceHeaderError extends Error {
  readonly code = 'FENCE_HEADER';
  constructor(
    readonly header: string,
    problem: string,
  ) {
    super(`${header} ${problem}`);
    this.name = 'FenceHeaderError';
  }
}

/**
 * What {@link fenceHeaders} wrote. A key without quotes, as many clients send it, names the same as with them.
 *
 * @throws FenceHeaderError
 */
export function readFenceHeaders(headers: IncomingHttpHeaders): FencedRequest {
  return {
    idempotencyKey: keyOf(header(headers, FENCE_HEADERS.key, 'Idempotency-Key', 'a key such as "order-17/charge"')),
    correlationId: visible(header(headers, FENCE_HEADERS.machine, 'Stile-Machine', 'the correlation id'), 'Stile-Machine'),
    runId: visible(header(headers, FENCE_HEADERS.run, 'Stile-Run', 'the run id'), 'Stile-Run'),
    fence: fenceOf(header(headers, FENCE_HEADERS.fence, 'Stile-Fence', 'the fence token')),
  };
}

function header(headers: IncomingHttpHeaders, name: string, shown: string, what: string): string {
  const value = headers[name];
  if (typeof value !== 'string' || value === '') throw new FenceHeaderError(shown, `is missing; give ${what}`);
  return value;
}

function visible(value: string, shown: string): string {
  // Two headers of one name arrive as one with a comma.
  if (!VISIBLE.test(value) || value.includes(',')) {
    throw new FenceHeaderError(shown, 'cannot be used; give 1 to 256 visible ASCII characters without a comma, once');
  }
  return value;
}

function fenceOf(value: string): number {
  const fence = /^[1-9]\d{0,15}$/.test(value) ? Number(value) : NaN;
  if (!Number.isSafeInteger(fence))
    throw new FenceHeaderError('Stile-Fence', 'cannot be used; give an integer from 1 to 2^53 - 1');
  return fence;
}

function keyOf(value: string): string {
  // RFC 9651, 3.3.3, and parameters, of which the draft defines none: to be ignored.
  const quoted = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"(?: *;.*)?$/.exec(value)?.[1];
  const key = quoted === undefined ? /^[\x21\x23-\x2b\x2d-\x5b\x5d-\x7e]+$/.exec(value)?.[0] : quoted.replace(/\\(["\\])/g, '$1');
  if (!key || key.length > MAX_KEY) {
    throw new FenceHeaderError(
      'Idempotency-Key',
      `cannot be used; give one string in quotes of 1 to ${MAX_KEY} printable ASCII characters`,
    );
  }
  return key;
}
