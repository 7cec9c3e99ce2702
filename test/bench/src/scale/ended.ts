import { setTimeout as delay } from 'node:timers/promises';
import type { Figures } from '../report';
import { Crew } from './crew';
import { CONTEXT, ONE_STEP, RUNNER } from './machines';
import { Site } from './site';
import type { Target } from './target';

const MACHINES = 20_000;
const BATCH = 1000;
const POLL_MS = 10;

/** What machines that have ended take while they are kept, what is left of them for a day after, and how many a second one worker removes. */
export async function ended(target: Target, scale: number): Promise<Figures> {
  const count = Math.max(BATCH, Math.round(MACHINES * scale));
  const one = await during(target, ONE_STEP, count, CONTEXT);
  const ten = await during(target, RUNNER, count, {});
  await target.flush();
  return { endedBytes: one.kept, endedBytes10: ten.kept, tombstoneBytes: one.left, removedPerSecond: one.perSecond };
}

async function during(
  target: Target,
  machine: string,
  count: number,
  context: object,
): Promise<Record<'kept' | 'left' | 'perSecond', number>> {
  const site = await Site.open(target, 1);
  const crew = await Crew.gather(site.task, 1);
  try {
    await crew.begin();
    const before = await target.usedMemory();
    for (let i = 0; i < count; i += BATCH) {
      await site.start(machine, Math.min(BATCH, count - i), `${machine}-${i}-`, context);
      await until(site, crew, (there) => there >= Math.min(count, i + BATCH));
    }
    const bytes = async (): Promise<number> => Math.round(((await target.usedMemory()) - before) / count);
    await settled(target);
    const kept = await bytes();
    await site.letGo();
    await until(site, crew, (there) => there < count); // the worker looks twice a second
    const from = { at: performance.now(), there: await site.ended() };
    await until(site, crew, (there) => there === 0);
    const perSecond = Math.round((from.there * 1000) / (performance.now() - from.at));
    await settled(target);
    return { kept, left: await bytes(), perSecond };
  } finally {
    await crew.end();
    await site.close();
  }
}

async function until(site: Site, crew: Crew, enough: (there: number) => boolean): Promise<void> {
  while (!enough(await site.ended())) {
    crew.check();
    await delay(POLL_MS);
  }
}

/** Waits until what jobs have left in their queue is gone: two looks that are alike, or ten seconds. */
async function settled(target: Target): Promise<void> {
  for (let before = NaN, looks = 0; looks < 20; looks++) {
    const bytes = await target.usedMemory();
    if (Math.abs(bytes - before) < 1000) return;
    before = bytes;
    await delay(500);
  }
}
