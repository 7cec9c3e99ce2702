import type { ServerResponse } from 'node:http';

export interface HeldAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** The rest belongs to this one exchange (date, connection), or to this one client (cookies). */
const KEPT_HEADERS = ['content-type', 'content-language', 'etag', 'link', 'location'];

/**
 * Keeps a response back until `keep` is done with it. The answer has to be stored before it is sent: a process that dies in between
 * would leave a client that knows of the effect, and a store that lets a repeat in.
 *
 * `keep` must not throw.
 */
export function holdAnswer(response: ServerResponse, keep: (answer: HeldAnswer) => Promise<void>): void {
  const chunks: Buffer[] = [];
  const send = response.end.bind(response) as (body: Buffer, done?: () => void) => void;
  let ended = false;

  const take = (chunk: unknown, encoding: unknown) => {
    if (typeof chunk === 'string')
      chunks.push(Buffer.from(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8'));
    else if (chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
  };
  const lastFunction = (given: readonly unknown[]) =>
    given.findLast((one) => typeof one === 'function') as (() => void) | undefined;

  response.write = ((...given: unknown[]) => {
    take(given[0], given[1]);
    const done = lastFunction(given);
    if (done) process.nextTick(done);
    return true;
  }) as ServerResponse['write'];

  response.end = ((...given: unknown[]) => {
    if (ended) return response;
    ended = true;
    take(given[0], given[1]);
    const body = Buffer.concat(chunks);
    void keep({ status: response.statusCode, headers: keptHeaders(response), body }).then(() => send(body, lastFunction(given)));
    return response;
  }) as ServerResponse['end'];
}

function keptHeaders(response: ServerResponse): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of KEPT_HEADERS) {
    const value = response.getHeader(name);
    if (value !== undefined) kept[name] = String(value);
  }
  return kept;
}
