import { connect } from 'node:net';

/** A reply as RESP2 has it: text, number, nothing, or a list of such. */
export type Reply = string | number | null | Reply[];

const TIMEOUT_MS = 5000;

/**
 * Sends one command to a server on 127.0.0.1 and waits for its answer, over a connection of its own: what is needed to join servers
 * together, without a client library.
 *
 * @throws Error with the server's own words when it answers with an error; when it does not answer
 */
export function ask(port: number, ...command: readonly string[]): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' });
    let received = Buffer.alloc(0);
    const fail = (error: Error): void => {
      socket.destroy();
      reject(new Error(`${command.join(' ')} on port ${port}: ${error.message}`, { cause: error }));
    };
    socket.setTimeout(TIMEOUT_MS, () => fail(new Error(`no answer within ${TIMEOUT_MS} ms`)));
    socket.on('error', fail);
    socket.on('close', () => fail(new Error('the connection was closed'))); // once answered, this is too late to matter
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      try {
        const parsed = parse(received, 0);
        if (!parsed) return;
        resolve(parsed.reply);
        socket.destroy();
      } catch (error) {
        fail(error as Error);
      }
    });
    const parts = command.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`);
    socket.write(`*${command.length}\r\n${parts.join('')}`);
  });
}

/** @returns nothing while the reply is not complete. @throws Error where it is an error */
function parse(bytes: Buffer, at: number): { reply: Reply; end: number } | undefined {
  const lineEnd = bytes.indexOf('\r\n', at);
  if (lineEnd < 0) return undefined;
  const line = bytes.toString('utf8', at + 1, lineEnd);
  const next = lineEnd + 2;
  switch (String.fromCharCode(bytes[at] ?? 0)) {
    case '+':
      return { reply: line, end: next };
    case ':':
      return { reply: Number(line), end: next };
    case '-':
      throw new Error(line);
    case '$': {
      const length = Number(line);
      if (length < 0) return { reply: null, end: next };
      if (bytes.length < next + length + 2) return undefined;
      return { reply: bytes.toString('utf8', next, next + length), end: next + length + 2 };
    }
    case '*': {
      const reply: Reply[] = [];
      let end = next;
      for (let i = 0; i < Number(line); i++) {
        const item = parse(bytes, end);
        if (!item) return undefined;
        reply.push(item.reply);
        end = item.end;
      }
      return { reply, end };
    }
    default:
      throw new Error(`it does not speak RESP2: ${line}`);
  }
}
