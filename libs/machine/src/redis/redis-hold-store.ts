import type { RedisConnection } from './connect';
import { holdName } from '../core/hold-name';
import type { HoldStore } from '../core/message-ports';
import type { Act, Hold, HoldTarget } from '../core/steering';
import type { Keyspace } from './keyspace';
import { answered } from './store-error';
import { iso } from './view';

/** Holds: a hash of them, and in each partition a set of the machines that each has stopped. */
export class RedisHoldStore implements HoldStore {
  constructor(
    private readonly redis: RedisConnection,
    private readonly keys: Keyspace,
  ) {}

  async put(target: HoldTarget, who: Act): Promise<Hold> {
    const name = holdName(target);
    const [seconds, micros] = await answered(this.redis.time());
    const hold = { ...target, ...who, name, since: iso(Number(seconds) * 1000 + Math.floor(Number(micros) / 1000)) };
    // The names stay after the hold: whoever looks for machines to let go must find their sets. So the name first: dying in between
    // leaves one more name, whose sets are empty. On a cluster the two keys are on different nodes.
    await answered(this.redis.sadd(this.keys.holdNames, name));
    await answered(this.redis.hset(this.keys.holds, name, JSON.stringify(hold)));
    return { ...hold, held: await this.heldBy(name) };
  }

  async remove(name: string): Promise<boolean> {
    return (await answered(this.redis.hdel(this.keys.holds, name))) === 1;
  }

  async all(): Promise<readonly Hold[]> {
    const fields = await answered(this.redis.hgetall(this.keys.holds));
    return Promise.all(
      Object.entries(fields).map(async ([name, text]) => ({
        ...(JSON.parse(text) as Hold),
        name,
        held: await this.heldBy(name),
      })),
    );
  }

  names(): Promise<readonly string[]> {
    return answered(this.redis.hkeys(this.keys.holds));
  }

  async freed(partition: number, limit: number): Promise<readonly { correlationId: string; hold: string }[]> {
    const [known, there] = await Promise.all([this.redis.smembers(this.keys.holdNames), this.names()]);
    const found: { correlationId: string; hold: string }[] = [];
    for (const hold of known.filter((name) => !there.includes(name))) {
      const [, ids] = await this.redis.sscan(this.keys.held(partition, hold), 0, 'COUNT', limit);
      found.push(...ids.map((correlationId) => ({ correlationId, hold })));
    }
    return found;
  }

  private async heldBy(name: string): Promise<number> {
    let held = 0;
    for (let partition = 0; partition < this.keys.partitions; partition++) {
      held += await answered(this.redis.scard(this.keys.held(partition, name)));
    }
    return held;
  }
}
