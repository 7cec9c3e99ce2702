import type { Definition } from '../api/types';

export interface LegalEvent {
  readonly event: string;
  /** What becomes of it in the state the machine is in. */
  readonly now: 'taken' | 'kept' | 'ignored' | 'refused';
  /** Where it leads to, where it is taken. */
  readonly target?: string;
}

/** Every event that some state of the definition has; those that the state takes come first. */
export function legalEvents(definition: Definition, stateName: string): LegalEvent[] {
  const state = definition.states[stateName];
  const names = new Set(Object.values(definition.states).flatMap((each) => Object.keys(each.transitions)));
  if (definition.deadline?.event !== undefined) names.add(definition.deadline.event);
  const all = [...names].map((event): LegalEvent => {
    const transition = state && Object.hasOwn(state.transitions, event) ? state.transitions[event] : undefined;
    if (transition) return { event, now: 'taken', target: transition.target };
    const policy = state?.events?.[event] ?? 'defer';
    return { event, now: policy === 'ignore' ? 'ignored' : policy === 'reject' ? 'refused' : 'kept' };
  });
  const order = ['taken', 'kept', 'ignored', 'refused'];
  return all.sort((a, b) => order.indexOf(a.now) - order.indexOf(b.now) || (a.event < b.event ? -1 : 1));
}
