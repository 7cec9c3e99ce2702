import type { Queue } from 'bullmq';
import type { RedisConnection } from '../redis/connect';
import type { JobQueue } from '../core/ports';

type JobState = Awaited<ReturnType<JobQueue['inspect']>>;

const STATES: Record<string, JobState> = {
  waiting: 'waiting',
  'waiting-children': 'waiting',
  prioritized: 'waiting',
  delayed: 'delayed',
  active: 'active',
  completed: 'ended',
  failed: 'ended',
};

/** How long the age of a queue's oldest job is believed, ms. It only grows, so that what was read before errs towards patience. */
const BELIEVED_MS = 500;

/** Finds out what became of a job. */
export class JobInspector {
  private readonly oldest = new Map<Queue, { readAt: number; timestamp: number }>();

  constructor(
    private readonly redis: RedisConnection,
    private readonly monotonic: () => number,
  ) {}

  /**
   * BullMQ's own answer looks through the whole list of waiting jobs, which a watchdog over a backlog of a million cannot afford.
   * Most jobs of a backlog can be told from their hash: never taken, never delayed, and not older than the oldest that waits
   * (the list is first in, first out).
   */
  async inspect(queue: Queue, id: string): Promise<JobState> {
    const [timestamp, attempts, delay] = await this.redis.hmget(queue.toKey(id), 'timestamp', 'ats', 'delay');
    if (timestamp === null) return this.gone(queue, id); // whatever list still names it
    if (!attempts && (delay ?? '0') === '0' && Number(timestamp) >= (await this.oldestOf(queue))) return 'waiting';
    const state = STATES[await queue.getJobState(id)];
    if (state) return state;
    return this.gone(queue, id);
  }

  /**
   * A job in none of the lists may still have its hash, where lists were lost; and where the hash was lost while a worker had the job,
   * that one's end leaves a stub of it, without data. Either would swallow the job for ever when it is added again.
   */
  private async gone(queue: Queue, id: string): Promise<'gone'> {
    if ((await this.redis.exists(queue.toKey(id))) === 1) await queue.remove(id);
    return 'gone';
  }

  /** When the job that waits longest was made, ms since 1970; infinity when none waits. */
  private async oldestOf(queue: Queue): Promise<number> {
    const now = this.monotonic();
    const known = this.oldest.get(queue);
    if (known && now - known.readAt < BELIEVED_MS) return known.timestamp;
    const id = (await this.redis.lindex(queue.toKey('wait'), -1)) ?? (await this.redis.lindex(queue.toKey('paused'), -1));
    const timestamp = id === null ? null : await this.redis.hget(queue.toKey(id), 'timestamp');
    const oldest = { readAt: now, timestamp: timestamp === null ? Infinity : Number(timestamp) };
    this.oldest.set(queue, oldest);
    return oldest.timestamp;
  }
}
