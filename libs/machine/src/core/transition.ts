import { PSEUDO_INIT, type Definition, type Transition } from './definition';

/** Where `event` leads from `state`; nothing when the state does not have it. The first step leads to the initial state. */
export function findTransition(definition: Definition, state: string, event: string): Transition | undefined {
  if (state === PSEUDO_INIT) {
    return event === PSEUDO_INIT ? { event, target: definition.initial, local: false } : undefined;
  }
  const transitions = Object.hasOwn(definition.states, state) ? definition.states[state]?.transitions : undefined;
  return transitions && Object.hasOwn(transitions, event) ? transitions[event] : undefined;
}

/** The events that a state has a transition for, in the order they were written. */
export function legalEvents(definition: Definition, state: string): string[] {
  if (state === PSEUDO_INIT) return [PSEUDO_INIT];
  return Object.hasOwn(definition.states, state) ? Object.keys(definition.states[state]?.transitions ?? {}) : [];
}
