import { connect } from 'node:net';

export type Probe =
  | { readonly state: 'ready' | 'loading'; readonly pid: number }
  /** Nobody listens, or it does not answer like Redis. */
  | { readonly state: 'away'; readonly reason: string };

const TIMEOUT_MS = 1000;

/** Asks a Redis on 127.0.0.1 who it is and whether it serves, over plain TCP. Never rejects. */
export function probe(port: number): Promise<Probe> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    let reply = '';
    const done = (result: Probe) => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(TIMEOUT_MS, () => done({ state: 'away', reason: `no answer within ${TIMEOUT_MS} ms` }));
    socket.on('error', (error) => done({ state: 'away', reason: error.message }));
    socket.on('close', () => done({ state: 'away', reason: `closed the connection after "${firstLine(reply)}"` }));
    socket.on('connect', () => socket.write('INFO server\r\nPING\r\n'));
    socket.on('data', (chunk) => {
      reply += chunk.toString();
      const pid = Number(/\r\nprocess_id:(\d+)\r\n/.exec(reply)?.[1]);
      if (reply.startsWith('-')) done({ state: 'away', reason: firstLine(reply) });
      else if (pid > 0 && reply.endsWith('+PONG\r\n')) done({ state: 'ready', pid });
      else if (pid > 0 && /\r\n-(LOADING|BUSY|MASTERDOWN)[^\r]*\r\n$/.test(reply)) done({ state: 'loading', pid });
    });
  });
}

const firstLine = (text: string) => text.split('\r\n', 1)[0] ?? '';
