import type { RedisConnection } from '../redis/connect';
import type { JobSeen } from '../core/explain-facts';
import type { JobLook } from '../core/explain-ports';
import type { Job } from '../core/model';
import type { Keyspace } from '../redis/keyspace';
import { readTogether } from '../redis/read-together';
import { jobId } from './bull-job-queue';

type Reads = [
  job: (string | null)[],
  delayed: string | null,
  active: number | null,
  wait: number,
  waitPaused: number,
  paused: string | null,
];

/**
 * Looks at a job without asking BullMQ where it is: that goes through the whole list of waiting jobs. A job that is there, but neither
 * delayed nor active, waits. The list of active jobs is as long as workers have hands.
 */
export class BullJobLook implements JobLook {
  constructor(
    private readonly redis: RedisConnection,
    private readonly keys: Keyspace,
  ) {}

  async look(job: Job): Promise<JobSeen> {
    const id = jobId(job);
    const key = (name: string) => `${this.keys.queuePrefix(this.keys.partitionOf(job.correlationId))}:${job.queue}:${name}`;
    const reads = this.redis
      .multi()
      .hmget(key(id), 'timestamp', 'processedOn')
      .zscore(key('delayed'), id)
      .lpos(key('active'), id)
      .llen(key('wait'))
      .llen(key('paused'))
      .hget(key('meta'), 'paused');
    const [[timestamp, processedOn], delayed, active, wait, waitPaused, paused] = await readTogether<Reads>(reads);
    const common = { jobs: wait + waitPaused, paused: paused === '1' };
    if (active !== null) return { ...common, state: 'active', ...(processedOn ? { takenAt: Number(processedOn) } : {}) };
    if (typeof timestamp !== 'string') return { ...common, state: 'missing' };
    return { ...common, state: delayed === null ? 'waiting' : 'delayed' };
  }
}
