import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '@stile/local-redis';
import { httpClient, type HttpClient } from '../http-client';
import type { CrewTask } from './worker';

const PROGRAM = join(__dirname, '..', '..', '..', '..', 'apps', 'api', 'dist', 'main.js');

export interface Api {
  readonly port: number;
  readonly http: HttpClient;
  stop(): Promise<void>;
}

/** The real API in a process of its own. */
export async function startApi({ url, partitions }: CrewTask): Promise<Api> {
  const port = await freePort();
  const env = {
    STILE_REDIS_URL: url,
    STILE_PARTITIONS: String(partitions),
    STILE_PORT: String(port),
    STILE_LOG_LEVEL: 'warn',
  };
  const child = spawn(process.execPath, [PROGRAM], { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'inherit'] });
  const http = httpClient(port);
  const stop = async (): Promise<void> => {
    http.close();
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
  };
  for (let i = 0; i < 600; i++) {
    const { status } = await http.send('GET', '/health/live').catch(() => ({ status: 0 }));
    if (status === 200) return { port, http, stop };
    await delay(50);
  }
  await stop();
  throw new Error('the API did not answer within 30 s');
}

/** @throws Error with the answer unless it is 200 */
export async function read(http: HttpClient, path: string): Promise<void> {
  const { status, body } = await http.send('GET', path);
  if (status !== 200) throw new Error(`GET ${path}: ${status} ${body}`);
}
