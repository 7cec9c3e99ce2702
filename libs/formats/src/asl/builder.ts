import { formatDuration, type Definition, type StateDefinition } from '@stile/machine';
import { AslNames } from './names';
import { retriers, type AslRetrier } from './retry';
import { seconds } from './seconds';

/** The kinds of ASL states that are used here. */
export type AslState = AslTask | AslChoice | AslWait | AslPass | AslSucceed | AslFail;

export interface AslTask {
  readonly Type: 'Task';
  readonly Resource: string;
  readonly Parameters: Readonly<Record<string, unknown>>;
  readonly TimeoutSeconds?: number;
  readonly Retry?: readonly AslRetrier[];
  readonly Catch?: readonly { readonly ErrorEquals: readonly string[]; readonly ResultPath: string; readonly Next: string }[];
  readonly Next: string;
}

export interface AslChoice {
  readonly Type: 'Choice';
  readonly Choices: readonly AslRule[];
  readonly Default: string;
}

export interface AslRule {
  readonly Variable: string;
  readonly IsPresent?: boolean;
  readonly StringEquals?: string;
  readonly Next: string;
}

export interface AslWait {
  readonly Type: 'Wait';
  readonly Seconds: number;
  readonly Next: string;
}

/** Sets the event that a timer or the last failed attempt brings. */
export interface AslPass {
  readonly Type: 'Pass';
  readonly Result: string;
  readonly ResultPath: string;
  readonly Next: string;
}

export interface AslSucceed {
  readonly Type: 'Succeed';
}

export interface AslFail {
  readonly Type: 'Fail';
  readonly Error: string;
  readonly Cause: string;
}

export interface Built {
  readonly start: string;
  readonly states: Readonly<Record<string, AslState>>;
  /** States of the definition that the start leads to. */
  readonly reached: ReadonlySet<string>;
  readonly cut: readonly string[];
}

const EVENT = '$.event';
const UNKNOWN_EVENT: AslFail = {
  Type: 'Fail',
  Error: 'UNKNOWN_EVENT',
  Cause: 'The state answered with an event that it has no transition for',
};
const NO_EVENT: AslFail = {
  Type: 'Fail',
  Error: 'NO_EVENT',
  Cause: 'The state waits for an event from outside, which an execution cannot take',
};

/** Builds the states that the initial one leads to, and no others: ASL refuses what cannot be reached. */
export class AslBuilder {
  private readonly names = new AslNames();
  private readonly states = new Map<string, AslState>();
  private readonly reached: Set<string>;

  constructor(
    private readonly definition: Definition,
    private readonly resource: (state: string) => string,
  ) {
    this.reached = new Set([definition.initial]);
  }

  build(): Built {
    for (const name of Object.keys(this.definition.states)) this.names.of(name); // first: they keep their names
    for (const name of this.reached) this.add(this.stateOf(name)); // a Set yields what is added on the way
    return {
      start: this.names.of(this.definition.initial),
      states: Object.fromEntries(this.states), // own properties, `__proto__` among them
      reached: this.reached,
      cut: this.names.cut,
    };
  }

  private add(state: StateDefinition): void {
    const { name, final, entryAction, doAction, exitAction } = state;
    if (final) return this.addFinal(state, present(entryAction, doAction, exitAction));
    const Retry = retriers(this.definition, state);
    this.put(name, {
      ...this.task(state, present(entryAction, doAction)),
      ...(Retry.length > 0 ? { Retry } : {}),
      ...this.caught(state),
      Next: this.names.of(`${name} next`),
    });
    this.put(`${name} next`, {
      Type: 'Choice',
      Choices: [
        { Variable: EVENT, IsPresent: false, Next: this.waiting(state, 0) },
        ...Object.keys(state.transitions).map((event) => ({
          Variable: EVENT,
          StringEquals: event,
          Next: this.taken(state, event, 0),
        })),
      ],
      Default: this.put('unknown event', UNKNOWN_EVENT),
    });
  }

  private addFinal(state: StateDefinition, actions: readonly string[]): void {
    const { name } = state;
    if (actions.length === 0) return void this.put(name, { Type: 'Succeed' });
    const Retry = retriers(this.definition, state);
    const Next = this.put(`${name} done`, { Type: 'Succeed' });
    this.put(name, { ...this.task(state, actions), ...(Retry.length > 0 ? { Retry } : {}), Next });
  }

  /** The last failed attempt becomes an event. Without `onExhausted` the execution fails with the error itself. */
  private caught(state: StateDefinition): Pick<AslTask, 'Catch'> {
    const { name, onExhausted } = state;
    if (onExhausted === undefined) return {};
    const Next = this.brought(`${name} exhausted`, onExhausted, () => this.taken(state, onExhausted, 0));
    return { Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next }] };
  }

  /**
   * What comes when a state waits and its timers up to `from` have passed.
   *
   * @param from index of the timer that is next
   */
  private waiting(state: StateDefinition, from: number): string {
    const { name, after = [] } = state;
    const timer = after[from];
    if (!timer) return this.put('no event', NO_EVENT);
    const passed = seconds(timer.afterMs) - (from === 0 ? 0 : seconds(after[from - 1]?.afterMs ?? 0));
    const label = `${name} after ${formatDuration(timer.afterMs)}`;
    return this.once(`${name} waits${from === 0 ? '' : ` ${from + 1}`}`, () => ({
      Type: 'Wait',
      Seconds: passed,
      Next: this.brought(label, timer.event, () => this.taken(state, timer.event, from + 1)),
    }));
  }

  /** What comes when a state takes an event: what is run on leaving it, then the target. An internal transition waits on. */
  private taken(state: StateDefinition, event: string, timer: number): string {
    const { name, exitAction, transitions } = state;
    const transition = Object.hasOwn(transitions, event) ? transitions[event] : undefined;
    if (!transition) return this.put('unknown event', UNKNOWN_EVENT);
    const { target, action, internal } = transition;
    const actions = internal ? present(action) : present(exitAction, action);
    const next = (): string => (internal ? this.waiting(state, timer) : this.led(target));
    if (actions.length === 0) return next();
    // The timers that are still to come differ: so does the Task of an internal transition.
    const label = `${name} on ${event}${internal && timer > 0 ? ` ${timer}` : ''}`;
    return this.once(label, () => ({ ...this.task(state, actions), Next: next() }));
  }

  private led(target: string): string {
    this.reached.add(this.stateOf(target).name);
    return this.names.of(target);
  }

  private brought(label: string, event: string, next: () => string): string {
    return this.once(label, () => ({ Type: 'Pass', Result: event, ResultPath: EVENT, Next: next() }));
  }

  private task(state: StateDefinition, actions: readonly string[]): Omit<AslTask, 'Next'> {
    const { name, timeoutMs } = state;
    return {
      Type: 'Task',
      Resource: this.resource(name),
      Parameters: { machine: this.definition.name, state: name, actions, 'input.$': '$' },
      ...(timeoutMs === undefined ? {} : { TimeoutSeconds: seconds(timeoutMs) }),
    };
  }

  private stateOf(name: string): StateDefinition {
    const { states } = this.definition;
    const state = Object.hasOwn(states, name) ? states[name] : undefined;
    if (!state) throw new TypeError(`machine "${this.definition.name}" has no state "${name}"; validate the definition first`);
    return state;
  }

  private put(label: string, state: AslState): string {
    return this.once(label, () => state);
  }

  private once(label: string, make: () => AslState): string {
    const name = this.names.of(label);
    if (!this.states.has(name)) this.states.set(name, make());
    return name;
  }
}

function present(...actions: readonly (string | undefined)[]): string[] {
  return actions.filter((action) => action !== undefined);
}
