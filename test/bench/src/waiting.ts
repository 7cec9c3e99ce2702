import { setTimeout as delay } from 'node:timers/promises';
import { StileRuntime } from '@stile/machine';
import { Redis } from 'ioredis';
import { quietLog } from './machines';
import type { WorkerTask } from './worker';
import { publish, startWorker, stopWorker, timed } from './worker-process';

const BATCH = 1000;
/** With the rest of the context, 200 bytes of JSON. */
const CONTEXT = { text: 'x'.repeat(189) };

/** Machines that wait: what they cost in memory, and how fast their events are taken. */
export async function waiting(url: string, scale: number): Promise<Record<string, number>> {
  const size = (count: number): number => Math.max(200, Math.round(count * scale));
  return {
    ...(await memory(url, size(100_000))),
    events1: await events(url, 1, size(15_000)),
    events20: await events(url, 20, size(1_500)),
  };
}

/** Bytes of Redis for each waiting machine, its id, history, index and watch included. */
async function memory(url: string, count: number): Promise<Record<string, number>> {
  const task: WorkerTask = { url, kind: 'listeners', events: 1 };
  const { redis, runtime } = await fresh(url, task);
  const before = await usedMemory(redis);
  const child = await startWorker(task);
  await startAll(runtime, 'listener-1', count, CONTEXT);
  while ((await redis.zcard(runtime.keys.watch(0))) > 0) await delay(50); // one that waits without a timer is not watched
  await stopWorker(child);
  const bytes = ((await usedMemory(redis)) - before) / count;
  await runtime.stop();
  redis.disconnect();
  return { waitingBytes: Math.round(bytes) };
}

/** Events that are there when the worker starts, to machines that wait for them. */
async function events(url: string, each: number, count: number): Promise<number> {
  const task: WorkerTask = { url, kind: 'listeners', events: each };
  const { redis, runtime } = await fresh(url, task);
  const first = await startWorker(task);
  await startAll(runtime, `listener-${each}`, count, {});
  while ((await redis.zcard(runtime.keys.watch(0))) > 0) await delay(50);
  await stopWorker(first);
  for (let round = 0; round < each; round++) {
    for (let i = 0; i < count; i += BATCH) {
      const batch = Array.from({ length: Math.min(BATCH, count - i) }, (_, j) => `m${i + j}`);
      await Promise.all(batch.map((id) => runtime.events.send(id, { event: 'heard' })));
    }
  }
  const seconds = await timed(task, async () => (await redis.zcard(runtime.keys.retention(0))) / count);
  await runtime.stop();
  redis.disconnect();
  return Math.round((count * each) / seconds);
}

async function fresh(url: string, task: WorkerTask): Promise<{ redis: Redis; runtime: StileRuntime }> {
  const redis = new Redis(url);
  await redis.flushall();
  await publish(task);
  return { redis, runtime: new StileRuntime({ redis: { url } }, quietLog) };
}

async function startAll(runtime: StileRuntime, machine: string, count: number, context: object): Promise<void> {
  for (let i = 0; i < count; i += BATCH) {
    const ids = Array.from({ length: Math.min(BATCH, count - i) }, (_, j) => `m${i + j}`);
    await runtime.machines.startMany(ids.map((correlationId) => ({ machine, correlationId, context })));
  }
}

async function usedMemory(redis: Redis): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]);
}
