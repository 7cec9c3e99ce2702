import type { Facts, MachineFacts } from './explain-facts';
import { explainDriven, explainRunning, isServed, workersAlive } from './explain-driven';
import { explainWaiting } from './explain-waiting';
import { because, byWhom, clock, endOf, iso, span } from './explain-words';
import type { Explanation } from './explanation';
import type { HistoryOutcome } from './model';

/**
 * The one reason why a machine does not move, or that it does. Every status has one, whatever else is known: what cannot be told apart is
 * told as the most that is sure.
 *
 * The order is that of what stands in the way: a machine that is paused does not wait for a worker, one that waits for its retry does not
 * either until the retry is due.
 */
export function explain(facts: Facts): Explanation {
  if (facts.quarantined !== undefined) return quarantined(facts.quarantined, facts.since);
  switch (facts.view.status) {
    case 'completed':
    case 'failed':
    case 'cancelled':
      return ended(facts, facts.view.status);
    case 'paused':
      return facts.view.heldBy === null ? paused(facts) : held(facts, facts.view.heldBy);
    case 'running':
      return facts.view.lease ? explainRunning(facts, facts.view.lease) : explainDriven(facts);
    case 'waiting':
      return explainWaiting(facts);
    case 'delayed':
      return facts.due > facts.now ? delayed(facts) : explainDriven(facts);
    case 'queued':
      return explainDriven(facts);
  }
}

function quarantined(why: string, since: string | null): Explanation {
  const text = `quarantined because ${why}; mend its record in Redis and retry it, or start it anew under another id`;
  return { reason: 'quarantined', text, since, until: null, why };
}

function ended(facts: MachineFacts, status: 'completed' | 'failed' | 'cancelled'): Explanation {
  const { state, error, finishedAt } = facts.view;
  const common = { reason: status, since: finishedAt, until: null };
  if (status === 'completed') return { ...common, text: `completed in state "${state}"` };
  if (status === 'cancelled') {
    const act = lastAct(facts, 'cancelling', 'cancelled');
    return { ...common, text: `cancelled${byWhom(act)}${because(act)}`, ...who(act) };
  }
  if (error?.code === 'MACHINE_QUARANTINED') return quarantined(error.message, finishedAt);
  const told = error ? ` with ${error.code}: ${error.message}` : '';
  const entered = facts.tail.findLast(({ outcome }) => outcome === 'failed')?.to ?? state;
  const text = `failed in state "${entered}"${told}; mend what is wrong, edit its context if need be, and retry it`;
  return { ...common, text, ...(error ? { error: { code: error.code, message: error.message } } : {}) };
}

function paused(facts: MachineFacts): Explanation {
  const act = lastAct(facts, 'paused');
  const since = act.startedAt ?? facts.view.updatedAt;
  const text = `paused${byWhom(act)} since ${clock(since)}${because(act)}; resume it when it may go on`;
  return { reason: 'paused', text, since, until: null, ...who(act) };
}

function held(facts: MachineFacts, hold: string): Explanation {
  const { updatedAt } = facts.view;
  const common = { reason: 'held', hold, until: null } as const;
  if (!facts.hold) {
    const then = workersAlive(facts).length > 0 ? 'a worker lets it go within seconds' : 'start a worker, which lets it go';
    const text = `held by ${hold}, which has been taken off: ${then}`;
    return { ...common, text, since: updatedAt };
  }
  const { since } = facts.hold;
  const put = byWhom(facts.hold) === '' ? '' : `, put${byWhom(facts.hold)}`;
  const text = `held by ${hold} since ${clock(since)}${put}${because(facts.hold)}; take the hold off when it may go on`;
  return { ...common, text, since, ...who(facts.hold) };
}

function delayed(facts: MachineFacts): Explanation {
  const { now, due, maxRetries } = facts;
  const { retries, error, steps, createdAt } = facts.view;
  const last = facts.tail.at(-1);
  const common = { since: last ? endOf(last) : createdAt, until: iso(due) };
  const left = `in ${span(due - now)}`;
  const idle = isServed(facts) ? '' : `; but no worker serves queue "${facts.queue}": start one`;
  if (retries === 0) {
    const what = steps === 0 ? 'starts at' : 'delayed by its own step until';
    return { ...common, reason: 'delayed', text: `${what} ${clock(due)}, ${left}${idle}` };
  }
  const after = error ? ` after "${error.message}"` : '';
  const text = `retry ${retries} of ${maxRetries} ${left}${after}${idle}`;
  const failure = error ? { error: { code: error.code, message: error.message } } : {};
  return { ...common, reason: 'retrying', text, retry: retries, maxRetries, ...failure };
}

interface Doer {
  readonly by?: string;
  readonly why?: string;
  readonly startedAt?: string;
}

function lastAct({ tail }: MachineFacts, ...outcomes: HistoryOutcome[]): Doer {
  return tail.findLast(({ outcome }) => outcomes.includes(outcome)) ?? {};
}

function who({ by, why }: Doer): Pick<Explanation, 'by' | 'why'> {
  return { ...(by ? { by } : {}), ...(why ? { why } : {}) };
}
