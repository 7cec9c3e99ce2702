import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inheritedEnv } from '@stile/config';
import { endWhileNobodyDrains } from './signals';

export type PartName = 'api' | 'worker';
type Overrides = Parameters<typeof inheritedEnv>[0];

/** The compiled program of a part. It is run, never imported: the parts know nothing of this one. */
function programOf(part: PartName): string {
  return join(__dirname, '..', '..', part, 'dist', 'main.js');
}

/** Becomes the part: signals, exit code and output are its own, as a process manager wants it. */
export function runInThisProcess(part: PartName): void {
  endWhileNobodyDrains();
  require(programOf(part));
}

/** A part in a process of its own, which ends with this one. */
export class Part {
  readonly exited: Promise<number | string>;
  private readonly child: ChildProcess;

  /** @param log file that takes its output. @default this process's own output */
  constructor(
    readonly name: string,
    readonly kind: PartName,
    env: Overrides,
    private readonly log?: string,
  ) {
    const output = log === undefined ? 'inherit' : open(log);
    const args = [join(__dirname, 'part-process.js'), kind];
    this.child = spawn(process.execPath, args, { env: inheritedEnv(env), stdio: ['ignore', output, output, 'ipc'] });
    if (typeof output === 'number') closeSync(output); // the child has its own
    this.exited = once(this.child, 'exit').then(([code, signal]) => (code ?? signal) as number | string);
  }

  /** What it said last, where that cannot be seen above. */
  get lastWords(): string {
    if (this.log === undefined) return '';
    return `\n${readFileSync(this.log, 'utf8').trim().split('\n').slice(-20).join('\n')}`;
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

function open(file: string): number {
  mkdirSync(dirname(file), { recursive: true });
  return openSync(file, 'w');
}
