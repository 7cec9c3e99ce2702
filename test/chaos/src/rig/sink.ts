import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LogWriter } from '../log';
import type { EffectRequest } from '../worker/effect';

export interface Sink {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/**
 * Something outside Stile that actions change: it does each idempotency key once, and refuses fences that are older than one it has
 * seen of the same run. It keeps all in memory: the run's own process is the one that no fault hits.
 */
export async function startSink(log: LogWriter): Promise<Sink> {
  const keys = new Map<string, number>();
  const fences = new Map<string, number>();
  const seen = new Set<string>();
  let order = 0;
  const take = ({ correlationId, runId, key, fence }: EffectRequest): void => {
    const of = { correlationId, runId, key, fence, kind: 'effect' } as const;
    const first = !keys.has(key);
    if (first) keys.set(key, ++order);
    log.append({ ...of, sink: 'keyed', accepted: true, repeat: !first, order: keys.get(key) ?? null });
    const run = `${correlationId} ${runId}`;
    const accepted = fence >= (fences.get(run) ?? 0);
    if (accepted) fences.set(run, fence);
    const known = seen.has(`${key} ${fence}`);
    if (accepted) seen.add(`${key} ${fence}`);
    log.append({ ...of, sink: 'fenced', accepted, repeat: accepted && known, order: ++order });
  };
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      take(JSON.parse(body) as EffectRequest);
      response.end();
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
