import { setTimeout as sleep } from 'node:timers/promises';
import type { StileRuntime } from '@stile/machine';
import type { Redis } from 'ioredis';
import type { LogWriter } from '../log';

const BATCH = 200;
const ENDED = new Set(['completed', 'failed', 'cancelled']);

/** Waits until all have ended, or none has for so long. @returns those that have not */
export async function settled(redis: Redis, client: StileRuntime, ids: Iterable<string>, timeoutMs: number): Promise<string[]> {
  let end = Date.now() + timeoutMs;
  let live = [...ids];
  for (;;) {
    const left: string[] = [];
    for (let from = 0; from < live.length; from += 1000) {
      const batch = live.slice(from, from + 1000);
      const replies = await redis.pipeline(batch.map((id) => ['hget', client.keys.record(id), 'status'])).exec();
      batch.forEach((id, i) => {
        if (!ENDED.has(String(replies?.[i]?.[1]))) left.push(id);
      });
    }
    if (left.length < live.length) end = Date.now() + timeoutMs;
    live = left;
    if (live.length === 0 || Date.now() > end) return live;
    await sleep(50);
  }
}

/** Writes down what became of machines, as the store has it. */
export async function harvest(client: StileRuntime, log: LogWriter, ids: readonly string[]): Promise<void> {
  for (let from = 0; from < ids.length; from += BATCH) {
    await Promise.all(ids.slice(from, from + BATCH).map((id) => harvestOne(client, log, id)));
  }
}

async function harvestOne(client: StileRuntime, log: LogWriter, id: string): Promise<void> {
  const [view, history, inbox] = await Promise.all([
    client.machines.get(id),
    client.machines.history(id),
    client.events.inbox(id),
  ]);
  if (!view) return;
  const { correlationId, runId, machine, status, steps, retries, fence, state, context, error } = view;
  (history ?? []).forEach((item, index) => {
    const { worker, startedAt, from, event, to, outcome } = item;
    const numbers = { steps: item.steps, retries: item.retries, fence: item.fence };
    const code = item.error?.code ?? null;
    log.append({ kind: 'history', correlationId, runId, index, ...numbers, from, event, to, outcome, code, startedAt, worker });
  });
  log.append({
    kind: 'end',
    ...{ correlationId, runId, machine, status, steps, retries, fence, state },
    taken: (context.taken as string[] | undefined) ?? [],
    inbox: (inbox ?? []).map(({ data }) => (data as { id: string }).id),
    code: error?.code ?? null,
    live: !ENDED.has(status),
  });
}

/**
 * Lets the time of keeping pass for all ended machines, has the workers drop them, and writes down which keys are left that nothing allows.
 * A machine's time of keeping begins when its outbox is empty (J5), which may be after the end of those that it told: so time passes for
 * those that come, too.
 */
export async function harvestKeys(
  redis: Redis,
  client: StileRuntime,
  log: LogWriter,
  allowed: readonly RegExp[],
  timeoutMs: number,
): Promise<void> {
  const retention = client.keys.retention(0);
  let end = Date.now() + timeoutMs;
  let left: string[];
  for (let least = Infinity; ; await sleep(100)) {
    const kept = await redis.zrangebyscore(retention, '(1', '+inf');
    await redis.pipeline(kept.map((id) => ['zadd', retention, 'XX', '1', id])).exec();
    // Jobs of dead workers are cleared away by BullMQ when their locks have expired.
    left = await unexpected(redis, allowed);
    if (left.length < least) end = Date.now() + timeoutMs;
    least = Math.min(least, left.length);
    if (left.length === 0 || Date.now() > end) break;
  }
  for (const key of left) log.append({ kind: 'key', key });
}

async function unexpected(redis: Redis, allowed: readonly RegExp[]): Promise<string[]> {
  const found = new Set<string>();
  for (let cursor = '0'; ;) {
    const [next, keys] = await redis.scan(cursor, 'COUNT', 1000);
    for (const key of keys) if (!allowed.some((pattern) => pattern.test(key))) found.add(key);
    cursor = next;
    if (cursor === '0') return [...found];
  }
}
