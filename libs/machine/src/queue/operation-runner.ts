import type { Clock, Timer } from '@stile/lease';
import { DelayedError, Worker, type Job as BullJob } from 'bullmq';
import type { RedisConnection } from '../redis/connect';
import type { MachineEvents } from '../core/events';
import type { MachineListing } from '../core/listing';
import type { RepeatableSteering } from '../core/operations-ports';
import type { PayloadCipher } from '../core/payload-cipher';
import { OperationWalker, type Walked } from '../engine/operation/operation-walker';
import type { EngineLog } from '../engine/options';
import type { Keyspace } from '../redis/keyspace';
import { RedisOperationStore } from '../redis/operation-store';
import { BullOperationQueue, OPERATION_QUEUE } from './operation-queue';

export interface OperationRunnerParts {
  readonly redis: RedisConnection;
  readonly keys: Keyspace;
  readonly events: MachineEvents;
  readonly listing: MachineListing;
  readonly steering: RepeatableSteering;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: EngineLog;
  /** @default nothing is encrypted */
  readonly cipher?: PayloadCipher;
  /** Time between two looks for operations that nobody works on, ms; jittered by a quarter. @default 30000 */
  readonly everyMs?: number;
  /** An operation that has not moved for so long is nobody's, ms. @default 15000 */
  readonly idleMs?: number;
}

const CONCURRENCY = 2;
/** Time between two looks at machines that an operation waits for, ms: no worker is kept by it meanwhile. */
const LOOK_MS = 200;

/**
 * Works on operations, in each worker. An operation whose job is lost, or held by a worker that died, gets another job: two walkers of
 * one operation do to each machine what one does, and one of them counts it.
 */
export class OperationRunner {
  private readonly store: RedisOperationStore;
  private readonly queue: BullOperationQueue;
  private readonly walker: OperationWalker;
  private readonly ending = new AbortController();
  private worker?: Worker;
  private round?: Timer;
  private looking?: Promise<void>;

  constructor(private readonly parts: OperationRunnerParts) {
    const { redis, keys, events, listing, steering, log } = parts;
    this.store = new RedisOperationStore(redis, keys, parts.cipher);
    this.queue = new BullOperationQueue(redis, keys, (error) => log.warn(`operations: ${error.message}`));
    this.walker = new OperationWalker({ store: this.store, events, listing, steering });
  }

  async start(): Promise<void> {
    const { redis, keys, log } = this.parts;
    this.worker = new Worker(OPERATION_QUEUE, (job, token) => this.onJob(job, token), {
      connection: redis,
      prefix: keys.queuePrefix(0),
      concurrency: CONCURRENCY,
      maxStalledCount: Number.MAX_SAFE_INTEGER,
    });
    this.worker.on('error', (error) => log.warn(`operations: ${error.message}`));
    await this.worker.waitUntilReady();
    this.goRound();
  }

  /** Takes no more, ends the pages in hand, and leaves what is not done to other workers. */
  async stop(): Promise<void> {
    this.ending.abort();
    this.round?.cancel();
    await this.looking;
    await this.worker?.close();
    await this.queue.close();
  }

  /** Queues operations that do not move. */
  async findIdle(): Promise<void> {
    const { idleMs = 15_000 } = this.parts;
    for (const id of await this.store.running()) {
      const state = await this.store.read(id);
      if (!state || state.now - state.updated < idleMs) continue;
      // All workers that look within one idle time name the same job.
      await this.queue.add(id, `.${Math.floor(state.now / idleMs)}`);
    }
  }

  private async onJob(job: BullJob, token: string | undefined): Promise<void> {
    const id = (job.data as { operation?: unknown } | undefined)?.operation;
    if (typeof id !== 'string') return;
    let walked: Walked;
    try {
      walked = await this.walker.walk(id, this.ending.signal);
    } catch (error) {
      this.parts.log.warn(`operation ${id} goes on in a second: ${String(error)}`);
      throw error;
    }
    if (walked === 'ended') return;
    // Interrupted: this worker ends, another one goes on at once.
    await job.moveToDelayed(Date.now() + (walked === 'later' ? LOOK_MS : 0), token);
    throw new DelayedError();
  }

  private goRound(): void {
    const { clock, random, log, everyMs = 30_000 } = this.parts;
    this.looking = this.findIdle()
      .catch((error: unknown) => log.warn(`operations could not be looked at: ${String(error)}`))
      .then(() => {
        if (!this.ending.signal.aborted) this.round = clock.after(everyMs * (0.75 + random() / 2), () => this.goRound());
      });
  }
}
