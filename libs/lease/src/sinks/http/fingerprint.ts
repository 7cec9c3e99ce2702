import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** A request as Express and Nest hand it on: the body parsed, or read as it is. */
export interface ParsedRequest extends IncomingMessage {
  readonly originalUrl?: string;
  readonly body?: unknown;
  /** Nest, with `rawBody: true`. Taken first. */
  readonly rawBody?: Buffer;
}

/**
 * Of method, path and body; the same for a repeat, another for another request.
 *
 * @throws Error when there is a body that nobody has read yet
 */
export function fingerprintOf(request: ParsedRequest): string {
  const hash = createHash('sha256').update(`${request.method ?? ''} ${request.originalUrl ?? request.url ?? ''}\n`);
  return hash.update(bodyOf(request)).digest('base64url');
}

function bodyOf({ body, rawBody, headers }: ParsedRequest): string | Uint8Array {
  if (rawBody) return rawBody;
  if (typeof body === 'string' || body instanceof Uint8Array) return body;
  if (body !== undefined) return JSON.stringify(body) ?? '';
  if (Number(headers['content-length'] ?? 0) > 0 || headers['transfer-encoding'] !== undefined) {
    throw new Error(
      'fenceGuard: nobody has read the body yet; put the guard behind the body parser, which has to know this content type',
    );
  }
  return '';
}
