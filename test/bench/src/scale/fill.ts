import { setTimeout as delay } from 'node:timers/promises';
import { Crew } from './crew';
import { asleep, CONTEXT } from './machines';
import type { Site } from './site';

const BATCH = 5_000;
/** Machines that are started and do not wait yet: a longer backlog would be looked at by the watchdog. */
const BEHIND = 10_000;

/** Has machines wait, as the engine brings them there. @returns bytes of Redis for each */
export async function fill(site: Site, machine: string, count: number): Promise<number> {
  const before = await site.target.usedMemory();
  const crew = await Crew.gather(site.task, 1);
  await crew.begin();
  for (let started = 0; started < count; started += BATCH) {
    await site.start(machine, Math.min(BATCH, count - started), `${machine}-${started / BATCH}-`, CONTEXT);
    await untilAsleep(site, machine, started + BATCH - BEHIND, crew);
  }
  await untilAsleep(site, machine, count, crew);
  await crew.end();
  return ((await site.target.usedMemory()) - before) / count;
}

async function untilAsleep(site: Site, machine: string, count: number, crew: Crew): Promise<void> {
  while ((await site.placed(asleep(machine))) < count) {
    crew.check();
    await delay(20);
  }
}
