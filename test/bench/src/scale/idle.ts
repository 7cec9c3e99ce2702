import { setTimeout as delay } from 'node:timers/promises';
import type { Figures } from '../report';
import { Crew } from './crew';
import type { Site } from './site';

const SETTLE_MS = 3_000;

/** CPU of Redis and of one worker while nothing is due, ms per second. @param on begins the figures' names */
export async function idle(site: Site, on: string, seconds: number): Promise<Figures> {
  const crew = await Crew.gather(site.task, 1);
  try {
    await crew.begin();
    await delay(SETTLE_MS); // what comes with a start is over
    const [redis, worker, at] = [await site.target.cpuMs(), await crew.cpuMs(), performance.now()];
    await delay(seconds * 1000);
    const passed = (performance.now() - at) / 1000;
    const perSecond = (ms: number): number => Math.round((ms / passed) * 10) / 10;
    return {
      [`${on}IdleRedis`]: perSecond((await site.target.cpuMs()) - redis),
      [`${on}IdleWorker`]: perSecond((await crew.cpuMs()) - worker),
    };
  } finally {
    await crew.end();
  }
}
