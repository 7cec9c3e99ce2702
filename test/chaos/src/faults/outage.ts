import { setTimeout as sleep } from 'node:timers/promises';
import { readLog } from '../log';
import { quantile } from '../report/quantile';
import type { WorkerProcess } from '../rig/fleet';
import { withRig, type Rig, type RigOptions } from '../rig/rig';
import type { Outcome, Pass } from './fault';

/** Of the issue. */
const RESUME_MS = 2000;
const ERRORS_PER_SECOND = 10;
/**
 * A machine whose claim the outage has ended is one whose worker died: its lease has to expire, and where its job is lost as well the
 * watch has to look twice. What holds for a killed worker holds for it: the rig's lease and 3 s.
 */
const IN_HAND_MS = 500 + 3000;
export const OUTAGE_TARGET = `I1, I2, I4, I5; resumes <= ${RESUME_MS / 1000} s; <= ${ERRORS_PER_SECOND} errors/s per worker logged; none stuck (I3)`;

const WARM_UP_MS = 1500;
const AFTER_MS = 3000;

export interface Outage {
  readonly rig?: RigOptions;
  /** The workers run, nothing is wrong yet. */
  readonly prepare?: (rig: Rig) => Promise<void>;
  readonly begin: (rig: Rig) => Promise<void> | void;
  /** @default what `begin` has begun lasts so long, ms */
  readonly lastsMs: number;
  /** When it returns the fault is over. */
  readonly end: (rig: Rig) => Promise<void> | void;
  /** When all is over: what was injected, by kind. A kind with 0 was not. */
  readonly injected: (rig: Rig) => Record<string, number>;
  readonly figures?: (rig: Rig) => Record<string, number>;
}

/** Two workers under load, an outage, and what they make of its end. */
export function undergo(pass: Pass, what: string, outage: Outage): Promise<Outcome> {
  // One outage must not look like poison: the product's own limit of claims that come to nothing.
  const options = { ...outage.rig, task: { crashLimit: 5, ...outage.rig?.task } };
  return withRig(pass, options, async (rig) => {
    const workers = await rig.fleet.spawnReady(2);
    const load = new SteadyLoad(rig);
    await sleep(WARM_UP_MS);
    await outage.prepare?.(rig);
    rig.fault(what, 'begins');
    const from = Date.now();
    await outage.begin(rig);
    await sleep(outage.lastsMs);
    await outage.end(rig);
    const until = Date.now();
    rig.fault(what, 'is over');
    await sleep(AFTER_MS);
    await load.stop();
    return judge(rig, outage, workers, from, until);
  });
}

async function judge(rig: Rig, outage: Outage, workers: readonly WorkerProcess[], from: number, until: number): Promise<Outcome> {
  const injected = outage.injected(rig);
  const missed = Object.entries(injected).flatMap(([what, count]) => (count > 0 ? [] : [`not injected: ${what}`]));
  const late: string[] = [];
  const { firstMs, inHandMs } = resumed(rig.logFolder, workers, until);
  if (firstMs > RESUME_MS) late.push(`a worker went on ${firstMs} ms after the end, later than ${RESUME_MS} ms`);
  const inHand = Math.max(0, ...inHandMs);
  if (inHand > IN_HAND_MS) late.push(`a machine in hand went on ${inHand} ms after the end, later than ${IN_HAND_MS} ms`);
  const errors = Math.max(...workers.map((worker) => errorsPerSecond(worker, from, until + AFTER_MS)));
  if (errors > ERRORS_PER_SECOND) missed.push(`a worker logged ${errors} errors in a second, more than ${ERRORS_PER_SECOND}`);
  const figures = {
    'lasted ms': until - from,
    'workers went on ms': firstMs,
    'machines in hand': inHandMs.length,
    'machines in hand went on p50 ms': quantile(inHandMs, 0.5),
    'machines in hand went on max ms': inHand,
    'errors/s per worker': errors,
    ...outage.figures?.(rig),
  };
  return rig.finish({ injected, missed, late, figures });
}

/** Batches one after the other until it is stopped, with never more jobs waiting than can be worked off soon. */
export class SteadyLoad {
  private readonly done: Promise<void>;
  private stopped = false;

  constructor(private readonly rig: Rig) {
    this.done = this.go();
  }

  /** What has been begun is sent to its end. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.done;
  }

  private async go(): Promise<void> {
    const { load, client } = this.rig;
    while (!this.stopped) {
      await Promise.all([load.mixed(6), load.chains(6)]);
      // A client that the outage hits too keeps what it has sent; one that it does not must not pile up a backlog.
      while (!this.stopped && (await this.waiting(client.keys.queuePrefix(0))) > 150) await sleep(50);
    }
  }

  private waiting(prefix: string): Promise<number> {
    return this.rig.admin.llen(`${prefix}:machines:wait`).catch(() => 0);
  }
}

/**
 * How long after the end the slowest worker began its next action, and how long chains took that it found between two steps: they wait
 * for nothing but a worker.
 */
export function resumed(
  folder: string,
  workers: readonly WorkerProcess[],
  until: number,
): { firstMs: number; inHandMs: readonly number[] } {
  const first = new Map(workers.map(({ name }) => [name, Infinity]));
  const chains = new Map<string, { before: boolean; next: number }>();
  for (const entry of readLog(folder)) {
    if (entry.kind !== 'attempt') continue;
    const { at, source, machine, correlationId } = entry;
    if (at >= until) first.set(source, Math.min(first.get(source) ?? Infinity, at));
    if (machine !== 'chain') continue;
    const chain = chains.get(correlationId) ?? { before: false, next: Infinity };
    if (at < until) chain.before = true;
    else chain.next = Math.min(chain.next, at);
    chains.set(correlationId, chain);
  }
  const inHand = [...chains.values()].filter(({ before, next }) => before && next < Infinity);
  return {
    firstMs: Math.max(...workers.map(({ name }) => first.get(name) ?? Infinity)) - until,
    inHandMs: inHand.map(({ next }) => next - until),
  };
}

/** Lines other than of level log, in the second in which there were most. */
export function errorsPerSecond(worker: WorkerProcess, from: number, until: number): number {
  const times: number[] = [];
  let at = 0;
  for (const line of worker.lines()) {
    if (line.at > 0) at = line.at; // one without a time goes with the one before it
    if (line.level !== 'log' && at >= from && at <= until) times.push(at);
  }
  times.sort((a, b) => a - b);
  let most = 0;
  for (let first = 0, last = 0; last < times.length; last++) {
    while ((times[last] as number) - (times[first] as number) >= 1000) first++;
    most = Math.max(most, last - first + 1);
  }
  return most;
}
