import type { EntryOf, Log } from '../log';
import { violation, type Invariant, type Violation } from './violation';

/**
 * I6: finished and expired machines leave no keys behind. The harness lists the keys once retention is over; what is allowed are keys
 * that `options.allowedKeys` match (catalog, counters, BullMQ's own) and those of machines that are still live.
 */
export const leftovers: Invariant = (log, { allowedKeys = [] } = {}) => leftoverKeys(log.keys, liveIds(log), allowedKeys);

export function liveIds(log: Log): Set<string> {
  const ids = new Set<string>();
  for (const { correlationId, runs } of log.machines.values()) {
    for (const { end } of runs.values()) if (end?.live) ids.add(correlationId);
  }
  return ids;
}

export function leftoverKeys(
  keys: readonly EntryOf<'key'>[],
  live: ReadonlySet<string>,
  allowed: readonly RegExp[],
): Violation[] {
  const patterns = allowed.map(({ source, flags }) => new RegExp(source, flags.replace(/[gy]/g, ''))); // those remember where they were
  return keys
    .filter(({ key }) => !patterns.some((pattern) => pattern.test(key)) && !namesOneOf(key, live))
    .map((entry) => violation('I6', '', `the key ${entry.key} is left, and no live machine's`, entry));
}

/** `{stile:7}:m:<id>`, and a job's `{stile:7}:q:<queue>:<id>.<steps>.<retries>.<drive>`. Ids have no `:`, but may have dots. */
function namesOneOf(key: string, ids: ReadonlySet<string>): boolean {
  return key.split(':').some((part) => ids.has(part) || ids.has(part.replace(/(\.\d+){3}$/, '')));
}
