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
  private readonly parts = new Set<Part>();
  private redis?: LocalRedis;
  private stopping = false;

  private constructor(
    readonly config: ReturnType<typeof readStackConfig>,
    /** Where the API listens, without a slash at the end. */
    readonly url: string,
    private readonly env: Record<string, string>,
    private readonly options: StackOptions,
  ) {}

  /** @throws PlainError when a part does not start */
  static async start(options: StackOptions): Promise<Stack> {
    const config = readStackConfig();
    const port = await freePort(config.host, config.port, options.anyPort);
    const machines = config.machines.length > 0 ? config.machines.join(',') : options.machines;
    const host = config.host.includes(':') ? `[${config.host}]` : config.host;
    const env = { STILE_PORT: String(port), STILE_MACHINES: machines };
    const stack = new Stack(config, `http://${host}:${port}`, env, options);
    try {
      await stack.begin();
      return stack;
    } catch (error) {
      await stack.stop();
      throw error;
    }
  }

  /** Workers and API drain, then Redis goes. */
  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all([...this.parts].map((part) => part.stop()));
    await this.redis?.stop();
  }

  private async begin(): Promise<void> {
    this.env.STILE_REDIS_URL = this.config.redisUrl || (await this.ownRedis());
    const first = [this.add('api', 'api')];
    for (let i = 1; i <= this.options.workers; i++) first.push(this.add(`worker ${i}`, 'worker'));
    const died = Promise.race(
      first.map(async (part) => {
        const how = await part.exited;
        throw new PlainError(`the ${part.name} ended before it was ready (${how})${part.lastWords}`);
      }),
    );
    await Promise.race([this.ready(), died]);
    died.catch(() => undefined); // from here on a part that ends is started again
    for (const part of first) this.keepUp(part);
  }

  private async ownRedis(): Promise<string> {
    if (!findRedisServer()) {
      throw new PlainError(
        'there is neither redis-server nor valkey-server on PATH: run "npm run setup", or set STILE_REDIS_URL=redis://host:6379',
      );
    }
    this.redis = await startLocalRedis({ dir: this.dir, appendOnly: true });
    console.log(`Redis      ${this.redis.url} (its own, data in ${this.dir})`);
    return this.redis.url;
  }

  private get dir(): string {
    return join(process.cwd(), '.stile', this.options.data);
  }

  private add(name: string, kind: PartName): Part {
    const log = this.options.quiet ? join(this.dir, `${name.replace(' ', '-')}.log`) : undefined;
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

  private async ready(): Promise<void> {
    const deadline = performance.now() + READY_WITHIN_MS;
    let last = 'no answer';
    while (performance.now() < deadline && !this.stopping) {
      try {
        const response = await fetch(`${this.url}/health/ready`, { signal: AbortSignal.timeout(5000) });
        if (response.ok) return;
        last = await response.text();
      } catch (error) {
        last = String(error);
      }
      await delay(100);
    }
    throw new PlainError(`not ready within ${READY_WITHIN_MS / 1000} s: ${last}`);
  }
}
