import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { inheritedEnv } from '@stile/config';

export type PartName = 'api' | 'worker';
type Overrides = Parameters<typeof inheritedEnv>[0];

/** The compiled program of a part. It is run, never imported: the parts know nothing of this one. */
function programOf(part: PartName): string {
  return join(__dirname, '..', '..', part, 'dist', 'main.js');
}

/** Becomes the part: signals, exit code and output are its own, as a process manager wants it. */
export function runInThisProcess(part: PartName): void {
  require(programOf(part));
}

/** A part in a process of its own. */
export class Part {
  readonly exited: Promise<number | string>;
  private readonly child: ChildProcess;

  constructor(
    readonly name: string,
    part: PartName,
    env: Overrides,
    output: 'inherit' | 'quiet',
  ) {
    // stderr is always shown: it says why a part could not start.
    this.child = spawn(process.execPath, [programOf(part)], {
      env: inheritedEnv(env),
      stdio: ['ignore', output === 'quiet' ? 'ignore' : 'inherit', 'inherit'],
    });
    this.exited = once(this.child, 'exit').then(([code, signal]) => (code ?? signal) as number | string);
  }

  get running(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Drains it. */
  async stop(): Promise<number | string> {
    if (this.running) this.child.kill('SIGTERM');
    return this.exited;
  }
}
