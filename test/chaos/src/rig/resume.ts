import { readLog, type EntryOf } from '../log';

/**
 * How long after the death of its worker each machine went on, ms: from the death to the first attempt of another process, for
 * machines whose last attempt before was the dead one's and which the dead one had not come to rest with.
 *
 * A death is the `fault` entry that a worker writes right before it kills itself; only a step that was begun and of which nothing was
 */
export function resumeTimes(folder: string): readonly number[] {
  const entries = readLog(folder);
  const deaths = new Map<string, number>();
  const attempts = new Map<string, EntryOf<'attempt'>[]>();
  for (const entry of entries) {
    if (entry.kind === 'fault' && entry.what === 'sigkill') deaths.set(entry.source, entry.at);
    if (entry.kind === 'attempt') {
      const list = attempts.get(entry.correlationId) ?? [];
      list.push(entry);
      attempts.set(entry.correlationId, list);
    }
  }
  const times: number[] = [];
  for (const list of attempts.values()) {
    list.sort((a, b) => a.at - b.at || a.seq - b.seq);
    list.forEach((attempt, i) => {
      const death = deaths.get(attempt.source);
      const next = list[i + 1];
      if (death === undefined || !next || next.source === attempt.source) return;
      // The same step again: the dead worker had it in hand.
      if (next.steps === attempt.steps && next.retries === attempt.retries) times.push(next.at - death);
    });
  }
  return times;
}
