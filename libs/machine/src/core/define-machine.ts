import { checkKeys, isRecord, MACHINE_OPTION_KEYS, machineExtras, stateExtras } from './authored';
import { DEFAULT_MAX_RETRIES, DEFAULT_QUEUE, type State, type Transition } from './definition';
import { DefinitionError, type Problem } from './errors';
import type { InternalSpec, MachineSpec, StateSpec, TransitionSpec } from './machine-spec';
import type { MachineSource } from './machine-source';
import { emptyRecord, generatedName, quote } from './names';
import type { ActionHandler } from './step';
import { validateDefinition } from './validate';

type AnyState = StateSpec<unknown, string>;
type AnySpec = Omit<MachineSpec<object>, 'initial' | 'states'> & {
  initial: string;
  states: Record<string, AnyState>;
};

export const MACHINE_KEYS: readonly string[] = [...MACHINE_OPTION_KEYS, 'initial', 'states'];
export const STATE_KEYS = ['final', 'do', 'entry', 'exit', 'on', 'retry', 'onExhausted', 'after', 'events', 'timeout'];
export const TRANSITION_KEYS = ['target', 'action', 'local'];

/**
 * A machine in code. Wrong names are compile errors, see {@link MachineSpec}; what the compiler did not see is found here.
 *
 * Actions are functions, or names of registered ones. A function gets a name of its own, which is part of its idempotency keys:
 * `<state>`, `<state>.entry`, `<state>.exit`, `<state>.on.<event>`.
 *
 * @example
 * defineMachine({
 *   name: 'order',
 *   initial: 'reserve',
 *   states: {
 *     reserve: { do: async (context: Order, step) => 'reserved', on: { reserved: 'done', failed: 'done' }, onExhausted: 'failed' },
 *     done: { final: true },
 *   },
 * });
 *
 * @throws DefinitionError with all errors
 */
export function defineMachine<const S extends { readonly [state: string]: object }>(spec: MachineSpec<S>): MachineSource {
  return new SourceBuilder(spec as unknown as AnySpec).build();
}

class SourceBuilder {
  private readonly origin: string;
  private readonly actions = new Map<string, ActionHandler>();
  /** Registered names that are used, and where. */
  private readonly registered = new Map<string, string>();
  private readonly problems: Problem[] = [];

  constructor(private readonly spec: AnySpec) {
    this.origin = `defineMachine(${isRecord(spec) && typeof spec.name === 'string' ? `'${spec.name}'` : ''})`;
    if (!isRecord(spec)) this.refuse('wrong-type', `the machine is ${quote(spec)}; give an object`);
    else checkKeys('machine', spec, MACHINE_KEYS, this.refuse);
  }

  build(): MachineSource {
    const { name, version = 1, maxRetries = DEFAULT_MAX_RETRIES, queue = DEFAULT_QUEUE, initial = '', states } = this.spec ?? {};
    const definition = {
      name,
      version,
      maxRetries,
      queue,
      ...machineExtras(this.spec ?? {}, this.refuse),
      initial,
      states: isRecord(states) ? mapRecord(states, (state, key) => this.state(key, state)) : states,
    };
    for (const [action, where] of this.registered) {
      if (!this.actions.has(action)) continue;
      this.refuse(
        'duplicate-action',
        `${where} names action "${action}", which is also what a function here is called; rename one`,
      );
    }
    const source: MachineSource = { definition, actions: this.actions, origin: this.origin };
    const errors = [...this.problems, ...validateDefinition(source)].filter(({ severity }) => severity === 'error');
    if (errors.length > 0) throw new DefinitionError(errors);
    return source;
  }

  /** What is no object goes through as it is: validation says so. */
  private state(name: string, spec: AnyState): State {
    if (!isRecord(spec)) return spec;
    checkKeys(`state "${name}"`, spec, STATE_KEYS, this.refuse);
    const { final = false, entry, exit, on = {} } = spec;
    return {
      name,
      final,
      ...this.action('entryAction', entry, generatedName.entry(name)),
      ...this.action('doAction', spec.do, generatedName.do(name)),
      ...this.action('exitAction', exit, generatedName.exit(name)),
      transitions: isRecord(on) ? mapRecord(on, (to, event) => this.transition(name, event, to)) : on,
      ...stateExtras(name, spec, this.refuse),
    };
  }

  private transition(state: string, event: string, to: string | TransitionSpec<string> | InternalSpec): Transition {
    const spec: { target?: string; action?: unknown; local?: boolean } = isRecord(to) ? to : { target: to };
    checkKeys(`transition "${event}" of state "${state}"`, spec, TRANSITION_KEYS, this.refuse);
    const internal = isRecord(to) && to.target === undefined;
    const { target = internal ? state : undefined, action, local = false } = spec;
    const named = this.action('action', action, generatedName.on(state, event));
    // What has no target and is no object goes through: validation says that it is missing.
    return { event, target: target!, ...named, local, ...(internal ? { internal } : {}) };
  }

  private action<F extends string>(field: F, action: unknown, generated: string): { [K in F]?: string } {
    if (action === undefined) return {};
    if (typeof action !== 'function') {
      if (typeof action === 'string') this.registered.set(action, `the place of "${generated}"`);
      return { [field]: action } as { [K in F]?: string };
    }
    if (this.actions.has(generated)) {
      this.refuse('duplicate-action', `two functions would both be called "${generated}"; rename a state or an event`);
    }
    this.actions.set(generated, action as ActionHandler);
    return { [field]: generated } as { [K in F]?: string };
  }

  private readonly refuse = (rule: string, message: string): void =>
    void this.problems.push({ severity: 'error', rule, message, where: this.origin });
}

function mapRecord<A, B>(record: { readonly [key: string]: A }, map: (value: A, key: string) => B): Record<string, B> {
  const result = emptyRecord<B>();
  for (const [key, value] of Object.entries(record)) result[key] = map(value, key);
  return result;
}
