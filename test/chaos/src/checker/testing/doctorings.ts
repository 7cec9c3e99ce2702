import type { Entry, EntryOf } from '../../log';
import type { InvariantName } from '../violation';

/** Makes a valid log invalid; nothing where the log has no place for it. */
export interface Doctoring {
  readonly invariant: InvariantName;
  readonly what: string;
  readonly apply: (entries: readonly Entry[], pick: number) => Entry[] | undefined;
}

type History = EntryOf<'history'>;
type Attempt = EntryOf<'attempt'>;
type Effect = EntryOf<'effect'>;
type Change<E> = (entry: E, entries: readonly Entry[]) => readonly Entry[] | undefined;

function of<K extends Entry['kind']>(entries: readonly Entry[], kind: K): EntryOf<K>[] {
  return entries.filter((entry): entry is EntryOf<K> => entry.kind === kind);
}

/** Replaces one entry for which `change` gives something, chosen by `pick`. */
function change<K extends Entry['kind']>(invariant: InvariantName, what: string, kind: K, by: Change<EntryOf<K>>): Doctoring {
  const apply: Doctoring['apply'] = (entries, pick) => {
    const all = of(entries, kind);
    for (let i = 0; i < all.length; i++) {
      const entry = all[(pick + i) % all.length]!;
      const instead = by(entry, entries);
      if (instead) return entries.flatMap((each) => (each === (entry as Entry) ? instead : [each]));
    }
    return undefined;
  };
  return { invariant, what, apply };
}

function sameRun<E extends { correlationId: string; runId: string }>(entries: readonly E[], { correlationId, runId }: E): E[] {
  return entries.filter((entry) => entry.correlationId === correlationId && entry.runId === runId);
}

function ofWorker({ outcome }: History): boolean {
  return outcome === 'committed' || outcome === 'failed';
}

function next(item: History, entries: readonly Entry[]): History | undefined {
  return sameRun(of(entries, 'history'), item).find(({ index }) => index === item.index + 1);
}

function before(item: History, entries: readonly Entry[]): History | undefined {
  return sameRun(of(entries, 'history'), item)
    .filter((other) => ofWorker(other) && other.index < item.index)
    .at(-1);
}

function highest(entry: Attempt | EntryOf<'end'>, entries: readonly Entry[]): Attempt {
  const { correlationId, runId } = entry;
  const own = of(entries, 'attempt').filter((other) => other.correlationId === correlationId && other.runId === runId);
  return own.reduce((a, b) => (b.fence > a.fence ? b : a));
}

const isCommit = ({ outcome }: History): boolean => outcome === 'committed';

const steps: Doctoring[] = [
  change('I1', 'a commit is removed', 'history', (item) => (isCommit(item) ? [] : undefined)),
  change('I1', 'a commit is doubled', 'history', (item) =>
    isCommit(item) ? [item, { ...item, fence: item.fence + 0.5 }] : undefined,
  ),
  change('I1', 'a commit comes after a later one', 'history', (item, all) =>
    isCommit(item) &&
    of(all, 'history').some((other) => isCommit(other) && other.runId === item.runId && other.steps > item.steps)
      ? [{ ...item, index: 1e6 }]
      : undefined,
  ),
  change('I1', 'a commit leads elsewhere', 'history', (item) => (isCommit(item) ? [{ ...item, to: 'x' }] : undefined)),
  change('I1', 'a failed attempt is removed', 'history', (item, all) => {
    const after = next(item, all);
    return item.outcome === 'failed' && after && ofWorker(after) ? [] : undefined;
  }),
  change('I1', 'the record has a step too many', 'end', (end) => [{ ...end, steps: end.steps + 1 }]),
  change('I1', 'the record is in another state', 'end', (end) => [{ ...end, state: 'x' }]),
  change('I1', 'a step runs that the record does not know', 'end', (end, all) => {
    const { fence } = highest(end, all);
    return [end, { ...highest(end, all), fence: fence + 1, steps: end.steps + 1 }];
  }),
  change('I1', 'a step runs again after a later one', 'end', (end, all) => {
    const { fence } = highest(end, all);
    return [end, { ...highest(end, all), fence: fence + 1, steps: 0 }];
  }),
];

const fences: Doctoring[] = [
  change('I2', 'a commit has the fence before', 'history', (item, all) => {
    const last = before(item, all);
    return isCommit(item) && last ? [{ ...item, fence: last.fence }] : undefined;
  }),
  change('I2', 'a commit has a lower fence', 'history', (item, all) => {
    const last = before(item, all);
    return isCommit(item) && last ? [{ ...item, fence: last.fence - 1 }] : undefined;
  }),
  change('I2', 'a fence is issued to another process, too', 'attempt', (attempt) => [
    attempt,
    { ...attempt, worker: 'worker.99' },
  ]),
  change('I2', 'a fence is issued for another step, too', 'attempt', (attempt) => [
    attempt,
    { ...attempt, steps: attempt.steps + 1 },
  ]),
  change('I2', 'a fence is issued for another retry, too', 'attempt', (attempt) => [
    attempt,
    { ...attempt, retries: attempt.retries + 1 },
  ]),
  change('I2', 'a fence is issued to the same process again', 'attempt', (attempt) => [attempt, { ...attempt }]),
  change('I2', 'the history has another retry under a fence', 'history', (item) =>
    ofWorker(item) ? [{ ...item, retries: item.retries + 1 }] : undefined,
  ),
  change('I2', 'the record has a lower fence', 'end', (end) => [{ ...end, fence: end.fence - 1 }]),
];

const progress: Doctoring[] = [
  change('I3', 'a machine is live', 'end', (end) => [{ ...end, status: 'delayed', live: true }]),
  change('I3', 'a machine has failed', 'end', (end) => [{ ...end, status: 'failed', live: false, code: 'CRASHED' }]),
];

/** The effects of a committed step under one of its keys. */
function ofCommit(effect: Effect, all: readonly Entry[], sink: Effect['sink']): boolean {
  if (effect.sink !== sink || !effect.accepted) return false;
  return of(all, 'history').some(
    (item) => isCommit(item) && item.fence === effect.fence && item.correlationId === effect.correlationId,
  );
}

function without(what: string, sink: Effect['sink']): Doctoring {
  const apply: Doctoring['apply'] = (entries, pick) => {
    const all = of(entries, 'effect').filter((effect) => ofCommit(effect, entries, sink));
    const { key } = all[pick % all.length]!;
    return entries.filter((entry) => entry.kind !== 'effect' || entry.key !== key);
  };
  return { invariant: 'I4', what, apply };
}

const effects: Doctoring[] = [
  change('I4', 'a keyed sink writes twice', 'effect', (effect) =>
    effect.sink === 'keyed' && !effect.repeat ? [effect, { ...effect }] : undefined,
  ),
  change('I4', 'a keyed sink takes a repeat for new', 'effect', (effect) =>
    effect.sink === 'keyed' && effect.repeat ? [{ ...effect, repeat: false }] : undefined,
  ),
  change('I4', 'a fenced sink writes twice under one fence', 'effect', (effect) =>
    effect.sink === 'fenced' && effect.accepted && !effect.repeat ? [effect, { ...effect, order: 1e6 }] : undefined,
  ),
  change('I4', 'a fenced sink accepts a stale fence', 'effect', (effect) =>
    effect.sink === 'fenced' && !effect.accepted ? [{ ...effect, accepted: true, order: 1e6 }] : undefined,
  ),
  without('a keyed effect is missing', 'keyed'),
  without('a fenced effect is missing', 'fenced'),
  change('I4', 'a committed step never ran its action', 'attempt', (attempt, all) => {
    const done = of(all, 'history').some(
      (item) => isCommit(item) && item.fence === attempt.fence && item.runId === attempt.runId,
    );
    return done ? [] : undefined;
  }),
  change('I4', 'an effect has the key of nothing', 'effect', (effect) => [{ ...effect, key: `${effect.key}/x` }]),
  change('I4', 'two places have one key', 'attempt', (attempt, all) => {
    const other = sameRun(of(all, 'attempt'), attempt).find(({ steps }) => steps !== attempt.steps);
    return other && [{ ...attempt, key: other.key }];
  }),
  change('I4', 'a place has two keys', 'attempt', (attempt, all) => {
    const { key, fence } = attempt;
    const again = of(all, 'attempt').some((other) => other.key === key && other.fence !== fence);
    return again ? [{ ...attempt, key: `${key}/x` }] : undefined;
  }),
  change('I4', 'a key is that of another run', 'attempt', (attempt) => [{ ...attempt, key: `c9/${attempt.key}` }]),
];

const acknowledged: Doctoring[] = [
  change('I5', 'a machine is gone', 'end', () => []),
  change('I5', 'an event is gone', 'end', (end) => (end.taken.length > 0 ? [{ ...end, taken: end.taken.slice(1) }] : undefined)),
  change('I5', 'an event is taken twice', 'end', (end) =>
    end.taken.length > 0 ? [{ ...end, taken: [...end.taken, end.taken[0]!] }] : undefined,
  ),
  change('I5', 'events are taken in another order', 'end', (end, all) => {
    const senders = of(all, 'sent').filter(({ correlationId }) => correlationId === end.correlationId);
    const ofOne = (id: string): boolean => senders.find(({ dedupeId }) => dedupeId === id)!.sender === 's0';
    return end.taken.filter(ofOne).length > 1 ? [{ ...end, taken: [...end.taken].reverse() }] : undefined;
  }),
  change('I5', 'an event is taken by two committed steps', 'taken', (taken, all) => {
    const commits = of(all, 'history').filter((item) => isCommit(item) && item.runId === taken.runId);
    const other = commits.find(({ steps }) => steps !== taken.steps);
    if (!other || !commits.some(({ fence }) => fence === taken.fence)) return undefined;
    const { steps: step, retries, fence } = other;
    return [taken, { ...taken, steps: step, retries, fence }];
  }),
];

const leftovers: Doctoring[] = ['{stile:0}:m:gone', '{stile:0}:l:c', '{stile:0}:q:main:gone.3.0.1'].map((key) =>
  change('I6', `${key} is left`, 'key', (entry) => [entry, { ...entry, key }]),
);

export const DOCTORINGS: readonly Doctoring[] = [...steps, ...fences, ...progress, ...effects, ...acknowledged, ...leftovers];
