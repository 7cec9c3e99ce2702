import { DEFAULT_MAX_RETRIES, DEFAULT_QUEUE, type State, type Transition } from './definition';
import { parseDuration } from './duration';
import { DefinitionError, type Problem } from './errors';
import type { MachineSpec, StateSpec, TransitionSpec } from './machine-spec';
import type { MachineSource } from './machine-source';
import { emptyRecord, generatedName, quote } from './names';
import type { ActionHandler } from './step';
import { hint } from './suggest';
import { validateDefinition } from './validate';

type AnyState = StateSpec<unknown, string>;
type AnySpec = Omit<MachineSpec<object>, 'initial' | 'states'> & {
  initial: string;
  states: Record<string, AnyState>;
};

const MACHINE_KEYS = ['name', 'version', 'maxRetries', 'queue', 'retention', 'initial', 'states'];
const STATE_KEYS = ['final', 'do', 'entry', 'exit', 'on', 'retry', 'onExhausted'];
const TRANSITION_KEYS = ['target', 'action', 'local'];
const RETRY_KEYS = ['maxRetries', 'baseMs', 'capMs'];

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
    else this.checkKeys('machine', spec, MACHINE_KEYS);
  }

  build(): MachineSource {
    const { name, version = 1, maxRetries = DEFAULT_MAX_RETRIES, queue = DEFAULT_QUEUE, initial = '', states } = this.spec ?? {};
    const retentionMs = this.retention();
    const definition = {
      name,
      version,
      maxRetries,
      queue,
      ...(retentionMs === undefined ? {} : { retentionMs }),
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
    this.checkKeys(`state "${name}"`, spec, STATE_KEYS);
    const { final = false, entry, exit, on = {}, retry, onExhausted } = spec;
    if (isRecord(retry)) this.checkKeys(`retry of state "${name}"`, retry, RETRY_KEYS);
    return {
      name,
      final,
      ...this.action('entryAction', entry, generatedName.entry(name)),
      ...this.action('doAction', spec.do, generatedName.do(name)),
      ...this.action('exitAction', exit, generatedName.exit(name)),
      transitions: isRecord(on) ? mapRecord(on, (to, event) => this.transition(name, event, to)) : on,
      ...(retry === undefined ? {} : { retry }),
      ...(onExhausted === undefined ? {} : { onExhausted }),
    };
  }

  private transition(state: string, event: string, to: string | TransitionSpec<string>): Transition {
    const spec = isRecord(to) ? to : { target: to };
    this.checkKeys(`transition "${event}" of state "${state}"`, spec, TRANSITION_KEYS);
    const { target, action, local = false } = spec;
    return { event, target, ...this.action('action', action, generatedName.on(state, event)), local };
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

  private retention(): number | undefined {
    const { retention } = this.spec ?? {};
    if (typeof retention !== 'string') return retention;
    const ms = parseDuration(retention);
    if (ms === undefined) this.refuse('bad-number', `retention is ${quote(retention)}; give ms, or a duration such as '7d'`);
    return ms;
  }

  /** For plain JavaScript, and for what the compiler lets through. */
  private checkKeys(what: string, value: object, known: readonly string[]): void {
    for (const key of Object.keys(value)) {
      if (!known.includes(key)) this.refuse('unknown-key', `${what} has no field "${key}"; ${hint(key, known)}`);
    }
  }

  private refuse(rule: string, message: string): void {
    this.problems.push({ severity: 'error', rule, message, where: this.origin });
  }
}

function isRecord<T>(value: T): value is T & object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mapRecord<A, B>(record: { readonly [key: string]: A }, map: (value: A, key: string) => B): Record<string, B> {
  const result = emptyRecord<B>();
  for (const [key, value] of Object.entries(record)) result[key] = map(value, key);
  return result;
}
