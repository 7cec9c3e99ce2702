import type { Seal } from '../core/payload-cipher';
import type { RedisConnection } from './connect';
import type { Change, Claim } from '../core/ports';
import { shorten } from './history-item';
import { packItem } from './history-text';
import type { Keyspace } from './keyspace';
import type { StepStoreOptions } from './record-scripts';
import { nextClaim } from './replies';
import { callScript } from './scripts';

/** Commits sent in one script at most. With all that there are, client and server would take turns, each idle while the other works. */
const TOGETHER = 16;

interface Waiting {
  readonly claim: Claim;
  readonly change: Change;
  readonly seal: Seal;
  /** Monotonic ms. */
  readonly sentAt: number;
  readonly resolve: (next: Claim | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The usual commits of sticky steps. Those that come up in one turn of the event loop, because the replies to the last ones came in
 * together, go out in one script; each stands for itself there, and nothing waits longer than the turn takes.
 *
 * Measured with 50-step machines, 50 at a time, against a script for each: see docs/decisions/0006.
 */
export class StickyCommits {
  /** By partition: the keys of one script share a hash tag. */
  private readonly waiting = new Map<number, Waiting[]>();

  constructor(
    private readonly redis: RedisConnection,
    private readonly keys: Keyspace,
    private readonly options: StepStoreOptions,
  ) {}

  /**
   * Nothing when something is not as usual: then nothing was done, or it was done and the reply lost, and `commit` knows which.
   * Dying or pausing between the two calls is the same as before one.
   *
   * @throws when Redis cannot answer; what came of it is then unknown
   */
  commit(claim: Claim, change: Change, seal: Seal): Promise<Claim | undefined> {
    const partition = this.keys.partitionOf(claim.correlationId);
    return new Promise((resolve, reject) => {
      const sentAt = this.options.monotonic();
      const item = { claim, change, seal, sentAt, resolve, reject };
      const list = this.waiting.get(partition);
      if (!list) {
        this.waiting.set(partition, [item]);
        process.nextTick(() => this.send(partition));
      } else if (list.push(item) === TOGETHER) this.send(partition);
    });
  }

  private send(partition: number): void {
    const list = this.waiting.get(partition);
    if (!list) return;
    this.waiting.delete(partition);
    const keys: string[] = [];
    const args: (string | number)[] = [this.options.leaseTtlMs, this.options.historyLimit];
    for (const { claim, change, seal } of list) {
      const { correlationId: id, fence, nonce, steps } = claim;
      const { state, event, context, item, trace } = change;
      keys.push(this.keys.record(id), this.keys.lease(id), this.keys.history(id));
      const texts = [seal.seal(context, 'context'), packItem(shorten(item), trace, seal)];
      args.push(fence, nonce, steps, fence + 1, steps + 1, state, event, ...texts, claim.now);
    }
    callScript<number[]>(this.redis, 'continue', keys, args).then(
      (replies) => {
        list.forEach(({ claim, change, sentAt, resolve }, i) => {
          const now = replies[i] ?? 0;
          if (now === 0) return resolve(undefined);
          const { state, event, context } = change;
          const { drive, rev } = claim.job;
          const fence = claim.fence + 1;
          resolve(nextClaim(claim, { state, event, context, fence, sentAt, now, since: claim.now, drive, rev, more: false }));
        });
      },
      (error: unknown) => list.forEach(({ reject }) => reject(error)),
    );
  }
}
