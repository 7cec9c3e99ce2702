import { PSEUDO_CANCEL, PSEUDO_INIT, type Definition, type StateDefinition, type Transition } from '@stile/machine';

export const EDGE_KINDS = ['event', 'timer', 'local', 'retry'] as const;
/**
 * How an edge is drawn. `retry`: taken when the state has run out of retries (`onExhausted`); `timer`: one of the state's timers brings
 * the event; `local`: chained inside the same step. Where several hold, the first of these three counts.
 */
export type EdgeKind = (typeof EDGE_KINDS)[number];

/** One transition. */
export interface Edge {
  /** A state, or `pseudo_init` and `pseudo_cancel` for the ways in, as a machine's history has them. */
  readonly from: string;
  readonly to: string;
  readonly event: string;
  readonly kind: EdgeKind;
  readonly action?: string;
  readonly local: boolean;
  /** The state is not left. */
  readonly internal: boolean;
  /** Times of the timers that bring the event, ms. */
  readonly afterMs: readonly number[];
  /** The last failed attempt turns into this event. */
  readonly exhausted: boolean;
  /** The machine's deadline brings the event, ms from its start. */
  readonly deadlineMs?: number;
}

/** What is drawn of a definition, in the order it was written. */
export interface Graph {
  readonly definition: Definition;
  readonly states: readonly StateDefinition[];
  /** The ways in first. */
  readonly edges: readonly Edge[];
}

export function graphOf(definition: Definition): Graph {
  const states = Object.values(definition.states);
  const edges = [wayIn(PSEUDO_INIT, definition.initial)];
  if (definition.onCancel !== undefined) edges.push(wayIn(PSEUDO_CANCEL, definition.onCancel));
  for (const state of states) {
    for (const transition of Object.values(state.transitions)) edges.push(edgeOf(definition, state, transition));
  }
  return { definition, states, edges };
}

/** Whether an edge comes from no state: the start, and the cancellation. */
export function isWayIn({ from, event }: Edge): boolean {
  return from === event && (event === PSEUDO_INIT || event === PSEUDO_CANCEL);
}

function wayIn(event: string, to: string): Edge {
  return { from: event, to, event, kind: 'event', local: false, internal: false, afterMs: [], exhausted: false };
}

function edgeOf({ deadline }: Definition, state: StateDefinition, transition: Transition): Edge {
  const { event, target, action, local, internal = false } = transition;
  const afterMs = (state.after ?? []).filter((timer) => timer.event === event).map((timer) => timer.afterMs);
  const exhausted = state.onExhausted === event;
  const kind = exhausted ? 'retry' : afterMs.length > 0 ? 'timer' : local ? 'local' : 'event';
  const deadlineMs = deadline?.event === event ? deadline.afterMs : undefined;
  return { from: state.name, to: target, event, kind, action, local, internal, afterMs, exhausted, deadlineMs };
}
