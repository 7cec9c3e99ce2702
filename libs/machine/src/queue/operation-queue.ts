import { Queue } from 'bullmq';
import type { RedisConnection } from '../redis/connect';
import type { OperationQueue } from '../core/operations-ports';
import type { Keyspace } from '../redis/keyspace';

export const OPERATION_QUEUE = 'stile-operations';

export class BullOperationQueue implements OperationQueue {
  private opened?: Queue;

  constructor(
    private readonly redis: RedisConnection,
    private readonly keys: Keyspace,
    private readonly onError: (error: Error) => void,
  ) {}

  /** @param attempt tells a job that replaces a lost one from it: the id of a job that is kept would be swallowed. @default '' */
  async add(id: string, attempt = ''): Promise<void> {
    const options = { attempts: 1_000_000, backoff: { type: 'fixed', delay: 1000 }, removeOnComplete: true, removeOnFail: true };
    await this.queue.add('walk', { operation: id }, { ...options, jobId: `${id}${attempt}` });
  }

  async close(): Promise<void> {
    await this.opened?.close();
  }

  /** Opened when first used: a queue connects at once. */
  private get queue(): Queue {
    if (!this.opened) {
      const prefix = this.keys.queuePrefix(0);
      this.opened = new Queue(OPERATION_QUEUE, { connection: this.redis, prefix, skipMetasUpdate: true });
      this.opened.on('error', this.onError);
    }
    return this.opened;
  }
}
