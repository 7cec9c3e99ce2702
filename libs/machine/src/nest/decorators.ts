import 'reflect-metadata';
import { Injectable } from '@nestjs/common';
import type { ActionClass, ActionResult, Step } from '../core/step';
import type { StateMachineOptions, StateOptions } from './decorator-options';
import { ACTION, HOOKS, STATE_MACHINE, STATES, type HookMetadata, type StateMetadata } from './metadata';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a class with any constructor: what Nest's injector takes
type Class<T> = new (...args: any[]) => T;

/** A method whose context has a type of its own, with required fields or not: what is stored is the user's own doing. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- any context type is as good as another
type ActionMethod = (context: any, step: Step) => ActionResult | Promise<ActionResult>;

/**
 * A class whose methods are the states of a machine. It is an ordinary provider: list it in a module's `providers`, and have what it
 * needs injected.
 *
 * ```ts
 * @StateMachine({ name: 'order' })
 * class OrderMachine {
 *   @State({ initial: true, on: { charged: 'done' } })
 *   async charge(context: Order, step: Step) { return 'charged'; }
 *   @State({ final: true })
 *   done() {}
 * }
 * ```
 */
export function StateMachine(options: StateMachineOptions) {
  return <T extends Class<object>>(target: T): T => {
    Reflect.defineMetadata(STATE_MACHINE, options, target);
    Injectable()(target);
    return target;
  };
}

/** The `do` action of a state. What it returns is the next event; nothing waits for one. */
export function State(options: StateOptions = {}) {
  return <F extends ActionMethod>(prototype: object, method: string, _descriptor: TypedPropertyDescriptor<F>): void => {
    const inherited = listOf<StateMetadata>(STATES, prototype).filter((state) => state.method !== method); // overridden
    write(STATES, prototype, [...inherited, { name: options.name ?? method, method, options }]);
  };
}

/** Runs whenever `state` is entered, before its `do`. */
export function OnEntry(state: string) {
  return hook({ kind: 'entry', state });
}

/** Runs whenever `state` is left, before the transition's action; of a final state, as the machine's last action. */
export function OnExit(state: string) {
  return hook({ kind: 'exit', state });
}

/** Runs when `event` leads out of `state`, between exit and entry. */
export function OnTransition(state: string, event: string) {
  return hook({ kind: 'transition', state, event });
}

/**
 * Registers a class with `execute(context, step)` under the name that definitions use.
 *
 * Returns the class, so that it can be called without decorator syntax: `exports.Up = Action('up')(class { execute() {} })`.
 */
export function Action(name: string) {
  return <T extends Class<ActionClass>>(target: T): T => {
    Reflect.defineMetadata(ACTION, name, target);
    Injectable()(target);
    return target;
  };
}

function hook(at: Omit<HookMetadata, 'method'>) {
  return <F extends ActionMethod>(prototype: object, method: string, _descriptor: TypedPropertyDescriptor<F>): void =>
    write(HOOKS, prototype, [...listOf<HookMetadata>(HOOKS, prototype), { ...at, method }]);
}

function listOf<T>(key: symbol, prototype: object): readonly T[] {
  return (Reflect.getMetadata(key, prototype.constructor) ?? []) as readonly T[];
}

/** A list of its own for each class: a subclass has its parent's states and hooks, and adds to a copy. */
function write(key: symbol, prototype: object, items: readonly unknown[]): void {
  Reflect.defineMetadata(key, items, prototype.constructor);
}
