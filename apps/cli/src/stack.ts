import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readConfig } from '@stile/config';
import { findRedisServer, startLocalRedis, type LocalRedis } from '@stile/local-redis';
import { freePort } from './free-port';
import { Part, type PartName } from './parts';
import { PlainError } from './plain-error';

/** What runs when STILE_MACHINES is unset. */
export const EXAMPLES = join(__dirname, '..', '..', '..', 'examples');
const READY_WITHIN_MS = 60_000;
const RESTART_AFTER_MS = 1000;

const readStackConfig = () => readConfig(undefined, { redis: 'optional' });

export interface StackOptions {
  readonly workers: number;
  /** Name of the folder in `.stile/` that its own Redis keeps its data in. */
  readonly data: string;
  /** Used where STILE_MACHINES is unset. */
  readonly machines: string;
  /** Whether API and workers write to files beside the data instead of this terminal. */
  readonly quiet: boolean;
  /** Whether another port will do when the one wanted is taken. */
  readonly anyPort: boolean;
}

/** API, workers and, where none is named, Redis: everything in processes of its own, watched over by this one. */
export class Stack {
  /** What was missing when readiness was last asked for. */
  notReady?: string;
  private readonly parts = new Set<Part>();
  private readonly first: Part[] = [];
  private redis?: Promise<LocalRedis>;
  private stopping = false;

  private constructor(
    readonly config: ReturnType<typeof readStackConfig>,
    /** Where the API listens, without a slash at the end. */
    readonly url: string,
    private readonly env: Record<string, string>,
    private readonly options: StackOptions,
  ) {}

  /** Finds where everything shall be; nothing runs yet. @throws PlainError, ConfigError */
  static async prepare(options: StackOptions): Promise<Stack> {
    const config = readStackConfig();
    const port = await freePort(config.host, config.port, options.anyPort);
    const machines = config.machines.length > 0 ? config.machines.join(',') : options.machines;
    const host = config.host.includes(':') ? `[${config.host}]` : config.host;
    return new Stack(config, `http://${host}:${port}`, { STILE_PORT: String(port), STILE_MACHINES: machines }, options);
  }

  /** Ends when the API answers. @throws PlainError when a part ends before that; LocalRedisError */
  async start(): Promise<void> {
    this.env.STILE_REDIS_URL = this.config.redisUrl || (await this.ownRedis());
    if (this.stopping) return;
    this.first.push(this.add('API', 'api'));
    for (let i = 1; i <= this.options.workers; i++) this.first.push(this.add(`worker ${i}`, 'worker'));
    await this.answers('/health/live', READY_WITHIN_MS);
  }

  /**
   * Ends when workers take jobs; from then on a part that ends is started again.
   *
   * @throws PlainError when that takes too long, or a part ends before
   */
  async ready(withinMs = Infinity): Promise<void> {
    await this.answers('/health/ready', withinMs);
    for (const part of this.first) this.keepUp(part);
  }

  /** Workers and API drain, then Redis goes. Also while it starts. */
  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all([...this.parts].map((part) => part.stop()));
    const redis = await this.redis?.catch(() => undefined);
    await redis?.stop();
  }

  private async ownRedis(): Promise<string> {
    if (!findRedisServer()) {
      throw new PlainError(
        'there is neither redis-server nor valkey-server on PATH: run "npm run setup", or set STILE_REDIS_URL=redis://host:6379',
      );
    }
    this.redis = startLocalRedis({ dir: this.dir, appendOnly: true });
    const { url } = await this.redis;
    console.log(`Redis      ${url} (its own, data in ${this.dir})`);
    return url;
  }

  private get dir(): string {
    return join(process.cwd(), '.stile', this.options.data);
  }

  private add(name: string, kind: PartName): Part {
    const log = this.options.quiet ? join(this.dir, `${name.toLowerCase().replace(' ', '-')}.log`) : undefined;
    const part = new Part(name, kind, this.env, log);
    this.parts.add(part);
    void part.exited.then(() => this.parts.delete(part));
    return part;
  }

  /** A worker may be killed by what it runs: another one takes its place. */
  private keepUp(part: Part): void {
    void part.exited.then(async (how) => {
      if (this.stopping) return;
      console.error(`stile: ${part.name} has ended (${how}); starting it again`);
      await delay(RESTART_AFTER_MS);
      if (!this.stopping) this.keepUp(this.add(part.name, part.kind));
    });
  }

  /** Waits until the API answers so, and every part of the start is still there. */
  private async answers(path: string, withinMs: number): Promise<void> {
    const ended = this.first.map(async (part) => {
      const how = await part.exited;
      throw new PlainError(`${part.name} ended before it was ready (${how})${part.lastWords}`);
    });
    await Promise.race([this.poll(path, withinMs), ...ended]);
  }

  private async poll(path: string, withinMs: number): Promise<void> {
    const deadline = performance.now() + withinMs;
    for (let pauseMs = 50; performance.now() < deadline; pauseMs = Math.min(pauseMs * 1.2, 1000)) {
      this.notReady = await problemAt(`${this.url}${path}`);
      if (this.notReady === undefined || this.stopping) return;
      await delay(pauseMs);
    }
    throw new PlainError(`not ready within ${withinMs / 1000} s: ${this.notReady}`);
  }
}

/** Nothing when all is well there. */
async function problemAt(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5000) });
    if (response.ok) return undefined;
    const { detail } = (await response.json()) as { detail?: string };
    return detail ?? `${url} answers ${response.status}`;
  } catch (error) {
    return `${url} does not answer: ${String(error)}`;
  }
}
