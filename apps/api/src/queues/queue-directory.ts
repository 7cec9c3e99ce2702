import { InjectQueue } from '@nestjs/bullmq';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { DEFAULT_QUEUE, Machines, StileRuntime } from '@stile/machine';
import { Queue } from 'bullmq';

/** How long what is known of the queues is good enough, ms. */
const FRESH_MS = 2000;

/** A queue of one partition. */
export interface ListedQueue {
  readonly partition: number;
  readonly queue: Queue;
}

/** All queues there are to look at: the default one, and those that published definitions name, which may come at any time. */
@Injectable()
export class QueueDirectory implements OnApplicationShutdown {
  private readonly log = new Logger('Queues');
  private readonly listed = new Map<string, ListedQueue>();
  private readonly opened: Queue[] = [];
  private readAt = -Infinity;
  private reading?: Promise<void>;

  constructor(
    @InjectQueue(DEFAULT_QUEUE) defaultQueue: Queue,
    private readonly runtime: StileRuntime,
    private readonly machines: Machines,
  ) {
    this.add(0, defaultQueue);
    this.open(DEFAULT_QUEUE);
  }

  /** What is known now; reads the definitions first unless that was done in the last seconds. Never rejects. */
  async list(): Promise<readonly ListedQueue[]> {
    if (performance.now() - this.readAt >= FRESH_MS) {
      this.reading ??= this.read().finally(() => (this.reading = undefined));
      await this.reading;
    }
    return [...this.listed.values()];
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.opened.map((queue) => queue.close()));
  }

  private async read(): Promise<void> {
    try {
      for (const { queue } of await this.machines.definitions()) this.open(queue);
    } catch (error) {
      this.log.warn(`queues of new definitions are not known: ${String(error)}`);
    }
    this.readAt = performance.now();
  }

  private open(name: string): void {
    const { redis, keys } = this.runtime;
    for (let partition = 0; partition < keys.partitions; partition++) {
      if (this.listed.has(`${partition}/${name}`)) continue;
      const queue = new Queue(name, {
        connection: redis,
        prefix: keys.queuePrefix(partition),
        skipMetasUpdate: true,
      });
      this.opened.push(queue);
      this.add(partition, queue);
    }
  }

  private add(partition: number, queue: Queue): void {
    queue.on('error', () => undefined); // of the runtime's connection, which says so itself
    this.listed.set(`${partition}/${queue.name}`, { partition, queue });
  }
}
