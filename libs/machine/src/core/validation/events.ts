import { EVENT_POLICIES, type Definition, type State } from '../definition';
import type { MachineSource } from '../machine-source';
import { quote } from '../names';
import { hint } from '../suggest';
import type { Report } from './report';

/** What states say of events that they have no transition for. */
export function checkEventPolicies({ definition, incomplete }: MachineSource, report: Report): void {
  const known = eventsOf(definition);
  for (const state of Object.values(definition.states)) checkState(state, known, !incomplete, report);
}

/** The events that some state has a transition for. */
export function eventsOf({ states }: Definition): ReadonlySet<string> {
  return new Set(Object.values(states).flatMap(({ final, transitions }) => (final ? [] : Object.keys(transitions))));
}

/** @param complete all states could be read, so an event that none of them has is a slip */
function checkState(
  { name, final, events = {}, transitions }: State,
  known: ReadonlySet<string>,
  complete: boolean,
  report: Report,
): void {
  const entries = Object.entries(events);
  if (final && entries.length > 0) {
    const message = `state "${name}" is final, so no event comes to it; drop its events, or it is not final`;
    return report.error('final-with-events', message, { state: name, field: 'events' });
  }
  for (const [event, policy] of entries) {
    const part = { state: name, field: `events.${event}` };
    if (!EVENT_POLICIES.includes(policy)) {
      const message = `policy of state "${name}" for event ${quote(event)} is ${quote(policy)}`;
      report.error('bad-policy', `${message}; ${hint(policy, EVENT_POLICIES)}`, part);
    }
    if (Object.hasOwn(transitions, event)) {
      const message = `state "${name}" has a transition for event ${quote(event)}, so it can never ${quote(policy)} it; drop one`;
      report.error('policy-with-transition', message, part);
    } else if (complete && !known.has(event)) {
      const message = `state "${name}" has a policy for event ${quote(event)}, which no state has a transition for`;
      report.error('policy-event', `${message}: it is refused anyway; ${hint(event, known)}`, part);
    }
  }
}
