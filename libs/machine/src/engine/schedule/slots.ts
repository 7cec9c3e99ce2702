import { CronExpressionParser } from 'cron-parser';
import type { ScheduleState, Timing } from '../../core/schedules-ports';

/** Slots looked at in one go: a slot of a cron takes about 0.1 ms to compute, and the event loop must not stand still. */
const LOOK_AT = 200;
/** Missed slots that are counted one by one after an outage; what is older is leapt over. */
export const COUNTED_MISSED = 1000;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** How far back the latest slot before a time may be: cron has no longer gaps than those between leap days (2096 to 2104). */
const GAPS = [MINUTE, 60 * MINUTE, DAY, 32 * DAY, 366 * DAY, 9 * 366 * DAY];

/** Anything from which slots follow. */
export interface Slots {
  readonly timing: Timing;
  readonly anchor: number;
  readonly endAt: number | null;
}

/**
 * The first slot after a time, server ms; nothing when there is none.
 *
 * Cron slots are those that BullMQ computes too. A local time that the clocks leap over in spring is run once, an hour later
 * (02:30 becomes 03:30); one that comes twice in autumn is run the first time only. `*` in the hour runs in each hour that there is.
 */
export function nextSlot({ timing, anchor, endAt }: Slots, after: number): number | undefined {
  const { cron, timeZone, everyMs, startAt } = timing;
  const from = Math.max(after, (startAt ?? -Infinity) - 1);
  let slot: number | undefined;
  if (everyMs !== null) {
    const origin = startAt ?? anchor;
    slot = origin + (Math.floor((from - origin) / everyMs) + 1) * everyMs;
  } else {
    slot = nextOfCron(cron ?? '', timeZone ?? 'UTC', from);
  }
  return slot === undefined || slot > (endAt ?? Infinity) ? undefined : slot;
}

/** @throws Error of cron-parser where the expression is none */
export function nextOfCron(cron: string, timeZone: string, after: number): number | undefined {
  const interval = CronExpressionParser.parse(cron, { tz: timeZone, currentDate: new Date(after) });
  return interval.hasNext() ? interval.next().getTime() : undefined;
}

/** What is to be decided next: slots up to `to` are missed, but for `slot`, which is due. */
export interface Due {
  readonly to: number;
  readonly slot?: number;
  readonly missed: number;
}

/**
 * The next slot to be started, and how many before it are missed; nothing when none is due.
 *
 * A slot is missed when it is older than the catch-up window, unless it is the latest.
 *
 * @param counted missed slots that were counted since this look began
 */
export function nextDue(state: ScheduleState, counted = 0): Due | undefined {
  const { spec, anchor, last, now } = state;
  const slots: Slots = { timing: spec.timing, anchor, endAt: spec.endAt };
  const window = now - spec.catchUpMs;
  if (spec.timing.everyMs !== null) return dueOfEvery(slots, spec.timing.everyMs, last, window, now);
  if (counted >= COUNTED_MISSED) {
    const leap = beforeLatest(slots, Math.min(window, now));
    if (leap > last) return { to: leap, missed: 0 };
  }
  let to = last;
  let slot = nextSlot(slots, last);
  for (let missed = 0; slot !== undefined && slot <= now; missed++) {
    if (missed === LOOK_AT) return { to, missed };
    const next = nextSlot(slots, slot);
    if (slot >= window || next === undefined || next > now) return { to: slot, slot, missed };
    to = slot;
    slot = next;
  }
  return undefined;
}

function dueOfEvery(slots: Slots, everyMs: number, last: number, window: number, now: number): Due | undefined {
  const first = nextSlot(slots, last);
  if (first === undefined || first > now) return undefined;
  const latest = first + Math.floor((Math.min(now, slots.endAt ?? now) - first) / everyMs) * everyMs;
  const inWindow = Math.max(first, nextSlot({ ...slots, endAt: null }, window - 1) ?? latest);
  const slot = Math.min(latest, inWindow);
  return { to: slot, slot, missed: (slot - first) / everyMs };
}

/** A time shortly before the latest slot that is not after `until`. */
function beforeLatest(slots: Slots, until: number): number {
  for (const gap of GAPS) {
    const next = nextSlot(slots, until - gap);
    if (next !== undefined && next <= until) return next - 1;
  }
  return -Infinity;
}
