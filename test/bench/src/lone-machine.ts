import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '@stile/local-redis';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { httpClient, type HttpClient } from './http-client';
import { quantile } from './quantile';

const ROOT = join(__dirname, '..', '..', '..');
const WARM_UP = 200;

/** One machine at a time, over HTTP, through the real API and worker: from sending the start to seeing it completed. */
export async function loneMachine(url: string, scale: number): Promise<Record<string, number>> {
  const redis = new Redis(url);
  await redis.flushall();
  const count = Math.max(50, Math.round(1000 * scale));
  const port = await freePort();
  const env = {
    STILE_REDIS_URL: url,
    STILE_PORT: String(port),
    STILE_MACHINES: join(ROOT, 'test', 'bench', 'machines'),
    STILE_LOG_LEVEL: 'warn',
  };
  const parts = ['api', 'worker'].map((part) => start(join(ROOT, 'apps', part, 'dist', 'main.js'), env));
  const http = httpClient(port);
  try {
    await ready(http);
    const one = await times((i) => run(http, 'lone-1', `one-${i}`), count);
    const ten = await times((i) => run(http, 'lone-10', `ten-${i}`), count);
    const bare = await bullmq(url, count);
    return {
      lone1P50: quantile(one, 0.5),
      lone1P99: quantile(one, 0.99),
      lone10P50: quantile(ten, 0.5),
      lone10P99: quantile(ten, 0.99),
      loneBareP50: quantile(bare, 0.5),
      loneBareP99: quantile(bare, 0.99),
    };
  } finally {
    http.close();
    for (const part of parts) part.kill('SIGTERM');
    await Promise.all(parts.map(async (part) => part.exitCode ?? (await once(part, 'exit'))));
    redis.disconnect();
  }
}

async function run(http: HttpClient, machine: string, correlationId: string): Promise<void> {
  const started = await http.send('POST', '/v1/machines', { machine, correlationId });
  if (started.status !== 201) throw new Error(`start: ${started.status} ${started.body}`);
  for (;;) {
    const { body } = await http.send('GET', `/v1/machines/${correlationId}`);
    if ((JSON.parse(body) as { status: string }).status === 'completed') return;
  }
}

/** From `add` to the processor's first line, in this process: what BullMQ itself takes. */
async function bullmq(url: string, count: number): Promise<number[]> {
  const connection = new Redis(url, { maxRetriesPerRequest: null });
  const queue = new Queue('lone', { connection });
  let taken: () => void = () => undefined;
  const worker = new Worker('lone', () => Promise.resolve(taken()), { connection });
  await worker.waitUntilReady();
  const measured = await times(async () => {
    const seen = new Promise<void>((resolve) => (taken = resolve));
    await Promise.all([queue.add('job', {}, { removeOnComplete: true }), seen]);
  }, count);
  await worker.close();
  await queue.close();
  connection.disconnect();
  return measured;
}

async function times(work: (i: number) => Promise<void>, count: number): Promise<number[]> {
  const taken: number[] = [];
  for (let i = 0; i < WARM_UP + count; i++) {
    const began = performance.now();
    await work(i);
    if (i >= WARM_UP) taken.push(performance.now() - began);
    await delay(1); // lone: whatever the last one left to do is done
  }
  return taken.sort((a, b) => a - b);
}

function start(program: string, env: Record<string, string>): ChildProcess {
  return spawn(process.execPath, [program], { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'inherit'] });
}

async function ready(http: HttpClient): Promise<void> {
  for (let i = 0; i < 600; i++) {
    const { status } = await http.send('GET', '/health/ready').catch(() => ({ status: 0 }));
    if (status === 200) return;
    await delay(50);
  }
  throw new Error('API and worker were not ready within 30 s');
}
