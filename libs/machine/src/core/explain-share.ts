import { clock, plural } from './explain-words';
import type { Explanation } from './explanation';
import type { ShareSeen } from './share-ports';
import { shareTarget } from './shares';

type Told = Pick<Explanation, 'reason' | 'text' | 'limit' | 'slotsInUse' | 'slots' | 'before'>;

/** @param lead what is said of its last worker, or nothing */
export function inLine({ name, inUse, concurrency, perSecond, before }: ShareSeen, lead: string, since: string): Told {
  const target = shareTarget(name);
  const whose = !target || target.kind === 'all' ? 'all machines' : `${target.kind} ${target.of}`;
  const full = concurrency > 0 && inUse >= concurrency;
  const what = full
    ? `a slot of ${whose}: ${inUse} of ${concurrency} in use`
    : `its turn of ${whose}` + (perSecond > 0 ? `, of which ${rateOf(perSecond)} are taken up` : '');
  const line = before === 0 ? 'it is next' : `${plural(before, 'machine')} before it`;
  const text = `${lead}queued since ${clock(since)}: waits for ${what}, ${line}; raise the limits of ${name} if that takes too long`;
  const slots = concurrency > 0 ? { slotsInUse: inUse, slots: concurrency } : {};
  return { reason: 'limited', text, limit: name, before, ...slots };
}

/** `10 a second`, `6 a minute`. */
function rateOf(perSecond: number): string {
  const [count, unit] =
    perSecond >= 1 ? [perSecond, 'second'] : perSecond * 60 >= 1 ? [perSecond * 60, 'minute'] : [perSecond * 3600, 'hour'];
  return `${Number(count.toPrecision(3))} a ${unit}`;
}
