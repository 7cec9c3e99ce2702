import type { EntryOf, Log, MachineLog, RunLog } from '../log';
import { committed, group } from './run-parts';
import { violation, type CheckOptions, type Invariant, type Violation } from './violation';

/** What was acknowledged and is not there at the end, in a time for which the store is known to have lost its tail. */
export interface Losses {
  starts: number;
  events: number;
}

/**
 * I5: an acknowledged start or event is never lost, and each event is taken once, in order per sender.
 * - A start has its `end`, in the run that was acknowledged. So has every run of which anything ran.
 * - An event is in the list of taken ones that the machine keeps in its context, or still in its inbox; one that was acknowledged as
 *   `ignored` may be in neither.
 * - No event is twice in that list, nor seen by the attempts of two committed steps.
 * - Of one sender, events of one name stand in the list as they were acknowledged. (Other names may overtake: a state takes what it can.)
 *
 * With `lost` entries, what was acknowledged between `since` and `until` and is missing counts as measured loss (see `lossesOf`), and
 * is not held to its order; what was acknowledged before or after is held to all of it.
 */
export const acknowledged: Invariant = (log, options = {}) => {
  const found: Violation[] = [];
  for (const machine of log.machines.values()) {
    for (const loss of [...lostStarts(machine), ...lostEvents(machine)]) {
      if (!excused(log, loss.acks, options))
        found.push(violation('I5', machine.correlationId, loss.text, ...loss.acks, ...loss.others));
    }
    const held = machine.sent.filter((sent) => !excused(log, [sent], options));
    for (const run of machine.runs.values()) {
      found.push(...takenTwice(run), ...outOfOrder(run, held));
      const [ran] = [...run.attempts, ...run.history];
      if (ran && !run.end && run.started.length === 0 && log.lost.length === 0) {
        found.push(violation('I5', run.correlationId, `run ${run.runId} ran, and is not there at the end`, ran));
      }
    }
  }
  return found;
};

export function lossesOf(log: Log, options: CheckOptions = {}): Losses {
  const losses: Losses = { starts: 0, events: 0 };
  for (const machine of log.machines.values()) {
    for (const { acks } of lostStarts(machine)) if (excused(log, acks, options)) losses.starts++;
    for (const { acks } of lostEvents(machine)) if (excused(log, acks, options)) losses.events++;
  }
  return losses;
}

interface Loss {
  readonly text: string;
  readonly acks: readonly (EntryOf<'started'> | EntryOf<'sent'>)[];
  readonly others: readonly (EntryOf<'end'> | undefined)[];
}

/** Each acknowledgement of it was given in a lost tail: one outside says that it was stored. */
function excused({ lost }: Log, acks: Loss['acks'], { ackSlackMs = 250 }: CheckOptions): boolean {
  return acks.every(({ at }) => lost.some(({ since = 0, until }) => at >= since && at <= until + ackSlackMs));
}

function* lostStarts({ runs }: MachineLog): Generator<Loss> {
  for (const { runId, started, end } of runs.values()) {
    if (started.length === 0 || end) continue;
    const others = [...runs.values()].map((run) => run.end);
    yield { text: `the start of run ${runId} was acknowledged, and the run is not there at the end`, acks: started, others };
  }
}

function* lostEvents({ runs, sent }: MachineLog): Generator<Loss> {
  if (sent.length === 0) return;
  const ends = [...runs.values()].map(({ end }) => end);
  const present = new Set(ends.flatMap((end) => [...(end?.taken ?? []), ...(end?.inbox ?? [])]));
  for (const [dedupeId, acks] of group(sent, (entry) => entry.dedupeId)) {
    if (present.has(dedupeId) || acks.some(({ outcome }) => outcome === 'ignored')) continue;
    const [{ event, sender }] = acks as [EntryOf<'sent'>];
    const text = `event ${dedupeId} ("${event}" of ${sender}) was acknowledged, and is neither taken nor in the inbox`;
    yield { text, acks, others: ends };
  }
}

function* takenTwice(run: RunLog): Generator<Violation> {
  const { correlationId, runId, end } = run;
  for (const [dedupeId, times] of group(end?.taken ?? [], (id) => id)) {
    if (times.length > 1) {
      const text = `run ${runId}: event ${dedupeId} is taken ${times.length} times in the machine's context`;
      yield violation('I5', correlationId, text, end);
    }
  }
  if (run.taken.length === 0) return;
  const byFence = new Map(committed(run).map((item) => [item.fence, item]));
  const counted = run.taken.filter(({ fence, steps }) => byFence.get(fence)?.steps === steps);
  for (const [dedupeId, entries] of group(counted, (entry) => entry.dedupeId)) {
    const steps = [...new Set(entries.map((entry) => entry.steps))];
    if (steps.length > 1) {
      const text = `run ${runId}: event ${dedupeId} is taken by ${steps.length} committed steps: ${steps.join(', ')}`;
      yield violation('I5', correlationId, text, ...entries);
    }
  }
}

function* outOfOrder({ correlationId, runId, end }: RunLog, sent: readonly EntryOf<'sent'>[]): Generator<Violation> {
  if (!end || sent.length === 0) return;
  const placeOf = new Map(end.taken.map((dedupeId, place) => [dedupeId, place]));
  const seen = new Set<string>();
  const events = sent.filter(({ dedupeId }) => placeOf.has(dedupeId)).sort((a, b) => a.number - b.number);
  for (const [, ofSender] of group(events, ({ sender, event }) => `${event} of ${sender}`)) {
    let before: EntryOf<'sent'> | undefined;
    for (const entry of ofSender) {
      if (seen.has(entry.dedupeId)) continue; // acknowledged again
      seen.add(entry.dedupeId);
      if (before && placeOf.get(entry.dedupeId)! < placeOf.get(before.dedupeId)!) {
        const text = `run ${runId}: ${entry.sender} sent ${before.dedupeId} before ${entry.dedupeId}, and they are taken the other way round`;
        yield violation('I5', correlationId, text, before, entry, end);
      }
      before = entry;
    }
  }
}
