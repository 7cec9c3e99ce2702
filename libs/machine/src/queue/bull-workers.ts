import { randomUUID } from 'node:crypto';
import { Queue } from 'bullmq';
import type { RedisConnection } from '../redis/connect';
import { Workers, type WorkerSeen } from '../core/machines';
import type { Keyspace } from '../redis/keyspace';
import { answered } from '../redis/store-error';

/** Name of the jobs that only ask whether somebody takes them. */
export const PROBE_JOB = 'probe';
/** Workers not seen for so long are forgotten, ms. */
const FORGET_MS = 60_000;
const POLL_MS = 25;

/** Reads what workers say of themselves, and asks them by a job when that is not enough. */
export class BullWorkers extends Workers {
  constructor(
    private readonly redis: RedisConnection,
    private readonly keys: Keyspace,
  ) {
    super();
  }

  async list(): Promise<readonly WorkerSeen[]> {
    const [[seconds, micros], fields] = await answered(Promise.all([this.redis.time(), this.redis.hgetall(this.keys.workers)]));
    const now = Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
    const seen: WorkerSeen[] = [];
    for (const [incarnation, text] of Object.entries(fields)) {
      const beat = readBeat(text);
      const lastSeenMs = beat ? Math.max(0, now - beat.at) : Infinity;
      if (!beat || lastSeenMs > FORGET_MS) {
        await this.redis.hdel(this.keys.workers, incarnation);
        continue;
      }
      const { lastJobMs } = beat.said;
      seen.push({ ...beat.said, lastSeenMs, lastJobMs: lastJobMs === null ? null : lastJobMs + lastSeenMs });
    }
    return seen;
  }

  async probe(timeoutMs: number): Promise<boolean> {
    const found = await this.liveQueue();
    if (found === undefined) return false;
    const prefix = this.keys.queuePrefix(found.partition);
    const queue = new Queue(found.name, { connection: this.redis, prefix, skipMetasUpdate: true });
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
  private async liveQueue(): Promise<{ name: string; partition: number } | undefined> {
    const serving = (await this.list()).filter(({ queues }) => queues.length > 0);
    const [latest] = serving.sort((a, b) => a.lastSeenMs - b.lastSeenMs);
    const name = latest?.queues[0];
    return name === undefined ? undefined : { name, partition: latest?.partitions?.[0] ?? 0 };
  }
}

interface Beat {
  /** Server ms. */
  readonly at: number;
  readonly said: Omit<WorkerSeen, 'lastSeenMs'>;
}

/** Nothing where it is none. What workers of earlier versions do not say is told as such. */
function readBeat(text: string): Beat | undefined {
  try {
    const { at, name, queues, active, lastJobMs, ...more } = JSON.parse(text) as Beat['said'] & { at: number };
    if (typeof at !== 'number' || !Array.isArray(queues)) return undefined;
    const { lagMs = 0, host = null, pid = null, startedAt = null } = more as Partial<WorkerSeen>;
    const { concurrency = null, definitions = [], partitions = null } = more as Partial<WorkerSeen>;
    const said = { name, queues, active, lastJobMs, lagMs, host, pid, startedAt, concurrency, definitions, partitions };
    return { at, said };
  } catch {
    return undefined;
  }
}
