import type { Script, ScriptArgument } from '@stile/lease';
import { setTimeout as sleep } from 'node:timers/promises';
import { StoreUnavailableError } from '../core/errors';
import { isCluster, type RedisConnection } from './connect';
import { tagOf } from './grouped-reads';

export interface ConfirmOptions {
  /** Replicas that must have a write before it is answered. */
  readonly replicas: number;
  /** `wait`: what the connection loses is sent again for as long as it takes. `fail`: for two seconds. */
  readonly whenAway: 'wait' | 'fail';
  /** How long the replicas are waited for, ms. @default 1000 */
  readonly waitMs?: number;
}

interface Write {
  readonly script: Script;
  readonly keys: readonly string[];
  readonly args: readonly ScriptArgument[];
  readonly giveUpAt: number;
  readonly resolve: (reply: unknown) => void;
  readonly reject: (error: unknown) => void;
  /** The server did not know it by its hash. */
  byText?: boolean;
}

/** Writes in one pipeline at most. */
const TOGETHER = 64;
const AGAIN_MS = 50;
const PATIENCE_MS = 2000;
/** What the server says that cannot take a write now, or any more. */
const PASSES = /^(READONLY|LOADING|MASTERDOWN|BUSY|MOVED|ASK|TRYAGAIN|CLUSTERDOWN|NOREPLICAS)\b/;

/**
 * Scripts that are answered only once replicas have what they wrote: WAIT, in the same pipeline and so on the same connection, covers the
 * offset of every write before it. What comes while one pipeline is on its way goes into the next: one WAIT for all of them, as a database
 * commits in groups. The client is its own: a connection that waits answers nothing else.
 *
 * Where WAIT is not answered, or the connection is lost in between, nobody knows whether the replicas have it: all of the pipeline is sent
 * again, which scripts know from their first time. A client that would send the rest of a pipeline to the next server must not be used:
 * WAIT alone on a new connection waits for nothing. (ioredis rejects such a rest; READONLY must reconnect without sending again.)
 */
export class ConfirmedWrites {
  private readonly lanes = new Map<string, Write[]>();
  private closed = false;

  constructor(
    private readonly redis: RedisConnection,
    private readonly options: ConfirmOptions,
  ) {}

  /** @throws StoreUnavailableError where it was written, but too few replicas say that they have it in time */
  call(script: Script, keys: readonly string[], args: readonly ScriptArgument[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const giveUpAt = this.options.whenAway === 'wait' ? Infinity : performance.now() + PATIENCE_MS;
      const write = { script, keys, args, giveUpAt, resolve, reject };
      const lane = isCluster(this.redis) ? tagOf(keys[0] ?? '') : ''; // a pipeline goes to one node
      const waiting = this.lanes.get(lane);
      if (waiting) return void waiting.push(write);
      this.lanes.set(lane, [write]);
      process.nextTick(() => void this.run(lane)); // with what else comes in this turn
    });
  }

  /** What is on its way is not sent again. */
  close(): void {
    this.closed = true;
  }

  private async run(lane: string): Promise<void> {
    for (;;) {
      const batch = this.lanes.get(lane)?.splice(0, TOGETHER) ?? [];
      if (batch.length === 0) break;
      await this.confirm(batch);
    }
    this.lanes.delete(lane);
  }

  private async confirm(batch: readonly Write[]): Promise<void> {
    for (let left = batch; left.length > 0;) {
      const { again, why } = await this.send(left);
      const now = performance.now();
      const given = again.filter(({ giveUpAt }) => this.closed || giveUpAt <= now);
      for (const { reject } of given) reject(why);
      left = again.filter((write) => !given.includes(write));
      if (left.length > 0 && why) await sleep(AGAIN_MS);
    }
  }

  /** @returns what is to be sent again; `why` where it must not be at once */
  private async send(batch: readonly Write[]): Promise<{ again: readonly Write[]; why?: Error }> {
    const { replicas, waitMs = 1000 } = this.options;
    const pipeline = this.redis.pipeline();
    for (const { script, keys, args, byText } of batch) {
      if (byText) pipeline.eval(script.lua, keys.length, ...keys, ...args);
      else pipeline.evalsha(script.sha, keys.length, ...keys, ...args);
    }
    pipeline.wait(replicas, waitMs);
    let replies: [Error | null, unknown][];
    try {
      replies = (await pipeline.exec()) ?? [];
    } catch (error) {
      return { again: batch, why: error as Error };
    }
    const [waitError, count] = replies[batch.length] ?? [new Error('Connection is closed.'), 0];
    if (waitError && isFinal(waitError)) {
      for (const { reject } of batch) reject(waitError);
      return { again: [] };
    }
    if (waitError) return { again: batch, why: waitError };
    return this.answer(batch, replies, Number(count));
  }

  private answer(batch: readonly Write[], replies: readonly [Error | null, unknown][], count: number) {
    const { replicas } = this.options;
    const again: Write[] = [];
    let why: Error | undefined;
    batch.forEach((write, i) => {
      const [error, reply] = replies[i] ?? [];
      if (error?.message.startsWith('NOSCRIPT')) {
        write.byText = true;
        again.push(write);
      } else if (error && PASSES.test(error.message)) {
        why = error;
        again.push(write);
      } else if (error) write.reject(error);
      else if (count >= replicas) write.resolve(reply);
      else write.reject(new StoreUnavailableError(`it was written, but ${count} of ${replicas} replicas say that they have it`));
    });
    // The client learns of a slot that has moved only from a command of its own, not from a pipeline that was answered in part.
    if (why && isCluster(this.redis)) this.redis.refreshSlotsCache();
    return { again, ...(why ? { why } : {}) };
  }
}

/** The server means it: an ACL without WAIT, say. One that was demoted says that it is a replica, and is another one next time. */
function isFinal({ name, message }: Error): boolean {
  return name === 'ReplyError' && !PASSES.test(message) && !/replica/i.test(message);
}
