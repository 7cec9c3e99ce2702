import { once } from 'node:events';
import { createServer } from 'node:net';
import { PlainError } from './plain-error';

/** `wanted` if nobody listens there, else, where `anyPort`, one that is free. */
export async function freePort(host: string, wanted: number, anyPort: boolean): Promise<number> {
  for (const port of anyPort ? [wanted, 0] : [wanted]) {
    const server = createServer().listen(port, host);
    try {
      await once(server, 'listening');
      const { port: free } = server.address() as { port: number };
      return free;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE')
        throw new PlainError(`cannot listen on ${host}: ${String(error)}`);
    } finally {
      server.close();
    }
  }
  throw new PlainError(`port ${wanted} of ${host} is taken; set STILE_PORT to a free one`);
}
