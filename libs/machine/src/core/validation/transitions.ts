import type { Definition, State } from '../definition';
import type { MachineSource } from '../machine-source';
import { quote } from '../names';
import { hint } from '../suggest';
import type { Report } from './report';

/** Whether everything that names a state or an event names one that is there. */
export function checkTransitions(source: MachineSource, report: Report): void {
  const { definition, initials = [definition.initial], incomplete } = source;
  const anyState = Object.keys(definition.states).length > 0;
  if (anyState || !incomplete)
    checkInitial(
      definition,
      initials.filter((name) => name !== ''),
      report,
    );
  checkOnCancel(definition, report);
  for (const state of Object.values(definition.states)) {
    checkTargets(definition, state, report);
    checkInternal(state, report);
    checkFinal(state, report);
    checkOnExhausted(state, report);
  }
}

function checkInitial({ name, states }: Definition, initials: readonly string[], report: Report): void {
  const [first, second] = initials;
  if (Object.keys(states).length === 0) {
    report.error('empty', `machine "${name}" has no states; give it at least one that is initial and final`, {
      field: 'states',
    });
  } else if (first === undefined) {
    report.error('no-initial', `machine "${name}" has no initial state; mark one`, { field: 'initial' });
  } else if (second !== undefined) {
    const names = initials.map((state) => `"${state}"`).join(', ');
    const message = `machine "${name}" has ${initials.length} initial states: ${names}; leave one`;
    report.error('two-initials', message, { state: second, field: 'initial' });
  } else if (!Object.hasOwn(states, first)) {
    const message = `the initial state of machine "${name}" is ${quote(first)}, which it does not have`;
    report.error('no-initial', `${message}; ${hint(first, Object.keys(states))}`, { field: 'initial' });
  }
}

function checkOnCancel({ name, states, onCancel }: Definition, report: Report): void {
  if (onCancel === undefined || Object.hasOwn(states, onCancel)) return;
  const message = `when it is cancelled, machine "${name}" goes to state ${quote(onCancel)}, which it does not have`;
  report.error('missing-target', `${message}; ${hint(onCancel, Object.keys(states))}`, { field: 'onCancel' });
}

function checkTargets({ states }: Definition, { name, transitions }: State, report: Report): void {
  for (const { event, target } of Object.values(transitions)) {
    if (Object.hasOwn(states, target)) continue;
    const message = `event "${event}" of state "${name}" leads to state ${quote(target)}, which is not there`;
    report.error('missing-target', `${message}; ${hint(target, Object.keys(states))}`, {
      state: name,
      event,
      field: 'target',
    });
  }
}

/** Transitions without a target of their own. */
function checkInternal({ name, transitions }: State, report: Report): void {
  for (const { event, target, action, local, internal } of Object.values(transitions)) {
    if (!internal) continue;
    const what = `transition ${quote(event)} of state "${name}"`;
    const part = (field: string) => ({ state: name, event, field });
    if (action === undefined) {
      report.error('empty', `${what} has no target and no action; name the state it leads to, or what it runs`, part('target'));
    }
    if (local) {
      const message = `${what} has no target, so nothing is chained and it cannot be local; drop that, or name the state it leads to`;
      report.error('internal-local', message, part('local'));
    }
    if (target === name) continue;
    const message = `${what} is internal, but leads to state ${quote(target)}; its target is "${name}", or it is not internal`;
    report.error('internal-target', message, part('target'));
  }
}

function checkFinal({ name, final, transitions }: State, report: Report): void {
  const [event] = Object.keys(transitions);
  if (!final || event === undefined) return;
  const message = `state "${name}" is final, so its transitions can never be taken; drop them, or it is not final`;
  report.error('final-with-transitions', message, { state: name, event });
}

function checkOnExhausted({ name, onExhausted, transitions }: State, report: Report): void {
  if (onExhausted === undefined) return;
  if (Object.hasOwn(transitions, onExhausted)) {
    const { target, internal } = transitions[onExhausted]!;
    if (target !== name || internal) return; // an internal one enters nothing: the state waits, its `do` is not run again
    const message = `when state "${name}" is exhausted it enters itself again, with all its retries: it may never end`;
    return report.warning('exhausted-loop', message, { state: name, field: 'onExhausted' });
  }
  const message = `when state "${name}" is exhausted it sends itself event ${quote(onExhausted)}, which it has no transition for`;
  const part = { state: name, field: 'onExhausted' };
  report.error('on-exhausted-event', `${message}; ${hint(onExhausted, Object.keys(transitions))}`, part);
}
