import { DEFAULT_MAX_RETRIES, DEFAULT_QUEUE, type Definition, type StateDefinition, type Transition } from '@stile/machine';
import {
  escapeTarget,
  type StileMachineMeta,
  type StileStateMeta,
  type XStateMachine,
  type XStateState,
  type XStateTransition,
} from './config';

export interface XStateTranslation {
  /** What `createMachine` of XState 5 takes; plain JSON. */
  readonly machine: XStateMachine;
  /** What XState does not do, or does otherwise, with the place in the definition. */
  readonly notes: readonly string[];
}

/**
 * A definition as an XState 5 machine config. Entry and exit actions, and those of transitions, keep their names; the `do` action becomes an
 * invoked actor of its name, which sends the next event to its parent (`sendParent`, or `sendBack` of a callback); a failed one takes
 * `onExhausted` as `onError`. What XState has no word for is kept under `meta.stile`, where {@link fromXState} finds it again. Pure and
 * deterministic.
 */
export function toXState(definition: Definition): XStateTranslation {
  const { name, initial, states } = definition;
  const meta = machineMeta(definition);
  return {
    machine: {
      id: name,
      initial,
      states: record(Object.values(states).map((state) => [state.name, stateConfig(state)])),
      ...(Object.keys(meta).length > 0 ? { meta: { stile: meta } } : {}),
    },
    notes: [...machineNotes(definition), ...Object.values(states).flatMap(stateNotes)],
  };
}

function stateConfig(state: StateDefinition): XStateState {
  const { final, entryAction, doAction, exitAction, onExhausted, transitions, after = [] } = state;
  const taken = (event: string): XStateTransition | undefined =>
    Object.hasOwn(transitions, event) ? brought(state, transitions[event]!) : undefined;
  const onError = onExhausted === undefined ? undefined : taken(onExhausted);
  const events = Object.values(transitions);
  const meta = stateMeta(state);
  return present({
    type: final ? ('final' as const) : undefined,
    entry: entryAction,
    exit: exitAction,
    invoke: isInvoked(state) ? present({ src: doAction!, onError }) : undefined,
    on:
      events.length > 0 ? record(events.map((transition) => [transition.event, transitionConfig(state, transition)])) : undefined,
    after:
      after.length > 0
        ? record(after.flatMap(({ afterMs, event }) => (taken(event) ? [[String(afterMs), taken(event)!] as const] : [])))
        : undefined,
    meta: Object.keys(meta).length > 0 ? { stile: meta } : undefined,
  });
}

/** XState stops a machine as it enters a final state: what is invoked there would not run. */
function isInvoked({ final, doAction }: StateDefinition): boolean {
  return doAction !== undefined && !final;
}

function transitionConfig({ name }: StateDefinition, { target, action, local, internal }: Transition): XStateTransition {
  return present({
    target: internal ? undefined : escapeTarget(target),
    actions: action,
    reenter: !internal && target === name ? (true as const) : undefined,
    meta: local ? { stile: { local: true as const } } : undefined,
  });
}

/** A transition that is not taken by an event of the machine's own: it says which one brings it in Stile. */
function brought(state: StateDefinition, transition: Transition): XStateTransition {
  const config = transitionConfig(state, transition);
  return { ...config, meta: { stile: { event: transition.event, ...config.meta?.stile } } };
}

function machineMeta(definition: Definition): StileMachineMeta {
  const { version, maxRetries, retry, queue, retentionMs, deadline, onCancel, inboxLimit } = definition;
  return present({
    version: version === 1 ? undefined : version,
    maxRetries: maxRetries === DEFAULT_MAX_RETRIES ? undefined : maxRetries,
    queue: queue === DEFAULT_QUEUE ? undefined : queue,
    ...{ retry, retentionMs, deadline, onCancel, inboxLimit },
  });
}

function stateMeta(state: StateDefinition): StileStateMeta {
  const { retry, events, timeoutMs, onExhausted, doAction } = state;
  const invoked = isInvoked(state);
  return present({
    ...{ retry, events, timeoutMs },
    doAction: invoked ? undefined : doAction,
    onExhausted: invoked ? undefined : onExhausted,
  });
}

function machineNotes({ retry, deadline, onCancel, inboxLimit, retentionMs }: Definition): string[] {
  return [
    ...(retry ? ['retry: XState does not retry; an actor that fails takes onError at once'] : []),
    ...(deadline ? ['deadline: XState has none for a whole machine'] : []),
    ...(onCancel === undefined ? [] : [`onCancel: stopping an actor does not lead to ${onCancel}`]),
    ...(inboxLimit === undefined ? [] : ['inboxLimit: XState keeps no events for later states']),
    ...(retentionMs === undefined ? [] : ['retentionMs: XState stores nothing']),
  ];
}

function stateNotes(state: StateDefinition): string[] {
  const { name, final, doAction, retry, onExhausted, events, timeoutMs, transitions } = state;
  const at = `states.${name}`;
  return [
    ...(final && doAction !== undefined ? [`${at}.doAction: XState runs nothing in a final state; ${doAction} is left out`] : []),
    ...(isInvoked(state) ? [`${at}.doAction: ${doAction} is invoked, and has to send its event to its parent`] : []),
    ...(retry ? [`${at}.retry: XState does not retry`] : []),
    ...(onExhausted !== undefined && !isInvoked(state) ? [`${at}.onExhausted: only what is invoked has an onError`] : []),
    ...(events ? [`${at}.events: XState drops events without a transition`] : []),
    ...(timeoutMs === undefined ? [] : [`${at}.timeoutMs: XState has no limit for what is invoked`]),
    ...Object.values(transitions)
      .filter(({ local }) => local)
      .map(({ event }) => `${at}.transitions.${event}.local: XState commits nothing, so all are alike`),
  ];
}

/** Own properties, `__proto__` among them. */
function record<T>(entries: readonly (readonly [string, T])[]): Record<string, T> {
  return Object.fromEntries(entries);
}

function present<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
