import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Injectable, type BeforeApplicationShutdown, type OnApplicationShutdown } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';

const SWEEP_MS = 100;

/**
 * Lets go of kept connections at a shutdown. `server.close()` closes those that are idle at that moment, and serves the others for
 * as long as their clients like: those are told to go with their next answer. After `shutdownMs` what is left is cut.
 */
@Injectable()
export class HttpDrain implements BeforeApplicationShutdown, OnApplicationShutdown {
  private sweep?: NodeJS.Timeout;
  private end?: NodeJS.Timeout;

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly shutdownMs: number,
  ) {}

  beforeApplicationShutdown(): void {
    const server = this.host.httpAdapter.getHttpServer() as Server;
    server.prependListener('request', (_request: IncomingMessage, response: ServerResponse) => {
      response.setHeader('Connection', 'close');
    });
    this.sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
    this.end = setTimeout(() => server.closeAllConnections(), this.shutdownMs);
  }

  onApplicationShutdown(): void {
    clearInterval(this.sweep);
    clearTimeout(this.end);
  }
}
