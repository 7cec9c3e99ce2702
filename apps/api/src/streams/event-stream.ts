import type { Response } from 'express';

/** Proxies that buffer would keep events back; this is the header that nginx heeds. */
const HEADERS = { 'Content-Type': 'text/event-stream; charset=utf-8', 'X-Accel-Buffering': 'no' };
/** How soon a client comes back when it was cut off, ms. */
const RETRY_MS = 1000;

/** Server-sent events to one client. */
export class EventStream {
  private readonly closed: Promise<void>;

  constructor(private readonly response: Response) {
    this.closed = new Promise((resolve) => {
      if (response.closed)
        resolve(); // it went while its machine was looked up
      else response.once('close', resolve);
    });
  }

  open(): Promise<void> {
    this.response.writeHead(200, HEADERS);
    return this.write(`retry: ${RETRY_MS}\n\n`);
  }

  /** Resolves when the client can take more, or has gone. @param id what it names as Last-Event-ID when it comes back */
  send(event: string, data: unknown, id?: number): Promise<void> {
    const name = id === undefined ? '' : `id: ${id}\n`;
    return this.write(`${name}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  /** Shows both ends, and all between them, that the connection is in use. */
  beat(): Promise<void> {
    return this.write(':\n\n');
  }

  get gone(): boolean {
    return this.response.closed || this.response.writableEnded;
  }

  onGone(act: () => void): void {
    void this.closed.then(act);
  }

  end(): void {
    if (!this.response.writableEnded) this.response.end();
  }

  private async write(text: string): Promise<void> {
    if (this.gone || this.response.write(text)) return;
    // A client that reads slowly must not make the process keep what it has not read: until it has, nothing more is asked for.
    let drained = (): void => undefined;
    const drain = new Promise<void>((resolve) => {
      drained = resolve;
      this.response.once('drain', drained);
    });
    await Promise.race([drain, this.closed]);
    this.response.off('drain', drained);
  }
}
