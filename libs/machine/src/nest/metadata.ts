import 'reflect-metadata';
import type { StateMachineOptions, StateOptions } from './decorator-options';

// Symbol.for: a module of the user's may have loaded another copy of this package.
export const STATE_MACHINE = Symbol.for('stile:state-machine');
export const STATES = Symbol.for('stile:states');
export const HOOKS = Symbol.for('stile:hooks');
export const ACTION = Symbol.for('stile:action');

export interface StateMetadata {
  readonly name: string;
  readonly method: string;
  readonly options: StateOptions;
}

export interface HookMetadata {
  readonly kind: 'entry' | 'exit' | 'transition';
  readonly state: string;
  /** For `transition`. */
  readonly event?: string;
  readonly method: string;
}

/** What the decorators wrote on a class. */
export interface StateMachineMetadata {
  readonly options: StateMachineOptions;
  readonly states: readonly StateMetadata[];
  readonly hooks: readonly HookMetadata[];
}

// eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- any class
type AnyClass = Function;

export function readStateMachine(target: AnyClass): StateMachineMetadata | undefined {
  const options = Reflect.getOwnMetadata(STATE_MACHINE, target) as StateMachineOptions | undefined;
  if (!options) return undefined;
  return {
    options,
    states: (Reflect.getMetadata(STATES, target) ?? []) as StateMetadata[],
    hooks: (Reflect.getMetadata(HOOKS, target) ?? []) as HookMetadata[],
  };
}

/** The name given to `@Action`. */
export function readAction(target: AnyClass): string | undefined {
  return Reflect.getOwnMetadata(ACTION, target) as string | undefined;
}
