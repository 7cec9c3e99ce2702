import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { waitFor } from '../../support/redis';

export const ROOT = join(__dirname, '..', '..', '..');
export const MACHINES = join(ROOT, 'test', 'e2e', 'machines');

/** A program of the project, as people run it: from dist, in a process of its own. */
export class Program {
  output = '';
  private readonly child: ChildProcess;
  private readonly exit: Promise<number | string>;

  /** @param through a program that becomes node, e.g. as another user */
  constructor(args: readonly string[], env: Record<string, string>, cwd = ROOT, through: readonly string[] = []) {
    const [program = '', ...rest] = [...through, process.execPath, ...args];
    this.child = spawn(program, rest, {
      cwd,
      env: { ...clean(process.env), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
    this.exit = once(this.child, 'exit').then(([code, signal]) => (code ?? signal) as number | string);
  }

  get pid(): number {
    return this.child.pid as number;
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Waits for a line of its output. */
  async says(text: string | RegExp, timeoutMs = 20_000): Promise<string> {
    const match = (): string | undefined =>
      typeof text === 'string' ? (this.output.includes(text) ? text : undefined) : text.exec(this.output)?.[0];
    return waitFor(
      () => {
        const found = match();
        if (found === undefined && this.child.exitCode !== null) return { ended: true };
        return found;
      },
      { what: `${String(text)} from process ${this.pid}`, timeoutMs },
    ).then((found) => {
      if (typeof found === 'string') return found;
      throw new Error(`process ${this.pid} ended with ${this.child.exitCode} before it said ${String(text)}:\n${this.output}`);
    });
  }

  /** Exit code, or the signal that ended it. */
  exited(): Promise<number | string> {
    return this.exit;
  }

  /** For the end of a test: whatever state it is in. */
  async end(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill('SIGKILL'); // ends a stopped process, too
    await this.exit;
  }
}

/** Programs of one test, all ended after it. */
export class Programs {
  private readonly started: Program[] = [];

  constructor(private readonly env: Record<string, string>) {}

  worker(env: Record<string, string> = {}): Program {
    return this.start(['apps/worker/dist/main.js'], env);
  }

  start(args: readonly string[], env: Record<string, string> = {}, cwd?: string, through?: readonly string[]): Program {
    const program = new Program(args, { ...this.env, ...env }, cwd, through);
    this.started.push(program);
    return program;
  }

  async end(): Promise<void> {
    await Promise.all(this.started.splice(0).map((program) => program.end()));
  }
}

/** Whether the process runs; one that nobody has buried does not. */
export function isAlive(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)]);
  return /^[^Z]/.test(stdout.toString().trim());
}

/** Without what another run has set. */
function clean(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('STILE_')));
}
