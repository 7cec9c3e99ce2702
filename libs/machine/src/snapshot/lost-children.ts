import type { ChildResult } from '../core/children';
import type { Keyspace } from '../redis/keyspace';
import { RedisOutboxStore } from '../redis/redis-outbox-store';
import type { RedisConnection } from '../redis/connect';

/**
 * A parent was read after it had started a child, the child's record is in no snapshot: it would wait for its result for ever. It is told that the
 * child failed. Done twice it is the same: a parent takes one result for each child.
 */
export class LostChildren {
  private readonly outbox: RedisOutboxStore;

  constructor(
    private readonly redis: RedisConnection,
    private readonly keys: Keyspace,
  ) {
    this.outbox = new RedisOutboxStore(redis, keys);
  }

  /** @returns how many */
  async tell(parents: readonly string[]): Promise<number> {
    let lost = 0;
    for (const id of parents) {
      const running = ((await this.outbox.list(id)) ?? []).filter(({ outcome }) => outcome === 'running');
      for (const child of running) {
        if ((await this.redis.exists(this.keys.record(child.correlationId))) === 1) continue;
        await this.tellOne(id, child.group, child.index, child.correlationId);
        lost++;
      }
    }
    return lost;
  }

  private async tellOne(id: string, group: string, index: number, correlationId: string): Promise<void> {
    const runId = (await this.redis.hget(this.keys.record(id), 'run')) ?? '';
    const message = 'it was started after the snapshot that this deployment was rebuilt from';
    const result: ChildResult = { index, correlationId, outcome: 'failed', error: { code: 'CHILD_LOST', message } };
    const on = { server: '' }; // of no server: it was read out of a file
    await this.outbox.result({ correlationId: id, runId, group, index }, 'failed', JSON.stringify(result), on);
  }
}
