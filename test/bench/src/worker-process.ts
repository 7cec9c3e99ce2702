import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { WorkerTask } from './worker';

/** Definitions reach Redis through a worker that has them. */
export async function publish(task: WorkerTask): Promise<void> {
  const child = await startWorker(task);
  await stopWorker(child);
}

/** Seconds for the whole, from what passed between the first piece seen done and the last. */
export async function timed(task: WorkerTask, doneShare: (child: ChildProcess) => Promise<number>): Promise<number> {
  const child = await startWorker(task);
  let first: { share: number; at: number } | undefined;
  for (;;) {
    const share = await doneShare(child);
    const at = performance.now();
    if (!first && share > 0) first = { share, at };
    if (first && share >= 1) {
      await stopWorker(child);
      return (at - first.at) / 1000 / (1 - first.share);
    }
    if (child.exitCode !== null) throw new Error(`the worker of ${JSON.stringify(task)} ended before its work`);
    await delay(5);
  }
}

export async function startWorker(task: WorkerTask): Promise<ChildProcess> {
  const child = fork(join(__dirname, 'worker.js'), [JSON.stringify(task)]);
  await once(child, 'message');
  return child;
}

export async function stopWorker(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM');
  await once(child, 'exit');
}
