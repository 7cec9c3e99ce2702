import { MachineRegistry, StileRuntime } from '@stile/machine';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { listenerOf, machineOf, quietLog } from './machines';

/** What the one worker process of a measurement does. */
export type WorkerTask = { readonly url: string } & (
  | { readonly kind: 'bare' }
  | { readonly kind: 'chained'; readonly steps: number }
  | { readonly kind: 'stile'; readonly steps: number }
  | { readonly kind: 'listeners'; readonly events: number }
);

/** The same for all: Stile's default, too. */
const CONCURRENCY = 50;

async function main(task: WorkerTask): Promise<() => Promise<void>> {
  if (task.kind === 'stile' || task.kind === 'listeners') {
    const runtime = new StileRuntime({ redis: { url: task.url }, worker: { concurrency: CONCURRENCY } }, quietLog);
    const registry = new MachineRegistry();
    registry.addSource(task.kind === 'stile' ? machineOf(task.steps) : listenerOf(task.events));
    registry.bind();
    await runtime.start(registry);
    return () => runtime.stop();
  }
  const connection = new Redis(task.url, { maxRetriesPerRequest: null });
  const queue = new Queue('bench', { connection });
  let processed = 0;
  process.on('message', () => process.send?.(processed));
  const worker = new Worker(
    'bench',
    async ({ data }: { data: { id: number; step: number } }) => {
      processed++;
      if (task.kind === 'bare' || data.step === task.steps) return;
      const step = data.step + 1;
      await queue.add('step', { id: data.id, step }, { jobId: `bench.${data.id}.${step}`, removeOnComplete: true });
    },
    { connection, concurrency: CONCURRENCY },
  );
  await worker.waitUntilReady();
  return () => worker.close();
}

main(JSON.parse(process.argv[2] ?? '') as WorkerTask).then(
  (stop) => {
    process.on('SIGTERM', () => void stop().then(() => process.exit(0)));
    process.send?.('ready');
  },
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
