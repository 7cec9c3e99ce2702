import type { ShareLimits } from '../core/shares';
import type { Act } from '../core/steering';

interface Share extends ShareLimits, Act {
  readonly since: string;
}

/** As the scripts read it: `<slots> <µs between two> <burst> <weight> <µs between two starts> `, and what was given, as JSON. */
export function packShare(share: Share): string {
  const { concurrency = 0, perSecond, burst = Math.max(1, Math.ceil(perSecond ?? 1)), weight = 1, startsPerSecond } = share;
  return `${concurrency} ${gapOf(perSecond)} ${burst} ${weight} ${gapOf(startsPerSecond)} ${JSON.stringify(share)}`;
}

/** Nothing where the text was written by hand and cannot be read. */
export function readShare(text: string): Share | undefined {
  try {
    return JSON.parse(text.slice(text.indexOf('{'))) as Share;
  } catch {
    return undefined;
  }
}

function gapOf(perSecond: number | undefined): number {
  return perSecond === undefined ? 0 : Math.round(1_000_000 / perSecond);
}
