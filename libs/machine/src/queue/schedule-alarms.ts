import { Queue } from 'bullmq';
import type { RedisConnection } from '../redis/connect';
import type { ScheduleAlarms, ScheduleState } from '../core/schedules-ports';
import { nextAtOf } from '../engine/schedule/schedule-view';
import type { Keyspace } from '../redis/keyspace';

export const SCHEDULE_QUEUE = 'stile-schedules';
/** A tick so late has been lost: taken away by hand, or never made, ms. */
const LATE_MS = 2000;
const TICK_OPTIONS = { removeOnComplete: true, removeOnFail: true, attempts: 1 } as const;

/**
 * A BullMQ Job Scheduler for each schedule. It is named by the schedule and by when its timing was put, so that a schedule that begins
 * anew never gets the rhythm of its past.
 */
export class BullScheduleAlarms implements ScheduleAlarms {
  private opened?: Queue;

  constructor(
    private readonly redis: RedisConnection,
    private readonly keys: Keyspace,
    private readonly onError: (error: Error) => void,
  ) {}

  async set(state: ScheduleState, nextAt: number | undefined): Promise<void> {
    const id = idOf(state);
    const found = await this.all();
    for (const other of found.keys()) {
      if (nameOf(other) === state.spec.name && (other !== id || nextAt === undefined)) await this.queue.removeJobScheduler(other);
    }
    if (nextAt !== undefined) await this.keep(id, state, nextAt, found.get(id));
  }

  async remove(name: string): Promise<void> {
    for (const id of (await this.all()).keys()) {
      if (nameOf(id) === name) await this.queue.removeJobScheduler(id);
    }
  }

  /**
   * Makes what is missing, replaces what is late, removes what belongs to no schedule.
   *
   * @param since server ms before `states` were read: an alarm made after it may belong to a schedule that is not among them
   */
  async mend(states: readonly ScheduleState[], since: number): Promise<void> {
    const found = await this.all();
    const expected = new Set<string>();
    for (const state of states) {
      const nextAt = nextAtOf(state);
      if (nextAt === undefined) continue;
      const id = idOf(state);
      expected.add(id);
      await this.keep(id, state, nextAt, found.get(id));
    }
    for (const id of found.keys()) {
      if (!expected.has(id) && !(anchorOf(id) > since)) await this.queue.removeJobScheduler(id);
    }
  }

  async close(): Promise<void> {
    await this.opened?.close();
  }

  /** Opened when first used: a queue connects at once. */
  private get queue(): Queue {
    if (!this.opened) {
      const prefix = this.keys.queuePrefix(0);
      this.opened = new Queue(SCHEDULE_QUEUE, { connection: this.redis, prefix, skipMetasUpdate: true });
      this.opened.on('error', this.onError);
    }
    return this.opened;
  }

  /**
   * Leaves one that is in order alone: an upsert between the time of a tick and a worker's taking it would put the next one in its place,
   * and nobody would look at the slot.
   *
   * @param rings when it rings as it is
   */
  private async keep(id: string, state: ScheduleState, nextAt: number, rings: number | undefined): Promise<void> {
    if (rings !== undefined && rings >= state.now - LATE_MS) return;
    if (rings !== undefined) await this.queue.removeJobScheduler(id);
    await this.make(id, state, nextAt);
  }

  private async make(id: string, { spec }: ScheduleState, nextAt: number): Promise<void> {
    const { cron, timeZone, everyMs, startAt } = spec.timing;
    const startDate = startAt === null ? {} : { startDate: startAt };
    const rhythm =
      everyMs === null
        ? { pattern: cron ?? '', tz: timeZone ?? 'UTC', ...startDate }
        : { every: everyMs, offset: nextAt % everyMs, startDate: nextAt };
    const template = { name: 'tick', data: { schedule: spec.name }, opts: TICK_OPTIONS };
    await this.queue.upsertJobScheduler(id, rhythm, template);
  }

  /** By id, the time at which each rings next. */
  private async all(): Promise<Map<string, number>> {
    const reply = await this.redis.zrange(this.queue.toKey('repeat'), 0, '-1', 'WITHSCORES');
    const found = new Map<string, number>();
    for (let i = 0; i + 1 < reply.length; i += 2) found.set(reply[i] as string, Number(reply[i + 1]));
    return found;
  }
}

function idOf({ spec, anchor }: ScheduleState): string {
  return `${spec.name}~${anchor}`;
}
function nameOf(id: string): string {
  return id.slice(0, id.lastIndexOf('~'));
}
function anchorOf(id: string): number {
  return Number(id.slice(id.lastIndexOf('~') + 1));
}

/** The slot that a tick was made for: BullMQ names it `repeat:<scheduler>:<ms>`. */
export function slotOfTick(jobId: string | undefined): number {
  return Number(jobId?.slice(jobId.lastIndexOf(':') + 1));
}
