import { checkKeys, isRecord, MACHINE_OPTION_KEYS, machineExtras, stateExtras, type Refuse } from '../core/authored';
import { DEFAULT_MAX_RETRIES, DEFAULT_QUEUE, type Definition, type State, type Transition } from '../core/definition';
import type { Problem } from '../core/errors';
import type { MachineSource } from '../core/machine-source';
import { emptyRecord, generatedName } from '../core/names';
import type { ActionHandler } from '../core/step';
import type { On } from './decorator-options';
import type { HookMetadata, StateMachineMetadata, StateMetadata } from './metadata';

export const MACHINE_KEYS: readonly string[] = MACHINE_OPTION_KEYS;
export const STATE_KEYS = ['name', 'initial', 'final', 'on', 'retry', 'onExhausted', 'after', 'events', 'timeout'];
export const TRANSITION_KEYS = ['target', 'action', 'local'];

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The machine that a decorated class describes. Its methods become actions under generated names. */
export function sourceOfClass(instance: object, { options, states, hooks }: StateMachineMetadata) {
  const origin = `class ${instance.constructor.name}`;
  const problems: Problem[] = [];
  const report: Refuse = (rule, message): void =>
    void problems.push({ severity: 'error', rule, message, where: `${origin} (machine "${options.name}")` });

  checkKeys('@StateMachine', options, MACHINE_KEYS, report);
  const actions = new Map<string, ActionHandler>();
  const bind = (name: string, method: string): string => {
    if (actions.has(name))
      report('duplicate-action', `method "${method}" would be action "${name}", which there is already; rename its state`);
    actions.set(name, (instance as Record<string, ActionHandler>)[method]!.bind(instance));
    return name;
  };
  const built = new Map<string, Mutable<State>>();
  for (const state of states) {
    if (built.has(state.name))
      report('duplicate-state', `state "${state.name}" is declared twice; rename one method or its name`);
    built.set(state.name, stateOf(state, bind(generatedName.do(state.name), state.method), report));
  }
  for (const hook of hooks) attach(hook, built, bind, report);

  const initials = states.filter((state) => state.options.initial).map((state) => state.name);
  const { name, version = 1, maxRetries = DEFAULT_MAX_RETRIES, queue = DEFAULT_QUEUE } = options;
  const definition: Definition = {
    name,
    version,
    maxRetries,
    queue,
    ...machineExtras(options, report),
    initial: initials[0] ?? '',
    states: toRecord(built),
  };
  const source: MachineSource = { definition, actions, origin, initials, incomplete: problems.length > 0 };
  return { source, problems };
}

function stateOf({ name, options }: StateMetadata, doAction: string, report: Refuse): Mutable<State> {
  checkKeys(`@State "${name}"`, options, STATE_KEYS, report);
  const { final = false, on = {} } = options;
  return { name, final, doAction, transitions: transitionsOf(name, on, report), ...stateExtras(name, options, report) };
}

function transitionsOf(state: string, on: On, report: Refuse): Record<string, Transition> {
  return toRecord(
    Object.entries(on).map(([event, to]): [string, Transition] => {
      if (!isRecord(to)) return [event, { event, target: to, local: false }];
      checkKeys(`transition "${event}" of state "${state}"`, to, TRANSITION_KEYS, report);
      const { target, action, local = false } = to;
      const named = action === undefined ? {} : { action };
      if (target === undefined) return [event, { event, target: state, ...named, local, internal: true }];
      return [event, { event, target, ...named, local }];
    }),
  );
}

/** Puts a hook's method where it belongs; a place that does not exist or is taken is a problem. */
function attach(
  { kind, state: name, event, method }: HookMetadata,
  states: ReadonlyMap<string, Mutable<State>>,
  bind: (name: string, method: string) => string,
  report: (rule: string, message: string) => void,
): void {
  const state = states.get(name);
  if (!state) {
    return report('missing-state', `method "${method}" is an ${kind} hook of state "${name}", which does not exist`);
  }
  if (kind === 'transition') {
    const transitions = state.transitions as Record<string, Transition>;
    const transition = Object.hasOwn(transitions, event ?? '') ? transitions[event ?? ''] : undefined;
    if (!transition)
      return report('missing-event', `method "${method}" hooks event "${event}", which state "${name}" does not have`);
    if (transition.action !== undefined)
      return report('duplicate-hook', `event "${event}" of state "${name}" has two actions; "${method}" is one`);
    transitions[transition.event] = { ...transition, action: bind(generatedName.on(name, transition.event), method) };
    return;
  }
  const field = kind === 'entry' ? 'entryAction' : 'exitAction';
  if (state[field] !== undefined) return report('duplicate-hook', `state "${name}" has two ${kind} hooks; "${method}" is one`);
  state[field] = bind(generatedName[kind](name), method);
}

function toRecord<T>(entries: Iterable<readonly [string, T]>): Record<string, T> {
  const record = emptyRecord<T>();
  for (const [key, value] of entries) record[key] = value;
  return record;
}
