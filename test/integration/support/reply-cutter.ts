import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface ReplyCutter {
  readonly port: number;
  /**
   * The next reply that follows a request with `text` in it never arrives: its connection is cut instead. The request was taken.
   * Replies count from the moment that the request has gone through.
   */
  cutReplyTo(text: string): void;
  /** How many replies were cut. */
  readonly cut: number;
  stop(): Promise<void>;
}

/** Stands between a client and a server on this host, and loses replies on demand. */
export async function startReplyCutter(target: number): Promise<ReplyCutter> {
  let wanted: string | undefined;
  let cut = 0;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1');
    let armed = false;
    const end = () => [client, upstream].forEach((socket) => socket.destroy());
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', end).on('close', end);
    }
    client.on('data', (chunk) => {
      if (wanted !== undefined && chunk.includes(wanted)) {
        wanted = undefined;
        armed = true;
      }
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      if (!armed) return void client.write(chunk);
      cut++;
      end();
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    cutReplyTo: (text) => void (wanted = text),
    get cut() {
      return cut;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        sockets.forEach((socket) => socket.destroy());
      }),
  };
}
