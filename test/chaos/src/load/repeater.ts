import { Queue } from 'bullmq';
import { Redis } from 'ioredis';

/** `<correlation id>.<steps>.<retries>.<drive generation>` */
const JOB_ID = /^(.+)\.(\d+)\.(\d+)\.(\d+)$/;
const BATCH = 500;

export interface RepeaterOptions {
  readonly redisUrl: string;
  /** BullMQ's prefix and name of the queue. */
  readonly queuePrefix: string;
  readonly queue: string;
  /** How often each job is delivered in all. */
  readonly times: number;
  readonly random: () => number;
}

/**
 * Delivers every job of a queue again and again, shuffled over the last few thousand: it reads the queue's own stream of added jobs, and
 * adds copies with the same hint under other ids.
 */
export class Repeater {
  /** Jobs that were added by the product. */
  originals = 0;
  /** Copies added. */
  copies = 0;
  private readonly pool: { name: string; data: Record<string, unknown> }[] = [];
  private readonly reader: Redis;
  private readonly queue: Queue;
  private readonly connection: Redis;
  private stopped = false;
  private reading = Promise.resolve();

  constructor(private readonly options: RepeaterOptions) {
    this.reader = new Redis(options.redisUrl);
    this.connection = new Redis(options.redisUrl, { maxRetriesPerRequest: null });
    this.queue = new Queue(options.queue, { connection: this.connection, prefix: options.queuePrefix, skipMetasUpdate: true });
  }

  start(): void {
    this.reading = this.read();
  }

  /** Adds what is still to be delivered, and ends. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.reading;
    while (this.pool.length > 0) await this.deliver(Math.min(BATCH, this.pool.length));
    await this.queue.close();
    this.reader.disconnect();
    this.connection.disconnect();
  }

  private async read(): Promise<void> {
    const { queuePrefix, queue } = this.options;
    for (let last = '0'; !this.stopped;) {
      const reply = await this.reader.xread('COUNT', 1000, 'BLOCK', 100, 'STREAMS', `${queuePrefix}:${queue}:events`, last);
      for (const [id, fields] of reply?.[0]?.[1] ?? []) {
        last = id;
        const event = Object.fromEntries(
          fields.map((field, i) => [field, fields[i + 1]]).filter((_, i) => i % 2 === 0),
        ) as Record<string, string>;
        if (event.event === 'added') this.seen(event.jobId ?? '', event.name ?? '');
      }
      // The rest stays to be mixed with what is still to come.
      if (this.pool.length > 2 * BATCH) await this.deliver(this.pool.length - BATCH);
    }
  }

  private seen(jobId: string, machine: string): void {
    const [, correlationId, ...numbers] = JOB_ID.exec(jobId) ?? [];
    if (correlationId === undefined) return; // a copy
    const [steps, retries, drive] = numbers.map(Number);
    this.originals++;
    const data = { correlationId, steps, rev: 0, retries, drive, machine, version: 1, queue: this.options.queue };
    for (let i = 1; i < this.options.times; i++) this.pool.push({ name: machine, data });
  }

  private async deliver(count: number): Promise<void> {
    const { random } = this.options;
    const jobs = Array.from({ length: count }, () => {
      // Swap a random one to the end: a shuffle, as far as it is taken.
      const at = Math.floor(random() * this.pool.length);
      [this.pool[at], this.pool[this.pool.length - 1]] = [this.pool[this.pool.length - 1]!, this.pool[at]!];
      const { name, data } = this.pool.pop()!;
      const delay = random() < 0.2 ? Math.ceil(random() * 1500) : 0;
      return { name, data, opts: { jobId: `copy-${++this.copies}`, delay, removeOnComplete: true, removeOnFail: true } };
    });
    for (let from = 0; from < jobs.length; from += BATCH) await this.queue.addBulk(jobs.slice(from, from + BATCH));
  }
}
