import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { waitFor } from '../../support/redis';
import { ROOT } from './programs';

const MAIN = join(ROOT, 'apps', 'cli', 'dist', 'main.js');

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A `stile` command that runs, as people run it: from dist, in a process of its own. */
export class StileCommand {
  out = '';
  err = '';
  private readonly child: ChildProcess;
  private readonly exit: Promise<[number | null]>;

  constructor(args: readonly string[], env: Record<string, string>, cwd?: string) {
    const { PATH = '', HOME = '' } = process.env;
    this.child = spawn(process.execPath, [MAIN, ...args], {
      cwd,
      env: { PATH, HOME, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.out += text));
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.err += text));
    this.exit = once(this.child, 'close') as Promise<[number | null]>;
  }

  async ended(): Promise<Ended> {
    const [code] = await this.exit;
    return { code, out: this.out, err: this.err };
  }

  async says(text: string): Promise<void> {
    await waitFor(() => this.out.includes(text) || this.err.includes(text), { what: `${text}; it said ${this.out}${this.err}` });
  }

  interrupt(): void {
    this.child.kill('SIGINT');
  }
}

/** Commands that go to one API. */
export class Terminal {
  constructor(
    private readonly env: Record<string, string>,
    private readonly cwd?: string,
  ) {}

  begin(...args: string[]): StileCommand {
    return new StileCommand(args, this.env, this.cwd);
  }

  run(...args: string[]): Promise<Ended> {
    return this.begin(...args).ended();
  }

  /** What a command that goes well prints with `--json`. */
  async json<T = Record<string, unknown>>(...args: string[]): Promise<T> {
    const { code, out, err } = await this.run(...args, '--json');
    if (code !== 0) throw new Error(`stile ${args.join(' ')} ended with ${code}: ${out}${err}`);
    return JSON.parse(out) as T;
  }
}
