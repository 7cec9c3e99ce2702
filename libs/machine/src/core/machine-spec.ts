import type { MachineOptions, WaitingOptions } from './authored';
import type { Context, Step } from './step';

/**
 * The types of {@link defineMachine}. They make a slip in a state's or an event's name a compile error: `initial`, `onCancel` and
 * targets must be states, `onExhausted` and the events of `after` must be events of their state, and so must every event that a
 * `do` function is seen to return. A `do` that is only known to return some `string` is let through; the engine tells.
 */
export interface MachineSpec<S> extends Omit<MachineOptions, 'onCancel'> {
  readonly name: string;
  /** Positive integer; raise it when machines that are under way could not go on in the new one. @default 1 */
  readonly version?: number;
  /** Failed attempts allowed at each step, 0 … 1000. @default 5 */
  readonly maxRetries?: number;
  /** @default 'machines' */
  readonly queue?: string;
  /** The state that cleans up when the machine is cancelled gracefully. @default it is cancelled at once */
  readonly onCancel?: keyof NoInfer<S> & string;
  readonly initial: keyof NoInfer<S> & string;
  readonly states: S & { readonly [K in keyof S]: StateSpec<S[K], keyof S & string> & Checked<S[K]> };
}

/**
 * @typeParam T the state as it was written
 * @typeParam Names the names of all states
 */
export interface StateSpec<T, Names> extends WaitingOptions {
  /** The machine ends here, after the state's actions. @default false */
  readonly final?: boolean;
  /** Run on entering the state, after `entry`; returns the next event, or nothing to wait for one. */
  readonly do?: Action<Returned<T>>;
  readonly entry?: Action;
  readonly exit?: Action;
  /** Where each event leads. */
  readonly on?: { readonly [event: string]: Names | TransitionSpec<Names> | InternalSpec };
}

export interface TransitionSpec<Names> {
  readonly target: Names;
  /** Run between the exit of one state and the entry of the other. */
  readonly action?: Action;
  /** Chained inside the same step instead of being committed as a step of its own. @default false */
  readonly local?: boolean;
}

/** The state is not left: only the action runs, the state's timers go on. */
export interface InternalSpec {
  readonly target?: undefined;
  readonly action: Action;
  readonly local?: undefined;
}

/**
 * Code, or the name of a registered action. A method's parameters are bivariant: the context can be annotated with the user's own
 * type, `async (context: Order, step) => …`, which is all it takes to have it typed.
 */
export type Action<R = unknown> = string | { run(context: Context, step: Step): R }['run'];

type Name = '' | (string & {});
/**
 * What a `do` function may return, as the compiler sees it while it infers: it keeps `'reserved'` a literal, where it would widen it
 * to `string`, only if the expected type holds a literal, and for an async function only if that type is a promise to the last
 * member. A function may be either, so the type is a conditional one that cannot be resolved yet: its constraint, which is what
 * is looked at, satisfies both; once T is known it is `any`, and {@link Checked} does the checking.
 */
type Returned<T> = [T] extends [{ readonly never: true }]
  ? Promise<Name> | (string & Promise<Name>)
  : // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the one type that a conditional type's constraint leaves out
    any;

type EventsOf<T> = T extends { readonly on: infer O } ? keyof O & string : never;
type ReturnedBy<T> = T extends { readonly do: (...args: never[]) => infer R } ? Awaited<R> : never;
type WrongReturns<T> = string extends ReturnedBy<T> ? never : Exclude<ReturnedBy<T>, EventsOf<T> | '' | void | null | undefined>;

/** Nothing where all is well; else a type that what was written does not fit. */
export type Checked<T> = ([WrongReturns<T>] extends [never]
  ? unknown
  : { readonly do: (context: never, step: never) => EventsOf<T> }) &
  (T extends { readonly onExhausted: infer E }
    ? E extends EventsOf<T>
      ? unknown
      : { readonly onExhausted: EventsOf<T> }
    : unknown) &
  (T extends { readonly after: infer A }
    ? A[keyof A] extends EventsOf<T>
      ? unknown
      : { readonly after: { readonly [duration: string]: EventsOf<T> } }
    : unknown) &
  (T extends { readonly events: infer E }
    ? [keyof E & EventsOf<T>] extends [never]
      ? unknown
      : { readonly events: { readonly [event in EventsOf<T>]?: never } }
    : unknown) & {
    readonly [K in Exclude<keyof T, keyof StateSpec<T, never>>]: never;
  };
