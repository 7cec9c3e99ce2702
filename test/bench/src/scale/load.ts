import { setPriority } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { StileRuntime } from '@stile/machine';
import { quietLog } from '../machines';
import { RUNNER } from './machines';
import { startAll } from './site';
import type { CrewTask } from './worker';

export type LoadTask = CrewTask & {
  /** Begins the ids. */
  readonly prefix: string;
  /** Machines per second; none: as fast as they are run. */
  readonly rate?: number;
  readonly seconds: number;
};

/** It gives way to what is measured, as if it were elsewhere; that the rate holds is in the figures. */
const NICE = 10;
const TICK_MS = 10;
/** Started and not ended, where no rate is given: enough to keep workers busy, too few to be a backlog. */
const IN_FLIGHT = 400;

/** Starts machines for so long, and tells how many have ended meanwhile, per second. */
async function main({ url, partitions, prefix, rate, seconds }: LoadTask): Promise<number> {
  setPriority(NICE);
  const runtime = new StileRuntime({ redis: { url }, partitions }, quietLog);
  const ended = async (): Promise<number> => {
    const sizes = await Promise.all(Array.from({ length: partitions }, (_, i) => runtime.redis.zcard(runtime.keys.retention(i))));
    return sizes.reduce((sum, size) => sum + size, 0);
  };
  let started = 0;
  const start = async (count: number): Promise<void> => {
    if (count < 1) return;
    const requests = Array.from({ length: count }, () => ({ machine: RUNNER, correlationId: `${prefix}${started++}` }));
    await startAll(runtime.machines, requests);
  };
  const before = await ended();
  const began = performance.now();
  const passed = (): number => (performance.now() - began) / 1000;
  while (passed() < seconds) {
    const due = rate === undefined ? (await ended()) - before + IN_FLIGHT : Math.floor(passed() * rate);
    await start(Math.min(1000, due - started)); // what a late tick has missed is made up for: the rate holds
    await delay(TICK_MS);
  }
  const done = ((await ended()) - before) / passed();
  await runtime.stop();
  return done;
}

main(JSON.parse(process.argv[2] ?? '') as LoadTask).then(
  (done) => process.send?.(done, undefined, undefined, () => process.exit(0)),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
