import { StileRuntime, StoreUnavailableError, type Machines, type StartRequest } from '@stile/machine';
import { quietLog } from '../machines';
import { registry } from './machines';
import type { Target } from './target';

const BATCH = 250;

/** A target as one layout of Stile has it: starts machines there and counts them. */
export class Site {
  private constructor(
    readonly target: Target,
    readonly partitions: number,
    readonly runtime: StileRuntime,
  ) {}

  /** Empty, and with the definitions published, which a worker does when it starts. */
  static async open(target: Target, partitions: number): Promise<Site> {
    await target.flush();
    const options = { redis: { url: target.url }, partitions };
    const publisher = new StileRuntime({ ...options, worker: {} }, quietLog);
    await publisher.start(registry());
    await publisher.stop();
    return new Site(target, partitions, new StileRuntime(options, quietLog));
  }

  get task() {
    return { url: this.target.url, partitions: this.partitions };
  }

  async start(machine: string, count: number, prefix: string, context: object = {}): Promise<void> {
    for (let i = 0; i < count; i += BATCH) {
      const ids = Array.from({ length: Math.min(BATCH, count - i) }, (_, j) => `${prefix}${i + j}`);
      await startAll(
        this.runtime.machines,
        ids.map((correlationId) => ({ machine, correlationId, context })),
      );
    }
  }

  /** Machines that have ended, and are kept. */
  ended(): Promise<number> {
    return this.sum((partition) => this.runtime.keys.retention(partition));
  }

  /** Lets the time of keeping of all that have ended pass. */
  async letGo(): Promise<void> {
    for (let partition = 0; partition < this.partitions; partition++) {
      const retention = this.runtime.keys.retention(partition);
      const ids = await this.runtime.redis.zrangebyscore(retention, '-inf', '+inf');
      for (let i = 0; i < ids.length; i += BATCH) {
        await this.runtime.redis.zadd(retention, 'XX', ...ids.slice(i, i + BATCH).flatMap((id) => ['1', id]));
      }
    }
  }

  /** Machines in a place of the lists. */
  placed(place: string): Promise<number> {
    return this.sum((partition) => this.runtime.keys.place(partition, place));
  }

  private async sum(key: (partition: number) => string): Promise<number> {
    const keys = Array.from({ length: this.partitions }, (_, partition) => key(partition));
    const sizes = await Promise.all(keys.map((each) => this.runtime.redis.zcard(each)));
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  close(): Promise<void> {
    return this.runtime.stop();
  }
}

/** Starts each once: where a busy Redis has not answered in time, it is asked again. */
export async function startAll(machines: Machines, requests: readonly StartRequest[]): Promise<void> {
  for (let left = requests; left.length > 0;) {
    const results = await machines.startMany(left);
    left = left.filter((_, i) => {
      const result = results[i];
      if (result?.outcome !== 'rejected') return false;
      if (!(result.error instanceof StoreUnavailableError)) throw result.error;
      return true;
    });
  }
}
