import { ErrorCode, Job as BullJob, Queue } from 'bullmq';
import type { RedisConnection } from '../redis/connect';
import type { JobQueue } from '../core/ports';
import type { DueJob, Job } from '../core/model';
import type { Keyspace } from '../redis/keyspace';
import { JobInspector } from './job-inspector';

/** J1: an id that BullMQ has seen and keeps is swallowed, so each wake-up of a machine has an id of its own. */
export function jobId(job: Job): string {
  return `${job.correlationId}.${job.steps}.${job.retries}.${job.drive}`;
}

/**
 * Always removed at the end: an id is unique only while its job is kept. One attempt: the record counts retries, not BullMQ.
 */
const JOB_OPTIONS = { removeOnComplete: true, removeOnFail: true, attempts: 1 } as const;

/** One BullMQ queue per partition and queue name, made when first used. */
export class BullJobQueue implements JobQueue {
  private readonly queues = new Map<string, Queue>();
  private readonly inspector: JobInspector;

  constructor(
    private readonly redis: RedisConnection,
    private readonly keys: Keyspace,
    monotonic: () => number,
    private readonly onError: (error: Error) => void,
  ) {
    this.inspector = new JobInspector(redis, monotonic);
  }

  async add(jobs: readonly DueJob[]): Promise<void> {
    if (jobs.length === 0) return;
    if (jobs.length === 1) {
      const job = jobs[0] as DueJob;
      await this.queueOf(job).add(job.machine, data(job), options(job));
      return;
    }
    const byQueue = new Map<Queue, DueJob[]>();
    for (const job of jobs) {
      const queue = this.queueOf(job);
      const list = byQueue.get(queue);
      if (list) list.push(job);
      else byQueue.set(queue, [job]);
    }
    await Promise.all(
      [...byQueue].map(([queue, list]) =>
        queue.addBulk(list.map((job) => ({ name: job.machine, data: data(job), opts: options(job) }))),
      ),
    );
  }

  inspect(job: Job): ReturnType<JobQueue['inspect']> {
    return this.inspector.inspect(this.queueOf(job), jobId(job));
  }

  /** By its id alone: the script sees whether it is there, and delayed. */
  async promote(job: Job): Promise<boolean> {
    try {
      await new BullJob(this.queueOf(job), job.machine, {}, {}, jobId(job)).promote();
      return true;
    } catch (error) {
      if ((error as { code?: unknown }).code === ErrorCode.JobNotInState) return false;
      throw error;
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.queues.values()].map((queue) => queue.close()));
  }

  private queueOf(job: Job): Queue {
    const partition = this.keys.partitionOf(job.correlationId);
    const name = `${partition}/${job.queue}`;
    let queue = this.queues.get(name);
    if (!queue) {
      queue = new Queue(job.queue, {
        connection: this.redis,
        prefix: this.keys.queuePrefix(partition),
        skipMetasUpdate: true,
      });
      queue.on('error', this.onError);
      this.queues.set(name, queue);
    }
    return queue;
  }
}

function data(job: DueJob): Job {
  const { correlationId, steps, rev, retries, drive, machine, version, queue } = job;
  return { correlationId, steps, rev, retries, drive, machine, version, queue };
}

function options(job: DueJob) {
  return { ...JOB_OPTIONS, jobId: jobId(job), ...(job.delayMs > 0 ? { delay: job.delayMs } : {}) };
}
