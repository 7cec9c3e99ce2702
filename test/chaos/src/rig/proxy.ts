import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** What a chunk of bytes meets on its way. */
export interface Passing {
  readonly direction: 'request' | 'reply';
  readonly chunk: Buffer;
  readonly link: Link;
  /** Monotonic ms at which it came in: chunks are looked at one by one, and may have waited. */
  readonly at: number;
}

/** One connection through the proxy. */
export interface Link {
  readonly client: Socket;
  readonly server: Socket;
  /** Both ends see a reset. */
  cut(): void;
}

/** Says what becomes of a chunk: passed on, swallowed, or its connection cut. May wait. @default pass */
export type Rule = (passing: Passing) => 'pass' | 'drop' | 'cut' | Promise<'pass' | 'drop' | 'cut'>;

/** A TCP proxy in front of Redis, through which the workers go and which can do to them what networks do. */
export class Proxy {
  /** Applied to every chunk, in order for each connection and direction. */
  rule: Rule = () => 'pass';
  readonly links = new Set<Link>();
  /** While true no byte passes, and no connection is closed: to both ends the other is silent. */
  private frozen = false;
  private waiting: (() => void)[] = [];
  private refusing = false;
  private server!: Server;

  constructor(public target: { readonly host: string; readonly port: number }) {}

  async start(): Promise<this> {
    this.server = createServer((client) => this.accept(client));
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }
  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Half-open: nothing passes any more, in either direction, and nobody is told. */
  freeze(): void {
    this.frozen = true;
  }

  /** What was held back goes on. */
  thaw(): void {
    this.frozen = false;
    for (const go of this.waiting.splice(0)) go();
  }

  /** Resets all connections; `refuse` also those to come, until `accept` is called. */
  cutAll({ refuse = false } = {}): void {
    this.refusing = refuse;
    for (const link of [...this.links]) link.cut();
  }

  acceptAgain(): void {
    this.refusing = false;
  }

  async stop(): Promise<void> {
    this.thaw();
    this.cutAll();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private accept(client: Socket): void {
    if (this.refusing) return void client.resetAndDestroy();
    const server = connect(this.target.port, this.target.host);
    const link: Link = {
      client,
      server,
      cut: () => {
        this.links.delete(link);
        client.resetAndDestroy();
        server.resetAndDestroy();
      },
    };
    this.links.add(link);
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      socket.on('error', () => link.cut());
      socket.on('close', () => link.cut());
    }
    this.pump(link, 'request', client, server);
    this.pump(link, 'reply', server, client);
  }

  /** Chunk after chunk: one that waits holds up what comes behind it. */
  private pump(link: Link, direction: Passing['direction'], from: Socket, to: Socket): void {
    let last = Promise.resolve();
    from.on('data', (chunk: Buffer) => {
      const at = performance.now();
      last = last.then(async () => {
        while (this.frozen) await new Promise<void>((resolve) => this.waiting.push(resolve));
        const verdict = await this.rule({ direction, chunk, link, at });
        if (verdict === 'cut') link.cut();
        else if (verdict === 'pass' && !to.destroyed) to.write(chunk);
      });
    });
  }
}
