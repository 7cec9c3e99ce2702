import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConfigError, type StileConfig } from '@stile/config';

type Where = Pick<StileConfig, 'host' | 'healthPort'>;

/**
 * Answers probes of a worker: `/health/live` as long as its event loop turns, `/health/ready` while it takes jobs. Live does not ask for
 * Redis: an outage that starts all workers again makes it longer. It tells nothing but that, so it needs no authentication.
 */
export class HealthServer {
  private constructor(private readonly server: Server) {}

  /** @returns none where no port is set @throws ConfigError when it cannot listen there */
  static async start({ host, healthPort }: Where, ready: () => boolean): Promise<HealthServer | undefined> {
    if (healthPort === undefined) return undefined;
    const server = createServer(({ method, url }, response) => {
      if (method !== 'GET' && method !== 'HEAD') answer(response, 405, 'only GET');
      else if (url === '/health/live') answer(response, 200, 'live');
      else if (url === '/health/ready') answer(response, ready() ? 200 : 503, ready() ? 'ready' : 'takes no jobs');
      else answer(response, 404, 'only /health/live and /health/ready');
    });
    server.unref(); // to answer probes is no reason to go on
    server.listen(healthPort, host);
    try {
      await once(server, 'listening');
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const problem = `cannot listen there, on ${host} (${code}); give a free port above 1023, or unset it`;
      throw new ConfigError([{ variable: 'STILE_HEALTH_PORT', value: String(healthPort), problem }]);
    }
    return new HealthServer(server);
  }

  get url(): string {
    const { address, family, port } = this.server.address() as AddressInfo;
    return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}/health/ready`;
  }
}

function answer(response: ServerResponse, status: number, text: string): void {
  // No connection is kept: a drain need not wait for one.
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', connection: 'close' });
  response.end(`${JSON.stringify({ status: text })}\n`);
}
