import type { State } from '../definition';
import { formatDuration } from '../duration';
import type { MachineSource } from '../machine-source';
import { quote } from '../names';
import { hint } from '../suggest';
import { checkInteger, SECOND_MS, TEN_YEARS_MS } from './checks';
import { eventsOf } from './events';
import type { Report } from './report';

export const MAX_TIMERS = 50;

/** Timers of states, and the machine's deadline. */
export function checkTimers(source: MachineSource, report: Report): void {
  for (const state of Object.values(source.definition.states)) checkState(state, report);
  checkDeadline(source, report);
}

function checkState({ name, final, after = [], transitions }: State, report: Report): void {
  const all = { state: name, field: 'after' };
  if (final && after.length > 0) {
    report.error(
      'final-with-timers',
      `state "${name}" is final, so its timers can never come; drop them, or it is not final`,
      all,
    );
  }
  if (after.length > MAX_TIMERS) {
    report.error('too-many-timers', `state "${name}" has ${after.length} timers; give it at most ${MAX_TIMERS}`, all);
  }
  let last = -Infinity;
  for (const [index, { afterMs, event }] of after.entries()) {
    const part = { state: name, field: `after.${index}` };
    checkInteger(`a timer of state "${name}" in ms`, afterMs, 1, TEN_YEARS_MS, part, report, ' (10 years)');
    if (afterMs === last) {
      const message = `state "${name}" has two timers at ${formatDuration(afterMs)}, and only one could be the first; drop or move one`;
      report.error('duplicate-timer', message, part);
    }
    if (afterMs < last) {
      const message = `timer at ${formatDuration(afterMs)} of state "${name}" stands behind a later one; put the soonest first`;
      report.error('unsorted-timers', message, part);
    }
    last = afterMs;
    if (final || Object.hasOwn(transitions, event)) continue;
    const message = `after ${formatDuration(afterMs)} state "${name}" gets event ${quote(event)}, which it has no transition for`;
    report.error('timer-event', `${message}; ${hint(event, Object.keys(transitions))}`, part);
  }
}

function checkDeadline({ definition, incomplete }: MachineSource, report: Report): void {
  const { name, deadline } = definition;
  if (!deadline) return;
  const { afterMs, event } = deadline;
  const what = `deadline of machine "${name}" in ms`;
  checkInteger(what, afterMs, SECOND_MS, TEN_YEARS_MS, { field: 'deadline.afterMs' }, report, ' (10 years)');
  const known = eventsOf(definition);
  if (event === undefined || known.has(event) || incomplete) return;
  const message = `at its deadline machine "${name}" gets event ${quote(event)}, which no state has a transition for`;
  report.error('deadline-event', `${message}; ${hint(event, known)}`, { field: 'deadline.event' });
}
