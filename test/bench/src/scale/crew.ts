import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { CrewTask } from './worker';

/** Some worker processes. */
export class Crew {
  private constructor(private readonly workers: readonly ChildProcess[]) {}

  /** Ready, but not at work yet. */
  static async gather(task: CrewTask, size: number): Promise<Crew> {
    const workers = Array.from({ length: size }, () => fork(join(__dirname, 'worker.js'), [JSON.stringify(task)]));
    await Promise.all(workers.map((worker) => answer(worker)));
    return new Crew(workers);
  }

  async begin(): Promise<void> {
    await Promise.all(this.workers.map((worker) => ask(worker, 'go')));
  }

  /** CPU time of all so far, ms. */
  async cpuMs(): Promise<number> {
    const each = await Promise.all(this.workers.map((worker) => ask(worker, 'cpu?')));
    return each.reduce<number>((sum, ms) => sum + Number(ms), 0);
  }

  /** @throws Error when one of them has ended by itself */
  check(): void {
    if (this.workers.some(({ exitCode }) => exitCode !== null)) throw new Error('a worker ended before its work');
  }

  async end(): Promise<void> {
    await Promise.all(
      this.workers.map(async (worker) => {
        if (worker.exitCode !== null) return;
        const exited = once(worker, 'exit');
        worker.kill('SIGTERM');
        await exited;
      }),
    );
  }
}

/** Sends and waits for the one answer. */
export function ask(child: ChildProcess, question: unknown): Promise<unknown> {
  const answered = answer(child);
  child.send(question as string);
  return answered;
}

/** @throws Error when the process ends instead */
export function answer(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const gone = (): void => reject(new Error('a process of the bench ended without an answer'));
    child.once('exit', gone);
    child.once('message', (message) => {
      child.off('exit', gone);
      resolve(message);
    });
  });
}
