import { runsOf, type EntryOf, type RunLog } from '../log';
import { committed, group, type AttemptEntry } from './run-parts';
import { violation, type EffectRule, type Invariant, type Violation } from './violation';

type EffectEntry = EntryOf<'effect'>;

/**
 * I4: effects through a fenced sink or an idempotency key.
 * - An idempotency key names one place (run, step, state, action), and a place has one key in every attempt; where `local` transitions
 *   bring an action round again in a step, the n-th run of each attempt has the same one. It begins with correlation id and run id, so
 *   keys of two runs differ.
 * - A keyed sink writes once per key; a fenced one once per key and fence, and what it accepts of one run never falls in fence, by the
 *   sink's own count. (A fenced sink may write one key under several fences: each attempt overwrites the one before.)
 * - Every effect is of an attempt in the log.
 * - Each committed step that a rule of `options.effects` is for has its effect: accepted under its key by a keyed sink, under its key
 *   and its own fence by a fenced one. A repeat alone will do: who wrote first may have died before its entry.
 *
 * After a lost tail (`lost`) the lost steps run again, in another lineage of the same run. Their effects stay in the sinks, and no
 * committed step remains to which they belong: that alone is allowed, as for an attempt that failed. All of the above still holds, of
 * both lineages together: a step that runs again has its old keys, and writes no second time through a keyed sink; its fences are
 * higher than any of the lost ones. That presumes sinks whose own store has lost nothing.
 */
export const effects: Invariant = (log, { effects: rules = [] } = {}) => {
  const found: Violation[] = [];
  for (const run of runsOf(log)) {
    found.push(...keysOf(run), ...keyed(run), ...fenced(run), ...unknown(run));
    if (rules.length > 0) found.push(...missing(run, rules));
  }
  return found;
};

function bad(run: RunLog, text: string, ...entries: Parameters<typeof violation>[3][]): Violation {
  return violation('I4', run.correlationId, `run ${run.runId}: ${text}`, ...entries);
}

function placeOf({ steps, state, action }: AttemptEntry): string {
  return `step ${steps}, ${state}/${action}`;
}

function* keysOf(run: RunLog): Generator<Violation> {
  const begins = `${run.correlationId}/${run.runId}/`;
  const firstOf = new Map<string, AttemptEntry>();
  /** By place and how often it has run in the attempt. */
  const keyAt = new Map<string, AttemptEntry>();
  for (const attempts of group(run.attempts, ({ fence }) => fence).values()) {
    const rounds = new Map<string, number>();
    for (const attempt of attempts) {
      const place = placeOf(attempt);
      const round = rounds.get(place) ?? 0;
      rounds.set(place, round + 1);
      if (!attempt.key.startsWith(begins)) yield bad(run, `the key ${attempt.key} does not begin with ${begins}`, attempt);
      const first = setOnce(firstOf, attempt.key, attempt);
      if (placeOf(first) !== place) {
        yield bad(run, `the key ${attempt.key} is that of two places: ${placeOf(first)} and ${place}`, first, attempt);
      }
      const known = setOnce(keyAt, `${place} ${round}`, attempt);
      if (known.key !== attempt.key) yield bad(run, `${place} has two keys: ${known.key} and ${attempt.key}`, known, attempt);
    }
  }
}

function setOnce<V>(map: Map<string, V>, key: string, value: V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  map.set(key, value);
  return value;
}

function written({ accepted, repeat }: EffectEntry): boolean {
  return accepted && !repeat;
}

function* keyed(run: RunLog): Generator<Violation> {
  const writes = run.effects.filter((effect) => effect.sink === 'keyed' && written(effect));
  for (const [key, entries] of group(writes, (effect) => effect.key)) {
    if (entries.length > 1) {
      yield bad(run, `the keyed sink wrote ${key} ${entries.length} times, under fences ${fencesOf(entries)}`, ...entries);
    }
  }
}

function* fenced(run: RunLog): Generator<Violation> {
  const accepted = run.effects.filter((effect) => effect.sink === 'fenced' && effect.accepted);
  for (const entries of group(accepted.filter(written), ({ key, fence }) => `${key}/${fence}`).values()) {
    const [{ key, fence }] = entries as [EffectEntry];
    if (entries.length > 1)
      yield bad(run, `the fenced sink wrote ${key} ${entries.length} times under fence ${fence}`, ...entries);
  }
  const ordered = accepted.filter((effect) => effect.order !== null).sort((a, b) => a.order! - b.order!);
  for (let i = 1; i < ordered.length; i++) {
    const [before, after] = [ordered[i - 1]!, ordered[i]!];
    if (after.fence < before.fence) {
      yield bad(run, `the fenced sink accepted fence ${after.fence} after fence ${before.fence}`, before, after);
    }
  }
}

function* unknown(run: RunLog): Generator<Violation> {
  if (run.effects.length === 0) return;
  const known = new Set(run.attempts.map(({ key, fence }) => `${key}/${fence}`));
  for (const effect of run.effects) {
    const { key, fence, sink } = effect;
    if (!known.has(`${key}/${fence}`))
      yield bad(run, `the ${sink} sink was given ${key} under fence ${fence} by no attempt`, effect);
  }
}

function* missing(run: RunLog, all: readonly EffectRule[]): Generator<Violation> {
  const machine = (run.end ?? run.started[0] ?? run.attempts[0])?.machine;
  const rules = all.filter((rule) => rule.machine === machine);
  if (rules.length === 0) return;
  const attempts = group(run.attempts, ({ fence }) => fence);
  const byKey = group(run.effects, ({ key }) => key);
  for (const item of committed(run)) {
    if (item.code !== null) continue; // an exhausted step: its last action threw
    for (const { state, action, sink } of rules) {
      const own = attempts.get(item.fence)?.filter((attempt) => attempt.state === state && attempt.action === action) ?? [];
      const what = `step ${item.steps} is committed under fence ${item.fence}`;
      // An internal transition stays in the state and does not run its `do`; the history does not tell it from a self-transition.
      if (own.length === 0 && item.to === state && item.from !== state)
        yield bad(run, `${what}, but ${state}/${action} never ran`, item);
      for (const attempt of own) {
        const { key } = attempt;
        const stands = (effect: EffectEntry): boolean =>
          effect.sink === sink && effect.accepted && (sink === 'keyed' || effect.fence === item.fence);
        const said = byKey.get(key) ?? [];
        if (!said.some(stands)) yield bad(run, `${what}, but the ${sink} sink has no ${key}`, item, attempt, ...said);
      }
    }
  }
}

function fencesOf(entries: readonly EffectEntry[]): string {
  return entries.map(({ fence }) => fence).join(', ');
}
