import type { MachineFacts, OpenGroup } from './explain-facts';
import { noWorker, workersAlive } from './explain-driven';
import { clock, dueAt, endOf, iso, plural } from './explain-words';
import type { Explanation } from './explanation';

/** A timer is overdue for so long before anybody wonders, ms: the watch looks every second or two. */
const OVERDUE_MS = 5000;

/** A machine that rests in a state until something comes. */
export function explainWaiting(facts: MachineFacts): Explanation {
  const { now, takes, groups } = facts;
  const { timers, deadlineAt, inbox } = facts.view;
  const first = timers[0];
  const group = groups.find(({ events }) => events.some((event) => takes.includes(event)));
  const inner = new Set([...timers.map(({ event }) => event), ...groups.flatMap(({ events }) => events)]);
  const events = takes.filter((event) => !inner.has(event));

  const ends = [first?.at, deadlineAt].filter((at) => typeof at === 'string').map((at) => Date.parse(at));
  const soonest = ends.length === 0 ? undefined : Math.min(...ends);
  if (soonest !== undefined && now - soonest > OVERDUE_MS && workersAlive(facts).length === 0) {
    return noWorker(
      facts,
      `${first && Date.parse(first.at) === soonest ? `timer "${first.event}"` : 'its deadline'} was due at ${clock(soonest)}`,
    );
  }
  const last = facts.tail.at(-1);
  const common = {
    since: last ? endOf(last) : facts.view.updatedAt,
    until: soonest === undefined ? null : iso(soonest),
    ...(events.length === 0 ? {} : { events }),
    ...(first ? { timer: first.event } : {}),
    ...(inbox === 0 ? {} : { inbox }),
  };
  const timer = first ? `timer "${first.event}" ${dueAt(Date.parse(first.at), now)}` : '';
  const tail = [
    ...(deadlineAt === null ? [] : [`its deadline is ${clock(deadlineAt)}`]),
    ...(inbox === 0 ? [] : [`${plural(inbox, 'event')} in its inbox ${inbox === 1 ? 'is' : 'are'} for a later state`]),
  ].join('; ');
  const text = (...parts: string[]): string =>
    [parts.filter((part) => part !== '').join('; or '), tail].filter(Boolean).join('; ');

  if (group) return { ...common, reason: 'children', text: text(childrenOf(group), eventsOf(events), timer), ...countsOf(group) };
  if (events.length > 0) return { ...common, reason: 'waiting', text: text(eventsOf(events), timer) };
  if (timer !== '') return { ...common, reason: 'timer', text: text(timer) };
  return { ...common, reason: 'waiting', text: text('waits in a state that no event leads out of: move or cancel it') };
}

function eventsOf(events: readonly string[]): string {
  return events.length === 0 ? '' : `waits for ${events.length === 1 ? 'event' : 'events'} ${events.join(', ')}`;
}

function childrenOf({ group, ended, total }: OpenGroup): string {
  return `waits for children: ${ended} of ${total} have ended (group ${group})`;
}

function countsOf({ group, ended, total }: OpenGroup): Pick<Explanation, 'group' | 'children' | 'childrenEnded'> {
  return { group, children: total, childrenEnded: ended };
}
