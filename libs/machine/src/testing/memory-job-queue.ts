import type { DueJob, Job } from '../core/model';
import type { JobQueue } from '../core/ports';

interface Entry {
  readonly id: string;
  readonly job: Job;
  /** Time of the clock at which it may be taken, ms. */
  dueAt: number;
  state: 'waiting' | 'active';
  pickups: number;
}

/** A job that has been taken, and how often it was taken before. */
export interface Taken {
  readonly id: string;
  readonly job: Job;
  readonly pickups: number;
}

/** Jobs as BullMQ keeps them: an id that exists is left as it is, and one that is active stays so when its worker dies. */
export class MemoryJobQueue implements JobQueue {
  private readonly entries = new Map<string, Entry>();

  /** @param now ms */
  constructor(private readonly now: () => number) {}

  async add(jobs: readonly DueJob[]): Promise<void> {
    for (const { delayMs, ...job } of jobs) {
      const id = idOf(job);
      if (!this.entries.has(id)) this.entries.set(id, { id, job, dueAt: this.now() + delayMs, state: 'waiting', pickups: 0 });
    }
  }

  async inspect(job: Job): ReturnType<JobQueue['inspect']> {
    const entry = this.entries.get(idOf(job));
    if (!entry) return 'gone';
    return entry.state === 'waiting' && entry.dueAt > this.now() ? 'delayed' : entry.state;
  }

  async promote(job: Job): Promise<void> {
    const entry = this.entries.get(idOf(job));
    if (entry?.state === 'waiting') entry.dueAt = Math.min(entry.dueAt, this.now());
  }

  /** The job that has been due longest, now active. */
  take(): Taken | undefined {
    const entry = this.first();
    if (!entry || entry.dueAt > this.now()) return undefined;
    entry.state = 'active';
    return { id: entry.id, job: entry.job, pickups: entry.pickups++ };
  }

  /** The job has ended, and is forgotten. */
  remove(id: string): void {
    this.entries.delete(id);
  }

  /** Puts an active job back. */
  later(id: string, delayMs: number): void {
    const entry = this.entries.get(id);
    if (!entry) return;
    entry.state = 'waiting';
    entry.dueAt = this.now() + delayMs;
  }

  /** Ms from now until a job can be taken; infinity when none waits. */
  get nextMs(): number {
    return (this.first()?.dueAt ?? Infinity) - this.now();
  }

  private first(): Entry | undefined {
    let first: Entry | undefined;
    for (const entry of this.entries.values()) {
      if (entry.state === 'waiting' && (!first || entry.dueAt < first.dueAt)) first = entry;
    }
    return first;
  }
}

/** All that tells one job from another (J1). */
function idOf({ correlationId, steps, rev, retries, drive }: Job): string {
  return `${correlationId}.${steps}.${rev}.${retries}.${drive}`;
}
