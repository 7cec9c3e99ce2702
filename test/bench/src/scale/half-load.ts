import { fork } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { quantile } from '../quantile';
import type { Figures } from '../report';
import { read, startApi } from './api';
import { answer, Crew } from './crew';
import type { LoadTask } from './load';
import { STEPS } from './machines';
import type { Site } from './site';

/** Reads a second of each kind, on a timetable: one that is answered late delays none of the others. */
const READS = 25;
const SOCKETS = 20;
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
  const api = await startApi(site.task, SOCKETS);
  const paths = {
    Nothing: () => '/health/live',
    One: (i: number) => `/v1/machines/${machine}-0-${i % 1000}`,
    Page: () => '/v1/machines?limit=50',
  };
  try {
    await crew.begin();
    for (let i = 0; i < WARM_UP; i++) for (const path of Object.values(paths)) await read(api.http, path(i));
    const max = await load(site, { seconds });
    if (max === 0) throw new Error(`no machine ended in ${seconds} s: half of that is no load`);
    await settled(site);
    const loaded = load(site, { seconds: seconds + 2, rate: max / 2 });
    await delay(1000);
    const kinds = Object.entries(paths);
    const quantiles = await Promise.all(
      kinds.map(async ([name, path], place) => {
        await delay((place * 1000) / READS / kinds.length); // apart, as those of different people are
        const taken = await timetable(seconds, (i) => read(api.http, path(i)));
        return [
          [`half${name}P50`, quantile(taken, 0.5)],
          [`half${name}P99`, quantile(taken, 0.99)],
        ];
      }),
    );
    const half = await loaded;
    return { maxSteps: Math.round(max * STEPS), halfSteps: Math.round(half * STEPS), ...Object.fromEntries(quantiles.flat()) };
  } finally {
    await api.stop();
    await crew.end();
  }
}

/** Machines that ended per second. */
async function load({ task }: Site, how: Pick<LoadTask, 'rate' | 'seconds'>): Promise<number> {
  const child = fork(join(__dirname, 'load.js'), [
    JSON.stringify({ ...task, ...how, prefix: `load-${++runs}-` } satisfies LoadTask),
  ]);
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

async function timetable(seconds: number, send: (i: number) => Promise<void>): Promise<number[]> {
  const began = performance.now();
  const reads = Array.from({ length: seconds * READS }, async (_, i) => {
    await delay(began + (i * 1000) / READS - performance.now());
    const sent = performance.now();
    await send(i);
    return performance.now() - sent;
  });
  return (await Promise.all(reads)).sort((a, b) => a - b);
}
