import type { Clock, Timer } from '@stile/lease';
import type { JobQueue, Overdue, WatchStore } from '../core/ports';
import type { Outbox } from './engine-parts';
import type { Counters } from '../core/counts';
import type { DueJob } from '../core/model';
import type { EngineLog } from './options';

export interface WatchdogParts {
  readonly watch: WatchStore;
  readonly queue: JobQueue;
  readonly counters: Counters;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: EngineLog;
  /** Those that it sweeps. */
  readonly partitions: readonly number[];
  readonly outbox: Pick<Outbox, 'poke'>;
  /** Lets machines go whose hold was taken off, and reads the names of those in force. */
  readonly holds: { tend(partition: number): Promise<void> };
  /**
   * Time between two sweeps at most, ms; jittered by a quarter so that workers spread out. Sooner when an entry that was seen is due sooner,
   * so a timer that another worker has set meanwhile is late by this much at worst. @default 500
   */
  readonly everyMs?: number;
}

const BATCH = 100;
/** Batches of one sweep at most; and those in which nothing was missing, as in a backlog, which must not keep a worker from its work. */
const MAX_BATCHES = 100;
const MAX_FRUITLESS = 3;

/**
 * Re-makes what is missing (J2). Every live machine is in the watch with the time by which something must have happened; each
 * worker sweeps it. An entry is never taken out, only moved on, so a sweeper may die at any point.
 */
export class Watchdog {
  private timer?: Timer;
  private sweeping?: Promise<void>;
  private retiring?: Promise<void>;
  private stopped = true;
  /** Time until the next entry that was seen is due, ms. */
  private nextMs = Infinity;

  constructor(private readonly parts: WatchdogParts) {}

  start(): void {
    this.stopped = false;
    this.schedule();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.timer?.cancel();
    await this.sweeping;
    await this.retiring;
  }

  /**
   * One sweep over all partitions, a batch of each in turn: one in which much is due must not keep the timers of others waiting.
   *
   * @returns how many jobs were re-made
   */
  async sweep(): Promise<number> {
    let redriven = 0;
    this.nextMs = Infinity;
    let due = this.parts.partitions.map((partition) => ({ partition, fruitless: 0 }));
    for (let i = 0; i < MAX_BATCHES && due.length > 0; i++) {
      const more: typeof due = [];
      for (const { partition, fruitless } of due) {
        if (i === 0) await this.parts.holds.tend(partition);
        const overdue = await this.parts.watch.sweep(partition, BATCH);
        const made = await this.see(overdue);
        redriven += made;
        const inVain = made + overdue.fired.length === 0 && overdue.drive.length > 0 ? fruitless + 1 : fruitless;
        if (overdue.nextMs !== 0) this.nextMs = Math.min(this.nextMs, overdue.nextMs ?? Infinity);
        else if (inVain < MAX_FRUITLESS) more.push({ partition, fruitless: inVain });
      }
      due = more;
    }
    return redriven;
  }

  /** @returns how many jobs were re-made */
  private async see({ drive, fired, deliver, garbage }: Overdue): Promise<number> {
    for (const id of deliver) this.parts.outbox.poke(id);
    for (const { machine } of fired) this.parts.counters.add('timer', { machine, state: '', event: '' });
    if (fired.length > 0) await this.parts.queue.add(fired); // under ids that no job has had
    await Promise.all(garbage.map(({ correlationId, reason }) => this.setAside(correlationId, reason)));
    const driven = await Promise.all(drive.map((job) => this.drive(job)));
    return driven.filter(Boolean).length;
  }

  /** Drops what has been kept long enough. Apart from the sweep: a lease store or an archive that is away keeps what ended, not what lives. */
  async retire(): Promise<void> {
    for (const partition of this.parts.partitions) {
      while ((await this.retireBatch(partition)) && !this.stopped);
    }
  }

  /** @returns whether there may be more */
  private async retireBatch(partition: number): Promise<boolean> {
    const { watch, log } = this.parts;
    const { kept, more } = await watch.retire(partition, BATCH);
    for (const { correlationId, reason } of kept) {
      log.warn(`machine ${correlationId} has ended and cannot be dropped, mend or delete it: ${reason}`);
    }
    return more;
  }

  /** A job that still waits is left alone; one that is gone is made anew; a dead one is replaced under a new id. */
  private async drive(job: DueJob): Promise<boolean> {
    const { queue, watch, counters } = this.parts;
    switch (await queue.inspect(job)) {
      case 'waiting':
        return false;
      case 'delayed':
        await queue.promote(job);
        return false;
      case 'gone':
        await queue.add([job]);
        break;
      case 'active': // its lease is over: its worker died, or hangs
      case 'ended': {
        const woken = await watch.wake(job);
        if (!woken) return false;
        await queue.add([woken]);
      }
    }
    counters.add('redriven', { machine: job.machine, state: '', event: '' });
    return true;
  }

  private async setAside(correlationId: string, reason: string): Promise<void> {
    if (!(await this.parts.watch.quarantine(correlationId, reason))) return;
    this.parts.log.error(`machine ${correlationId} is quarantined: ${reason}`);
    this.parts.counters.add('quarantined', { machine: '', state: '', event: '' });
  }

  private schedule(): void {
    const { clock, random, everyMs = 500, log } = this.parts;
    this.timer = clock.after(Math.min(everyMs * (0.75 + random() / 2), this.nextMs + 1), () => {
      this.sweeping = this.sweep()
        .catch((error: unknown) => log.warn(`the watchdog could not sweep: ${String(error)}`))
        .then(() => {
          // Not waited for: an archive may take its time.
          this.retiring ??= this.retire()
            .catch((error: unknown) => log.warn(`finished machines could not be dropped: ${String(error)}`))
            .finally(() => (this.retiring = undefined));
          if (!this.stopped) this.schedule();
        });
    });
  }
}
