import type { Definition, StileRuntime, WorkerSeen } from '@stile/machine';

/** Ids to name. */
const EXAMPLES = 3;
/** The watchdogs sweep several times a second: nothing is overdue for so long where one of them is at work, ms. */
export const OVERDUE_MS = 60_000;

export interface Some {
  readonly count: number;
  readonly examples: readonly string[];
}

/** Workers, what they run, and machines that stand still. */
export interface FleetFacts {
  readonly workers: readonly Pick<WorkerSeen, 'name' | 'queues' | 'active' | 'lastSeenMs' | 'lagMs'>[];
  readonly definitions: readonly Pick<Definition, 'name' | 'version' | 'queue'>[];
  /** Machines that something should have happened to long ago. */
  readonly overdue: Some;
  /** Machines whose record cannot be read. */
  readonly quarantined: Some;
}

/** Reads only. @param partitions as the store has them */
export async function readFleetFacts(runtime: StileRuntime, partitions: number): Promise<FleetFacts> {
  const { redis, keys } = runtime;
  const [seconds] = await redis.time();
  const latest = Number(seconds) * 1000 - OVERDUE_MS;
  const overdue: Some[] = [];
  const quarantined: Some[] = [];
  for (let partition = 0; partition < partitions; partition++) {
    const watch = keys.watch(partition);
    const late = await redis.zrangebyscore(watch, 0, latest, 'LIMIT', 0, EXAMPLES);
    overdue.push({ count: await redis.zcount(watch, 0, latest), examples: late });
    const aside = keys.quarantine(partition);
    const [, found] = await redis.hscan(aside, 0, 'COUNT', EXAMPLES);
    quarantined.push({ count: await redis.hlen(aside), examples: found.filter((_, i) => i % 2 === 0) });
  }
  return {
    workers: await runtime.workers.list(),
    definitions: await runtime.machines.definitions(),
    overdue: sum(overdue),
    quarantined: sum(quarantined),
  };
}

function sum(parts: readonly Some[]): Some {
  return {
    count: parts.reduce((total, { count }) => total + count, 0),
    examples: parts.flatMap(({ examples }) => examples).slice(0, EXAMPLES),
  };
}
