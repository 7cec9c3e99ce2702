import type { RetryPolicy } from '../core/definition';

/** What `@StateMachine` takes. */
export interface StateMachineOptions {
  readonly name: string;
  /** Positive integer. @default 1 */
  readonly version?: number;
  /** Failed attempts of a step before it is exhausted. @default 5 */
  readonly maxRetries?: number;
  /** Queue of its jobs. @default 'machines' */
  readonly queue?: string;
  /** How long a finished machine is kept: ms, or e.g. `'7d'`. @default the deployment's */
  readonly retention?: number | string;
}

/** Where an event leads: the name of a state, or `{ target, local }`. */
export type On = Readonly<
  Record<string, string | { readonly target: string; readonly action?: string; readonly local?: boolean }>
>;

/** What `@State` takes. */
export interface StateOptions {
  /** @default the method's name */
  readonly name?: string;
  readonly initial?: boolean;
  readonly final?: boolean;
  readonly on?: On;
  readonly retry?: RetryPolicy;
  /** Event that the last failed attempt turns into, instead of failing the machine. */
  readonly onExhausted?: string;
}
