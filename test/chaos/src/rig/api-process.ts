import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const MAIN = join(__dirname, '..', '..', '..', '..', 'apps', 'api', 'dist', 'main.js');

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** The API, as it is deployed. */
export class ApiProcess {
  private static started = 0;

  private constructor(
    private readonly child: ChildProcess,
    private readonly url: string,
  ) {}

  /** On the loopback. */
  get port(): number {
    return Number(new URL(this.url).port);
  }

  /** @param settings STILE_… variables. @throws Error with what it has said, when it does not come up */
  static async start(
    redisUrl: string,
    prefix: string,
    folder: string,
    settings: Readonly<Record<string, string>> = {},
  ): Promise<ApiProcess> {
    const output = join(folder, `api-${ApiProcess.started++}.out`);
    const file = openSync(output, 'a');
    const own = { PATH: process.env.PATH ?? '', STILE_PORT: '0', STILE_REDIS_URL: redisUrl, STILE_PREFIX: prefix };
    const env = { ...settings, ...own };
    const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', file, file] });
    closeSync(file);
    for (const end = Date.now() + 180_000; Date.now() < end && child.exitCode === null; await sleep(20)) {
      const url = /listens on (http:\S+)/.exec(readFileSync(output, 'utf8'))?.[1];
      if (url !== undefined) return new ApiProcess(child, url);
    }
    child.kill('SIGKILL');
    throw new Error(`the API did not come up:\n${readFileSync(output, 'utf8')}`);
  }

  async request(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      signal: AbortSignal.timeout(10_000),
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.text() };
  }

  /** Asks it to go, as a deployment does. @returns exit code or signal */
  async drain(): Promise<number | string> {
    const gone = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    const [code, signal] = (await gone) as [number | null, string | null];
    return code ?? signal ?? '';
  }

  async end(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await gone;
  }
}
