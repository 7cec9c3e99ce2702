import type { Clock } from '@stile/lease';
import type { BoundDefinition } from '../core/bound-definition';
import { PSEUDO_INIT, type State, type Transition } from '../core/definition';
import { DeadlineError, LocalChainError, StepTimeoutError, UnknownEventError } from '../core/errors';
import { toJson } from '../core/json';
import type { Context, Json, StepEvent } from '../core/step';
import { findTransition, isForced, legalEvents } from '../core/transition';
import { StepView, type StepScope } from './step-view';
import { withTimeLimit } from './time-limit';

/** More `local` transitions than this in one step are a loop (rule K6). */
export const LOCAL_CHAIN_LIMIT = 100;

/** Longer than any action runs, and the longest time that a local timer can be set to. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** What a step's actions came to. Nothing is stored yet. */
export type StepOutcome =
  | {
      readonly kind: 'done';
      readonly state: State;
      /** The event that `do` returned; none when the machine waits or has ended. */
      readonly event?: string;
      /** The event that led to `state`. */
      readonly ledBy: string;
      readonly context: string;
      readonly delayMs: number;
      /** An internal transition: the state was not left. */
      readonly stayed: boolean;
    }
  | {
      readonly kind: 'threw';
      readonly error: unknown;
      /** The state being entered; none when the record's own (state, event) leads nowhere. */
      readonly at?: State;
    };

/** One transition of a step, and the data that its event came with. */
interface Hop {
  readonly from: string;
  readonly event: StepEvent;
  readonly transition: Transition;
  readonly to: State;
}

/**
 * Runs the actions of one step: exit → transition → entry → do, and again for each `local` transition that follows.
 * The context is a draft: whoever throws leaves the stored one as it was.
 *
 * @param draft the stored context, parsed anew for this attempt
 * @param clock for the time limits of states
 */
export async function runStep(bound: BoundDefinition, scope: StepScope, draft: Context, clock: Clock): Promise<StepOutcome> {
  const { definition } = bound;
  const { claim } = scope;
  let from = claim.state;
  let event: StepEvent = eventOf(claim.event, claim.data);
  let at: State | undefined;
  const done = (to: State, stayed: boolean, next?: string): StepOutcome => {
    const { delayMs } = scope;
    const led = { kind: 'done', state: to, ledBy: event.name, context: toJson(draft, scope.contextBytes), stayed } as const;
    return next === undefined ? { ...led, delayMs: 0 } : { ...led, event: next, delayMs };
  };
  try {
    for (let chained = 0; ; chained++) {
      if (chained > LOCAL_CHAIN_LIMIT) throw new LocalChainError(from, LOCAL_CHAIN_LIMIT);
      const transition = findTransition(definition, from, event.name);
      const to = transition && definition.states[transition.target];
      if (!to) throw new UnknownEventError(from, event.name, legalEvents(definition, from));
      at = to;
      scope.delayMs = 0;
      const returned = await runHop(bound, scope, draft, clock, { from, event, transition, to });
      if (transition.internal) return done(to, true);
      if (to.final || returned === undefined || returned === null || returned === '') return done(to, false);
      const next = typeof returned === 'string' ? findTransition(definition, to.name, returned) : undefined;
      if (!next || isForced(next.event)) {
        // No String(): an object need not have a text.
        const name = typeof returned === 'string' ? returned : `(${typeof returned}, not a string)`;
        throw new UnknownEventError(to.name, name, legalEvents(definition, to.name));
      }
      if (!next.local || scope.delayMs > 0) return done(to, false, next.event);
      from = to.name;
      event = { name: next.event };
    }
  } catch (error) {
    return { kind: 'threw', error, at };
  }
}

/** The actions of one transition, within the state's time. @returns what `do` returned */
function runHop(bound: BoundDefinition, scope: StepScope, draft: Context, clock: Clock, hop: Hop): Promise<unknown> {
  const limit = limitOf(scope, hop.to);
  if (!limit) return runActions(bound, scope, draft, hop, scope.signal);
  return withTimeLimit(clock, limit, scope.signal, (signal) => runActions(bound, scope, draft, hop, signal));
}

async function runActions(
  { definition, actions }: BoundDefinition,
  scope: StepScope,
  draft: Context,
  { from, event, transition, to }: Hop,
  signal: () => AbortSignal,
): Promise<unknown> {
  const run = async (action: string | undefined): Promise<unknown> => {
    if (action === undefined) return undefined;
    signal().throwIfAborted(); // L5: nothing more is begun once the lease is lost, or the time over
    const handler = actions.get(action);
    if (!handler) throw new Error(`action "${action}" is not bound`);
    const maxRetries = to.retry?.maxRetries ?? definition.retry?.maxRetries ?? scope.claim.maxRetries;
    return handler(draft, new StepView(scope, { event, from, to: to.name, maxRetries, action, signal }));
  };
  if (transition.internal) {
    await run(transition.action);
    return undefined;
  }
  const left = from === PSEUDO_INIT || isForced(event.name) ? undefined : definition.states[from];
  if (left?.exitAction !== undefined) await run(left.exitAction);
  if (transition.action !== undefined) await run(transition.action);
  if (to.entryAction !== undefined) await run(to.entryAction);
  const returned = to.doAction === undefined ? undefined : await run(to.doAction);
  if (to.final && to.exitAction !== undefined) await run(to.exitAction);
  return returned;
}

/** The sooner of the state's time and what is left until a deadline that fails the machine. */
function limitOf({ claim }: StepScope, to: State): { ms: number; error: () => Error } | undefined {
  const { deadlineAt, lateEvent, now } = claim;
  const left = deadlineAt === undefined || lateEvent !== undefined ? Infinity : Math.max(0, deadlineAt - now);
  const { timeoutMs = Infinity } = to;
  if (Math.min(left, timeoutMs) > MAX_TIMER_MS) return undefined;
  if (left <= timeoutMs) return { ms: left, error: () => new DeadlineError() };
  return { ms: timeoutMs, error: () => new StepTimeoutError(to.name, timeoutMs) };
}

function eventOf(name: string, data: string | undefined): StepEvent {
  return data === undefined ? { name } : { name, data: JSON.parse(data) as Json };
}
