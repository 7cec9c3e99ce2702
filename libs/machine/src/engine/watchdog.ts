import type { Clock, Timer } from '@stile/lease';
import type { JobQueue, WatchStore } from '../core/machine-store';
import type { Counters, DueJob } from '../core/ports';
import type { EngineLog } from './options';

export interface WatchdogParts {
  readonly watch: WatchStore;
  readonly queue: JobQueue;
  readonly counters: Counters;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: EngineLog;
  readonly partitions: number;
  /** Time between two sweeps, ms; jittered by a quarter so that workers spread out. @default 1000 */
  readonly everyMs?: number;
}

const BATCH = 100;
/** Batches of one sweep at most: a backlog must not keep a worker from its work. */
const MAX_BATCHES = 20;

/**
 * Re-makes what is missing (J2). Every live machine is in the watch with the time by which something must have happened; each
 * worker sweeps it. An entry is never taken out, only moved on, so a sweeper may die at any point.
 */
export class Watchdog {
  private timer?: Timer;
  private sweeping?: Promise<void>;
  private stopped = true;

  constructor(private readonly parts: WatchdogParts) {}

  start(): void {
    this.stopped = false;
    this.schedule();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.timer?.cancel();
    await this.sweeping;
  }

  /** One sweep over all partitions; returns how many jobs were re-made. */
  async sweep(): Promise<number> {
    let redriven = 0;
    for (let partition = 0; partition < this.parts.partitions; partition++) {
      for (let i = 0; i < MAX_BATCHES; i++) {
        const overdue = await this.parts.watch.sweep(partition, BATCH);
        await Promise.all(overdue.garbage.map(({ correlationId, reason }) => this.setAside(correlationId, reason)));
        const driven = await Promise.all(overdue.drive.map((job) => this.drive(job)));
        redriven += driven.filter(Boolean).length;
        if (overdue.drive.length + overdue.garbage.length < BATCH) break;
      }
    }
    return redriven;
  }

  /** Drops what has been kept long enough. Apart from the sweep: a lease store that is away keeps counters, not machines. */
  async retire(): Promise<void> {
    for (let partition = 0; partition < this.parts.partitions; partition++) {
      while ((await this.parts.watch.retire(partition, BATCH)) === BATCH && !this.stopped);
    }
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
    const { clock, random, everyMs = 1000, log } = this.parts;
    this.timer = clock.after(everyMs * (0.75 + random() / 2), () => {
      this.sweeping = this.sweep()
        .catch((error: unknown) => log.warn(`the watchdog could not sweep: ${String(error)}`))
        .then(() => this.retire())
        .catch((error: unknown) => log.warn(`finished machines could not be dropped: ${String(error)}`))
        .then(() => {
          if (!this.stopped) this.schedule();
        });
    });
  }
}
