import type { Figures } from '../report';
import { stepsPerSecond } from './rate';
import { Site } from './site';
import type { Target } from './target';

export const SPREADS = [1, 2, 4] as const;
const MACHINES = 4_000;

/** Steps per second for each number of partitions and of worker processes. @param on begins the figures' names */
export async function spread(target: Target, on: string, scale: number): Promise<Figures> {
  const figures: Record<string, number> = {};
  for (const partitions of SPREADS) {
    for (const workers of SPREADS) {
      const site = await Site.open(target, partitions);
      try {
        const machines = Math.max(400, Math.round(MACHINES * scale));
        figures[`${on}P${partitions}W${workers}`] = await stepsPerSecond(site, workers, machines);
      } finally {
        await site.close();
      }
    }
  }
  await target.flush();
  return figures;
}
