import { setTimeout as sleep } from 'node:timers/promises';
import { InboxFullError, StoreUnavailableError } from '@stile/machine';
import type { Rig } from '../rig/rig';

/** Numbers in ids begin here: one more digit is a byte or eight more of all that has an id, which as a trend is growth. */
const FIRST = 10_000_000;

/** Load by bundles: each a chain of five steps that is started, run and dropped, and an event for a machine that lives for ever. */
export class SteadyLoad {
  /** Bundles so far. */
  done = 0;

  private constructor(
    private readonly rig: Rig,
    private readonly loopers: readonly string[],
  ) {}

  static async begin(rig: Rig, loopers: number): Promise<SteadyLoad> {
    const ids = Array.from({ length: loopers }, (_, i) => `looper.${i}`);
    await rig.client.machines.startMany(ids.map((correlationId) => ({ machine: 'looper', correlationId })));
    return new SteadyLoad(rig, ids);
  }

  /** Sends each machine that lives for ever so many events, and waits until it has taken them. */
  async wakeEach(times: number): Promise<void> {
    for (let sent = 0; sent < times; sent += 50) {
      const batch = this.loopers.flatMap((id) => Array.from({ length: 50 }, () => id));
      await Promise.all(batch.map((id) => this.rig.client.events.send(id, { event: 'go' }).catch(unlessAway)));
      await this.rig.queueBelow(5);
    }
    await this.atRest();
  }

  /** As fast as can be. @returns bundles/s */
  async flood(count: number): Promise<number> {
    const began = performance.now();
    for (let sent = 0; sent < count; sent += 100) await this.send(100);
    await this.rig.queueBelow(1);
    const rate = count / ((performance.now() - began) / 1000);
    await this.atRest();
    return rate;
  }

  /** Where the machine does not keep up, what is more than a quarter of a second behind is left out: a backlog would be another load. */
  async steady(perSecond: number, ms: number): Promise<void> {
    const began = performance.now();
    const most = Math.ceil(perSecond / 4);
    for (let sent = 0; performance.now() - began < ms; await sleep(20)) {
      const behind = Math.floor(((performance.now() - began) / 1000) * perSecond) - sent;
      await this.send(Math.min(behind, most));
      sent += behind;
    }
  }

  /** All has been run and dropped, and tombstones are gone. */
  async atRest(): Promise<void> {
    const { admin, client } = this.rig;
    await this.rig.queueBelow(1);
    while ((await admin.zcard(client.keys.retention(0))) > 0) await sleep(50);
    for (let cursor = '0'; ;) {
      const [next, keys] = await admin.scan(cursor, 'MATCH', '*:x:*', 'COUNT', 1000);
      if (keys.length > 0) await admin.unlink(keys);
      if (next === '0') break;
      cursor = next;
    }
    await sleep(500); // counters are flushed, replies have come
  }

  private async send(count: number): Promise<void> {
    const { machines, events } = this.rig.client;
    const from = this.done;
    this.done += count;
    const chains = Array.from({ length: count }, (_, i) => ({ machine: 'chain', correlationId: `c${FIRST + from + i}` }));
    const woken = chains.map((_, i) => this.loopers[(from + i) % this.loopers.length] as string);
    const sent = woken.map((id) => events.send(id, { event: 'go' }).catch(unlessAway));
    await Promise.all([machines.startMany(chains), ...sent]);
  }
}

/** On a machine that is busy with other things answers are late and inboxes full: what was asked for is load, and missed by nobody. */
function unlessAway(error: unknown): void {
  if (!(error instanceof StoreUnavailableError || error instanceof InboxFullError)) throw error;
}
