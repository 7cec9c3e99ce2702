import type { Clock, Timer } from '@stile/lease';
import { DelayedError, Worker, type Job as BullJob } from 'bullmq';
import type { RedisConnection } from '../redis/connect';
import type { Machines } from '../core/machines';
import type { PayloadCipher } from '../core/payload-cipher';
import type { ScheduleState } from '../core/schedules-ports';
import type { EngineLog } from '../engine/options';
import { ScheduleKeeper, type Looked } from '../engine/schedule/schedule-keeper';
import type { Keyspace } from '../redis/keyspace';
import { RedisScheduleStore } from '../redis/schedule-store';
import { BullScheduleAlarms, SCHEDULE_QUEUE, slotOfTick } from './schedule-alarms';

export interface ScheduleRunnerParts {
  readonly redis: RedisConnection;
  readonly keys: Keyspace;
  readonly machines: Machines;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: EngineLog;
  /** @default nothing is encrypted */
  readonly cipher?: PayloadCipher;
  /** Time between two looks at all schedules, ms; jittered by a quarter. @default 30000 */
  readonly everyMs?: number;
  /** Time between two looks at a schedule whose slots wait, ms. @default 1000 */
  readonly waitMs?: number;
}

/** Schedules looked at at the same time by one worker. */
const CONCURRENCY = 10;

/**
 * Keeps the schedules of a deployment, in each worker. A tick of BullMQ says when to look at one of them; whatever becomes of ticks, all
 * are looked at when a worker starts and every 30 s.
 */
export class ScheduleRunner {
  private readonly store: RedisScheduleStore;
  private readonly alarms: BullScheduleAlarms;
  private readonly keeper: ScheduleKeeper;
  /** Schedules to be looked at again soon. */
  private readonly soon = new Set<string>();
  private readonly inHand = new Set<Promise<unknown>>();
  private worker?: Worker;
  private round?: Timer;
  private soonTimer?: Timer;
  private stopped = false;

  constructor(private readonly parts: ScheduleRunnerParts) {
    const { redis, keys, machines, log } = parts;
    this.store = new RedisScheduleStore(redis, keys, parts.cipher);
    this.alarms = new BullScheduleAlarms(redis, keys, (error) => log.warn(`schedules: ${error.message}`));
    this.keeper = new ScheduleKeeper(this.store, machines, log);
  }

  async start(): Promise<void> {
    const { redis, keys, log } = this.parts;
    this.worker = new Worker(SCHEDULE_QUEUE, (job, token) => this.onTick(job, token), {
      connection: redis,
      prefix: keys.queuePrefix(0),
      concurrency: CONCURRENCY,
      maxStalledCount: Number.MAX_SAFE_INTEGER,
    });
    this.worker.on('error', (error) => log.warn(`schedules: ${error.message}`));
    await this.worker.waitUntilReady();
    this.track(this.goRound());
  }

  /** Takes no more ticks, and waits for the looks in hand. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.round?.cancel();
    this.soonTimer?.cancel();
    await this.worker?.close();
    await Promise.all(this.inHand);
    await this.alarms.close();
  }

  /** Looks at all schedules, and mends their alarms. */
  async lookAtAll(): Promise<void> {
    const since = await this.store.now();
    const names = [...(await this.store.names())];
    const states: ScheduleState[] = [];
    const lane = async (): Promise<void> => {
      for (let name = names.pop(); name !== undefined && !this.stopped; name = names.pop()) {
        const { state } = await this.look(name);
        if (state) states.push(state);
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, lane));
    if (!this.stopped) await this.alarms.mend(states, since);
  }

  /** A tick that comes before its time, by the clock of a worker that is fast, is put off till then by the server's. */
  private async onTick(job: BullJob, token: string | undefined): Promise<void> {
    const name = (job.data as { schedule?: unknown } | undefined)?.schedule;
    if (typeof name !== 'string') return;
    const looked = await this.look(name);
    const { state } = looked;
    if (state && !state.stopped && looked.nextAt === undefined) await this.alarms.remove(name); // it has come to its end
    const early = state ? slotOfTick(job.id) - state.now : 0;
    if (!(early > 0) || state?.stopped) return;
    await job.moveToDelayed(Date.now() + early, token);
    throw new DelayedError();
  }

  /** What a look that failed has left is seen by the next one, a second later. */
  private async look(name: string): Promise<Looked> {
    let looked: Looked = { waiting: true };
    try {
      looked = await this.keeper.look(name);
    } catch (error) {
      this.parts.log.warn(`schedule ${name} could not be looked at: ${String(error)}`);
    }
    if (looked.waiting) this.soon.add(name);
    else this.soon.delete(name);
    if (this.soon.size > 0) this.lookSoon();
    return looked;
  }

  private lookSoon(): void {
    const { clock, waitMs = 1000 } = this.parts;
    if (this.stopped || this.soonTimer) return;
    this.soonTimer = clock.after(waitMs, () => {
      this.soonTimer = undefined;
      this.track(Promise.all([...this.soon].map((name) => this.look(name))));
    });
  }

  private async goRound(): Promise<void> {
    const { clock, random, log, everyMs = 30_000 } = this.parts;
    await this.lookAtAll().catch((error: unknown) => log.warn(`schedules could not be looked at: ${String(error)}`));
    if (!this.stopped) this.round = clock.after(everyMs * (0.75 + random() / 2), () => this.track(this.goRound()));
  }

  private track(work: Promise<unknown>): void {
    this.inHand.add(work);
    void work.finally(() => this.inHand.delete(work));
  }
}
