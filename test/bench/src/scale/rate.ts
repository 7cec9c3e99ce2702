import { setTimeout as delay } from 'node:timers/promises';
import { Crew } from './crew';
import { RUNNER, STEPS } from './machines';
import type { Site } from './site';

const POLL_MS = 10;
let batches = 0;

/** Steps per second of so many workers over machines that are queued when they begin; from the first one seen ended to the last. */
export async function stepsPerSecond(site: Site, workers: number, machines: number): Promise<number> {
  const crew = await Crew.gather(site.task, workers);
  try {
    const before = await site.ended();
    await site.start(RUNNER, machines, `run-${++batches}-`);
    await crew.begin();
    let first: { readonly done: number; readonly at: number } | undefined;
    for (;;) {
      const done = (await site.ended()) - before;
      const at = performance.now();
      if (!first && done > 0) first = { done, at };
      if (first && done >= machines) return Math.round(((machines - first.done) * STEPS * 1000) / (at - first.at));
      crew.check();
      await delay(POLL_MS);
    }
  } finally {
    await crew.end();
  }
}
