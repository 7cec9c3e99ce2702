import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { StileRuntime } from '@stile/machine';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { quietLog } from './machines';
import type { WorkerTask } from './worker';
import { publish, timed } from './worker-process';

const CHAIN_STEPS = 10;
const BATCH = 1000;

/** Work is queued first, then one worker process is started; timed from its first piece done to its last. */
export async function throughput(url: string, scale: number): Promise<Record<string, number>> {
  const size = (count: number): number => Math.max(200, Math.round(count * scale));
  return {
    bareJobs: await bullmq(url, { kind: 'bare' }, size(60_000)),
    chainedSteps: await bullmq(url, { kind: 'chained', steps: CHAIN_STEPS }, size(4_000)),
    stile1: await stile(url, 1, size(30_000)),
    stile10: await stile(url, 10, size(6_000)),
    stile50: await stile(url, 50, size(2_000)),
  };
}

async function bullmq(url: string, task: { kind: 'bare' } | { kind: 'chained'; steps: number }, count: number): Promise<number> {
  const redis = new Redis(url, { maxRetriesPerRequest: null });
  await redis.flushall();
  const queue = new Queue('bench', { connection: redis });
  for (let i = 0; i < count; i += BATCH) {
    await queue.addBulk(
      Array.from({ length: Math.min(BATCH, count - i) }, (_, j) => ({
        name: 'step',
        data: { id: i + j, step: 1 },
        opts: { jobId: `bench.${i + j}.1`, removeOnComplete: true },
      })),
    );
  }
  const jobs = task.kind === 'bare' ? count : count * task.steps;
  const seconds = await timed({ ...task, url }, async (child) => (await processedBy(child)) / jobs);
  await queue.close();
  redis.disconnect();
  return Math.round(jobs / seconds);
}

/** Machines of so many committed steps; the first one, from pseudo_init, included. */
async function stile(url: string, steps: number, count: number): Promise<number> {
  const redis = new Redis(url);
  await redis.flushall();
  const task: WorkerTask = { kind: 'stile', url, steps };
  await publish(task);
  const runtime = new StileRuntime({ redis: { url } }, quietLog);
  for (let i = 0; i < count; i += BATCH) {
    await runtime.machines.startMany(
      Array.from({ length: Math.min(BATCH, count - i) }, (_, j) => ({ machine: `steps-${steps}`, correlationId: `m${i + j}` })),
    );
  }
  const seconds = await timed(task, async () => (await redis.zcard(runtime.keys.retention(0))) / count);
  await runtime.stop();
  redis.disconnect();
  return Math.round((count * steps) / seconds);
}

/** Asked, not told: a worker that counted in Redis would be a slower one. */
async function processedBy(child: ChildProcess): Promise<number> {
  child.send('processed?');
  const [processed] = (await once(child, 'message')) as [number];
  return processed;
}
