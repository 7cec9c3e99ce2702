import type { Job } from '../core/model';
import type { OutboxPump } from '../engine/outbox-pump';
import { KitWorker, type KitWorld } from './kit-worker';
import type { Taken } from './memory-job-queue';
import { ended, turn } from './waiting';

/** How often a worker looks whether what it runs must not go on, ms. */
const LOOK_MS = 250;
/** Rounds without an end: machines that start each other, or a loop of immediate steps. */
const MAX_ROUNDS = 100_000;

/** Moves jobs and time: what queue, clock and watchdog timers do by themselves in production happens here one thing at a time. */
export class KitDriver {
  private readonly delivered: Job[] = [];
  /** Machines whose action has not ended: it waits for time to pass, or for its signal. */
  private readonly inHand = new Set<{ readonly correlationId: string }>();
  private worker: KitWorker;
  /** Takes what is delivered twice: the second copy goes to another process. */
  private other: KitWorker;
  private workers = 0;

  /** @param patienceMs how long a job is waited for in real time */
  constructor(
    private readonly world: KitWorld,
    private readonly patienceMs: number,
    /** Delivers what was done from outside. */
    private readonly outside: Pick<OutboxPump, 'idle'>,
  ) {
    this.worker = this.newWorker();
    this.other = this.newWorker();
  }

  /** Runs all that is due now, and what follows from it. Time stands still. @throws Error when there is no end of it */
  async rest(): Promise<void> {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      if (this.inHand.size > 0) await this.lookAfter();
      await this.outboxes();
      this.replaceDead();
      if (!(await this.deliver()) && !(await this.sweep())) return;
    }
    throw new Error(`machines do not come to rest: after ${MAX_ROUNDS} jobs there is still one to run now`);
  }

  /** Moves time to what becomes due next, unless that is after `end`, monotonic ms. @returns whether it did */
  async moveOn(end: number): Promise<boolean> {
    const { clock } = this.world;
    const next = await this.nextMs();
    if (clock.monotonic() + next > end) return false;
    await clock.advance(next);
    return true;
  }

  /** Delivers what was delivered of a machine once more. @returns how many jobs */
  async redeliver(correlationId: string): Promise<number> {
    const jobs = this.delivered.filter((job) => job.correlationId === correlationId);
    for (const job of jobs) await this.hand(this.other, { id: '', job, pickups: 0 });
    return jobs.length;
  }

  private async deliver(): Promise<boolean> {
    const { queue, faults, holds } = this.world;
    const taken = queue.take();
    if (!taken) return false;
    const late = faults.take<number>('deliver late', taken.job);
    if (late !== undefined) {
      queue.later(taken.id, late);
      return true;
    }
    this.delivered.push(taken.job);
    await holds.refresh();
    const twice = faults.take('deliver twice', taken.job) !== undefined;
    await Promise.all([this.hand(this.worker, taken), ...(twice ? [this.hand(this.other, { ...taken, id: '' })] : [])]);
    return true;
  }

  /** Gives a job to a worker and waits until it is done with it, dies, or waits for time to pass. */
  private async hand(worker: KitWorker, { id, job, pickups }: Taken): Promise<void> {
    const { queue, log } = this.world;
    const work = worker.dispatcher.handle(job, pickups).then(
      (disposition) => {
        if (disposition.kind === 'done') queue.remove(id);
        else queue.later(id, disposition.delayMs);
      },
      (error: unknown) => {
        log.error(`job of ${job.correlationId}: ${String(error)}`);
        queue.remove(id); // as a failed job is: the watchdog makes it anew
      },
    );
    const gone = Promise.race([work, worker.life.death]);
    const entry = { correlationId: job.correlationId };
    this.inHand.add(entry);
    void gone.then(() => this.inHand.delete(entry));
    await ended(gone, this.patienceMs);
  }

  /** @returns whether there may be more to do */
  private async sweep(): Promise<boolean> {
    const { watchdog, services, life } = this.worker;
    const due = await this.dueMs();
    if (due <= 0) await Promise.race([watchdog.sweep().then(() => watchdog.retire()), life.death]);
    else await Promise.race([services.steering.letGo(0), life.death]); // a hold that was taken off is in no watch
    await this.outboxes();
    return life.dead || (due <= 0 && (await this.dueMs()) !== due) || this.world.queue.nextMs <= 0;
  }

  /** Waits until what commits have left is delivered, as far as it can be. */
  private async outboxes(): Promise<void> {
    const workers = [this.worker, this.other];
    const idle = workers.map(({ services, life }) => Promise.race([services.pump.idle(), life.death]));
    await Promise.all([this.outside.idle(), ...idle]);
  }

  /** Tells actions that go on whether their machine is being cancelled. */
  private async lookAfter(): Promise<void> {
    await turn();
    for (const { dispatcher, life } of [this.worker, this.other]) await Promise.race([dispatcher.lookAtLong(), life.death]);
    await turn();
  }

  /** Whether an action goes on that has to be told so: nobody looks for it while there is nothing to tell. */
  private async someMustNotGoOn(): Promise<boolean> {
    const { redis, keys } = this.world;
    const asked = [...this.inHand].map(async ({ correlationId }) => {
      const [status, cancel] = await redis.hmget(keys.record(correlationId), 'status', 'cancel');
      return status !== 'running' || cancel === 'graceful';
    });
    return (await Promise.all(asked)).includes(true);
  }

  /** Ms until the watch, or the end of a retention, is due; negative when it is overdue. */
  private async dueMs(): Promise<number> {
    const { redis, keys, clock } = this.world;
    const lists = [keys.watch(0), keys.retention(0)];
    const firsts = await Promise.all(lists.map((key) => redis.zrange(key, '0', '0', 'WITHSCORES')));
    return Math.min(...firsts.map(([, score]) => Number(score ?? Infinity))) - clock.now();
  }

  /** Ms until something becomes due. Some for the watch, even if it is overdue: time must not stand still for what cannot be helped. */
  private async nextMs(): Promise<number> {
    const { clock, queue } = this.world;
    const look = (await this.someMustNotGoOn()) ? LOOK_MS : Infinity;
    return Math.min(look, Math.max(0, clock.nextTimerMs), Math.max(1, Math.min(queue.nextMs, await this.dueMs())));
  }

  private replaceDead(): void {
    if (this.worker.life.dead) this.worker = this.newWorker();
    if (this.other.life.dead) this.other = this.newWorker();
  }

  private newWorker(): KitWorker {
    return new KitWorker(this.world, `worker-${++this.workers}`);
  }
}
