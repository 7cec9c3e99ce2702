import { fork } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Figures } from '../report';
import { startApi } from './api';
import { answer, ask, Crew } from './crew';
import type { LoadTask } from './load';
import { STEPS } from './machines';
import type { ReadTask } from './reader';
import type { Site } from './site';

/**
 * Reads of each kind before. A process just started compiles its code as it answers, which a service does once: the API's CPU for a page was 2.0 ms
 * in its first 800, 0.8 after 4,000.
 */
const WARM_UP = 3000;
let runs = 0;

/**
 * What reads of the API take while machines are started and run at half of the rate that one worker has reached. Redis, worker, API, whoever
 * starts machines and whoever reads share the cores: what the API takes to answer that it lives, which asks nobody, is what it waits for a core.
 */
export async function halfLoad(site: Site, machine: string, seconds: number): Promise<Figures> {
  const crew = await Crew.gather(site.task, 1);
  const api = await startApi(site.task);
  const paths = { Nothing: '/health/live', One: `/v1/machines/${machine}-0-*`, Page: '/v1/machines?limit=50' };
  try {
    await crew.begin();
    const task: ReadTask = { port: api.port, paths, warmUp: WARM_UP };
    const reader = fork(join(__dirname, 'reader.js'), [JSON.stringify(task)]);
    await answer(reader);
    const max = await load(site, { seconds });
    if (max === 0) throw new Error(`no machine ended in ${seconds} s: half of that is no load`);
    await settled(site);
    const loaded = load(site, { seconds: seconds + 2, rate: max / 2 });
    await delay(1000);
    const taken = (await ask(reader, seconds)) as Figures;
    const half = await loaded;
    return { maxSteps: Math.round(max * STEPS), halfSteps: Math.round(half * STEPS), ...taken };
  } finally {
    await api.stop();
    await crew.end();
  }
}

/** Machines that ended per second. */
async function load({ task }: Site, how: Pick<LoadTask, 'rate' | 'seconds'>): Promise<number> {
  const argument = JSON.stringify({ ...task, ...how, prefix: `load-${++runs}-` } satisfies LoadTask);
  // Threads that help it collect garbage would not give way with it to what is measured.
  const child = fork(join(__dirname, 'load.js'), [argument], { execArgv: ['--single-threaded-gc'] });
  return Number(await answer(child));
}

/** Waits until what is left of a load has ended. */
async function settled(site: Site): Promise<void> {
  for (let before = -1; ;) {
    const ended = await site.ended();
    if (ended === before) return;
    before = ended;
    await delay(500);
  }
}
