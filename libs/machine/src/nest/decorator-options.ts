import type { MachineOptions, WaitingOptions } from '../core/authored';

/** What `@StateMachine` takes. */
export interface StateMachineOptions extends MachineOptions {
  readonly name: string;
  /** Positive integer. @default 1 */
  readonly version?: number;
  /** Failed attempts of a step before it is exhausted. @default 5 */
  readonly maxRetries?: number;
  /** Queue of its jobs. @default 'machines' */
  readonly queue?: string;
}

/**
 * Where an event leads: the name of a state, or `{ target, action, local }`. Without a target the state is not left: only the action
 * runs, named here or given with `@OnTransition`, and the state's timers go on.
 */
export type On = Readonly<Record<string, string | TargetOptions | InternalOptions>>;

interface TargetOptions {
  readonly target: string;
  readonly action?: string;
  readonly local?: boolean;
}

interface InternalOptions {
  readonly target?: undefined;
  readonly action?: string;
  readonly local?: undefined;
}

/** What `@State` takes. */
export interface StateOptions extends WaitingOptions {
  /** @default the method's name */
  readonly name?: string;
  readonly initial?: boolean;
  readonly final?: boolean;
  readonly on?: On;
}
