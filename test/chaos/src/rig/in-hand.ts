import { setTimeout as sleep } from 'node:timers/promises';
import type { Count } from '@stile/machine';
import type { Rig } from './rig';

/** Who runs a machine, as its record says. */
export interface InHand {
  readonly id: string;
  readonly running: boolean;
  /** As {@link WorkerProcess.name}; the last one where nobody runs it. */
  readonly worker: string;
  readonly fence: number;
}

export async function inHand({ admin, client }: Rig, ids: readonly string[]): Promise<InHand[]> {
  const replies = await admin.pipeline(ids.map((id) => ['hmget', client.keys.record(id), 'status', 'worker', 'fence'])).exec();
  return ids.map((id, i) => {
    const [status, worker, fence] = replies?.[i]?.[1] as (string | null)[];
    return { id, running: status === 'running', worker: worker ?? '', fence: Number(fence ?? 0) };
  });
}

/** @returns whether it came to hold in the time */
export async function until(holds: () => boolean | Promise<boolean>, timeoutMs: number): Promise<boolean> {
  const end = Date.now() + timeoutMs;
  while (!(await holds())) {
    if (Date.now() > end) return false;
    await sleep(20);
  }
  return true;
}

/** What workers have counted and said so: they do every second. */
export async function counted({ client }: Rig, count: Count, machine: string): Promise<number> {
  const totals = await client.counters.totals();
  return totals.filter((total) => total.count === count && total.machine === machine).reduce((sum, { value }) => sum + value, 0);
}
