import { randomUUID } from 'node:crypto';
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { Workers, type WorkerSeen } from '../core/machines';
import type { Keyspace } from '../redis/keyspace';

/** Name of the jobs that only ask whether somebody takes them. */
export const PROBE_JOB = 'probe';
/** Workers not seen for so long are forgotten, ms. */
const FORGET_MS = 60_000;
const POLL_MS = 25;

/** Reads what workers say of themselves, and asks them by a job when that is not enough. */
export class BullWorkers extends Workers {
  constructor(
    private readonly redis: Redis,
    private readonly keys: Keyspace,
  ) {
    super();
  }

  async list(): Promise<readonly WorkerSeen[]> {
    const [[seconds, micros], fields] = await Promise.all([this.redis.time(), this.redis.hgetall(this.keys.workers)]);
    const now = Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
    const seen: WorkerSeen[] = [];
    for (const [incarnation, text] of Object.entries(fields)) {
      const beat = readBeat(text);
      const lastSeenMs = beat ? Math.max(0, now - beat.at) : Infinity;
      if (!beat || lastSeenMs > FORGET_MS) {
        await this.redis.hdel(this.keys.workers, incarnation);
        continue;
      }
      const { name, queues, active, lastJobMs, lagMs } = beat;
      const sinceJobMs = lastJobMs === null ? null : lastJobMs + lastSeenMs;
      // Workers of the version before do not measure it.
      seen.push({ name, queues, active, lastSeenMs, lastJobMs: sinceJobMs, lagMs: typeof lagMs === 'number' ? lagMs : 0 });
    }
    return seen;
  }

  async probe(timeoutMs: number): Promise<boolean> {
    const name = await this.liveQueue();
    if (name === undefined) return false;
    const queue = new Queue(name, { connection: this.redis, prefix: this.keys.queuePrefix(0), skipMetasUpdate: true });
    const jobId = `probe-${randomUUID()}`;
    try {
      await queue.add(PROBE_JOB, {}, { jobId, lifo: true, removeOnComplete: true, removeOnFail: true });
      for (let waited = 0; waited < timeoutMs; waited += POLL_MS) {
        if ((await queue.getJobState(jobId)) === 'unknown') return true;
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
      await queue.remove(jobId);
      return false;
    } finally {
      await queue.close();
    }
  }

  /** One that is served, going by the worker that was heard of last: others may have died since. */
  private async liveQueue(): Promise<string | undefined> {
    const serving = (await this.list()).filter(({ queues }) => queues.length > 0);
    return serving.sort((a, b) => a.lastSeenMs - b.lastSeenMs)[0]?.queues[0];
  }
}

type Beat = Omit<WorkerSeen, 'lastSeenMs'> & { readonly at: number };

/** Nothing where it is not what a worker of this version writes. */
function readBeat(text: string): Beat | undefined {
  try {
    const beat = JSON.parse(text) as Beat;
    return typeof beat.at === 'number' && Array.isArray(beat.queues) ? beat : undefined;
  } catch {
    return undefined;
  }
}
