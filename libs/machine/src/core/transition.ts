import { PSEUDO_CANCEL, PSEUDO_DEADLINE, PSEUDO_INIT, PSEUDO_MOVE, type Definition, type Transition } from './definition';

/**
 * Where `event` leads from `state`; nothing when the state does not have it. The first step leads to the initial state, a cancellation to
 * the state that cleans up, a move by hand where its event says.
 */
export function findTransition(definition: Definition, state: string, event: string): Transition | undefined {
  if (state === PSEUDO_INIT && event === PSEUDO_INIT) return { event, target: definition.initial, local: false };
  const own = Object.hasOwn(definition.states, state) ? definition.states[state] : undefined;
  if (own && Object.hasOwn(own.transitions, event)) return own.transitions[event];
  if (event === PSEUDO_CANCEL && definition.onCancel !== undefined) return { event, target: definition.onCancel, local: false };
  if (event === PSEUDO_DEADLINE && own) return { event, target: state, local: false, internal: true };
  if (!event.startsWith(PSEUDO_MOVE)) return undefined;
  const target = event.slice(PSEUDO_MOVE.length);
  return Object.hasOwn(definition.states, target) ? { event, target, local: false } : undefined;
}

/** Whether the state that is left is not asked: nothing but the machine's own transitions runs its exit action. */
export function isForced(event: string): boolean {
  return event === PSEUDO_INIT || event === PSEUDO_CANCEL || event === PSEUDO_DEADLINE || event.startsWith(PSEUDO_MOVE);
}

/** The events that a state has a transition for, in the order they were written. */
export function legalEvents(definition: Definition, state: string): string[] {
  if (state === PSEUDO_INIT) return [PSEUDO_INIT];
  return Object.hasOwn(definition.states, state) ? Object.keys(definition.states[state]?.transitions ?? {}) : [];
}

/** All events that some state of the machine has a transition for. */
export function allEvents(definition: Definition): string[] {
  return [...new Set(Object.keys(definition.states).flatMap((state) => legalEvents(definition, state)))];
}
