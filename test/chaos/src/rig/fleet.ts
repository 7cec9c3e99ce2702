import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sample } from '../worker/sample';
import type { WorkerTask } from '../worker/task';

const MAIN = join(__dirname, '..', 'worker', 'main.js');

export class WorkerProcess {
  /** Exit code or signal, and when. */
  readonly exited: Promise<{ readonly how: number | string; readonly at: number }>;
  private readonly isReady: Promise<void>;

  constructor(
    private readonly child: ChildProcess,
    readonly output: string,
  ) {
    this.exited = once(child, 'exit').then(([code, signal]: unknown[]) => ({
      how: (code ?? signal) as number | string,
      at: Date.now(),
    }));
    this.isReady = Promise.race([once(child, 'message'), this.exited]).then(() => undefined);
  }

  get name(): string {
    return `worker.${this.pid}`;
  }
  get pid(): number {
    return this.child.pid as number;
  }
  get alive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Takes jobs, or has died on the way there: a fault may hit its start, too. */
  ready(): Promise<void> {
    return this.isReady;
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** What it holds now. */
  async sample(): Promise<Sample> {
    this.child.send('sample');
    const [sample] = (await once(this.child, 'message')) as [Sample];
    return sample;
  }

  /** What it has said, a line each, with the wall time in ms where it gave one. */
  lines(): readonly { readonly at: number; readonly level: string; readonly text: string }[] {
    const lines = readFileSync(this.output, 'utf8').split('\n').filter(Boolean);
    return lines.map((line) => {
      const [, at = '0', level = 'raw', text = line] = /^(\d{13}) (\w+) (.*)$/.exec(line) ?? [];
      return { at: Number(at), level, text };
    });
  }
}

/** The worker processes of one run. */
export class Fleet {
  readonly all: WorkerProcess[] = [];

  constructor(
    private readonly task: WorkerTask,
    private readonly folder: string,
    /** Put before the program, e.g. a library to preload. */
    private readonly env: NodeJS.ProcessEnv = {},
  ) {}

  get alive(): readonly WorkerProcess[] {
    return this.all.filter(({ alive }) => alive);
  }

  /** Starts one; `ready()` says when it takes jobs. */
  spawn(overrides: Partial<WorkerTask> = {}): WorkerProcess {
    const output = join(this.folder, `worker-${this.all.length}.out`);
    const file = openSync(output, 'a');
    const child = fork(MAIN, [JSON.stringify({ ...this.task, ...overrides })], {
      execArgv: ['--expose-gc'],
      stdio: ['ignore', file, file, 'ipc'],
      env: { ...process.env, ...this.env },
    });
    closeSync(file);
    const worker = new WorkerProcess(child, output);
    this.all.push(worker);
    return worker;
  }

  async spawnReady(count: number, overrides: Partial<WorkerTask> = {}): Promise<readonly WorkerProcess[]> {
    const workers = Array.from({ length: count }, () => this.spawn(overrides));
    await Promise.all(workers.map((worker) => worker.ready()));
    return workers;
  }

  /** Whatever state they are in. */
  async end(): Promise<void> {
    for (const worker of this.alive) worker.kill('SIGKILL');
    await Promise.all(this.all.map(({ exited }) => exited));
  }
}
