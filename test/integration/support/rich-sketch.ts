import type { BoundDefinition } from '../../../libs/machine/src/core/bound-definition';
import type { Definition, EventPolicy, State } from '../../../libs/machine/src/core/definition';
import { sketch, type StateSketch } from './world';

export interface RichState extends StateSketch {
  /** Events by ms. */
  readonly after?: Readonly<Record<number, string>>;
  readonly events?: Readonly<Record<string, EventPolicy>>;
  readonly timeoutMs?: number;
  /** Events that do not leave the state. */
  readonly internal?: readonly string[];
}

/** A sketch with everything that a state and a definition may have. */
export function rich(
  name: string,
  states: Record<string, RichState>,
  more: Partial<Definition> & Parameters<typeof sketch>[2] = {},
): BoundDefinition {
  const { definition, actions } = sketch(name, states, more);
  const built = Object.values(definition.states).map((state): [string, State] => {
    const { after = {}, events, timeoutMs, internal = [] } = states[state.name] ?? {};
    const timers = Object.entries(after).map(([ms, event]) => ({ afterMs: Number(ms), event }));
    const transitions = Object.fromEntries(
      Object.entries(state.transitions).map(([event, transition]) => [
        event,
        internal.includes(event) ? { ...transition, internal: true } : transition,
      ]),
    );
    return [state.name, { ...state, transitions, ...(timers.length > 0 ? { after: timers } : {}), events, timeoutMs }];
  });
  return { definition: { ...definition, ...more, states: Object.fromEntries(built) }, actions };
}
