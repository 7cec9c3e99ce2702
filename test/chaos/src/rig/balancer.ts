import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/**
 * Stands before several APIs, as a Kubernetes service does: each connection goes to the next one, past those that take none. It does not know
 * which one is about to go, so a connection may be cut in the middle of a request.
 */
export class Balancer {
  /** Ports on the loopback. */
  ports: readonly number[] = [];
  private next = 0;
  private readonly open = new Set<Socket>();

  private constructor(private readonly server: Server) {
    server.on('connection', (client: Socket) => this.accept(client));
  }

  static async start(): Promise<Balancer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Balancer(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const socket of this.open) socket.destroy();
    await closed;
  }

  private accept(client: Socket): void {
    this.keep(client);
    const first = this.next++;
    const ways = this.ports.map((_, i) => this.ports[(first + i) % this.ports.length]!);
    const attempt = (): void => {
      const port = ways.shift();
      if (port === undefined || client.destroyed) return void client.resetAndDestroy();
      const server = this.keep(connect(port, '127.0.0.1'));
      let connected = false;
      server.once('connect', () => {
        connected = true;
        client.pipe(server).pipe(client);
        client.once('close', () => server.destroy());
      });
      server.once('close', () => (connected ? client.destroy() : attempt()));
    };
    attempt();
  }

  private keep(socket: Socket): Socket {
    this.open.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => undefined); // "close" follows
    socket.once('close', () => this.open.delete(socket));
    return socket;
  }
}
