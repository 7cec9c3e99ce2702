import type { BoundDefinition } from '../core/bound-definition';
import { PSEUDO_INIT, type State, type Transition } from '../core/definition';
import { LocalChainError, UnknownEventError } from '../core/errors';
import { toJson } from '../core/json';
import type { Context } from '../core/step';
import { findTransition, legalEvents } from '../core/transition';
import { StepView, type StepScope } from './step-view';

/** More `local` transitions than this in one step are a loop (rule K6). */
export const LOCAL_CHAIN_LIMIT = 100;

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
    }
  | {
      readonly kind: 'threw';
      readonly error: unknown;
      /** The state being entered; none when the record's own (state, event) leads nowhere. */
      readonly at?: State;
    };

/**
 * Runs the actions of one step: exit → transition → entry → do, and again for each `local` transition that follows.
 * The context is a draft: whoever throws leaves the stored one as it was.
 *
 * @param draft the stored context, parsed anew for this attempt
 */
export async function runStep(bound: BoundDefinition, scope: StepScope, draft: Context): Promise<StepOutcome> {
  const { definition, actions } = bound;
  const { claim } = scope;
  let from = claim.state;
  let event = claim.event;
  let at: State | undefined;
  try {
    for (let chained = 0; ; chained++) {
      if (chained > LOCAL_CHAIN_LIMIT) throw new LocalChainError(from, LOCAL_CHAIN_LIMIT);
      const transition: Transition | undefined = findTransition(definition, from, event);
      if (!transition) throw new UnknownEventError(from, event, legalEvents(definition, from));
      const to: State | undefined = definition.states[transition.target];
      if (!to) throw new UnknownEventError(from, event, legalEvents(definition, from));
      at = to;
      const left = from === PSEUDO_INIT ? undefined : definition.states[from];
      const run = async (action: string | undefined): Promise<unknown> => {
        if (action === undefined) return undefined;
        scope.signal().throwIfAborted(); // L5: nothing more is begun once the lease is lost
        const handler = actions.get(action);
        if (!handler) throw new Error(`action "${action}" is not bound`);
        const maxRetries = to.retry?.maxRetries ?? claim.maxRetries;
        return handler(draft, new StepView(scope, { name: event }, from, to.name, maxRetries, action));
      };
      scope.delayMs = 0;
      if (left?.exitAction !== undefined) await run(left.exitAction);
      if (transition.action !== undefined) await run(transition.action);
      if (to.entryAction !== undefined) await run(to.entryAction);
      const returned = to.doAction === undefined ? undefined : await run(to.doAction);
      if (to.final) {
        if (to.exitAction !== undefined) await run(to.exitAction);
        return { kind: 'done', state: to, ledBy: event, context: toJson(draft), delayMs: 0 };
      }
      if (returned === undefined || returned === null || returned === '') {
        return { kind: 'done', state: to, ledBy: event, context: toJson(draft), delayMs: 0 };
      }
      const next = typeof returned === 'string' ? findTransition(definition, to.name, returned) : undefined;
      if (!next) {
        // No String(): an object need not have a text.
        const event = typeof returned === 'string' ? returned : `(${typeof returned}, not a string)`;
        throw new UnknownEventError(to.name, event, legalEvents(definition, to.name));
      }
      if (!next.local || scope.delayMs > 0) {
        const { delayMs } = scope;
        return { kind: 'done', state: to, event: next.event, ledBy: event, context: toJson(draft), delayMs };
      }
      from = to.name;
      event = next.event;
    }
  } catch (error) {
    return { kind: 'threw', error, at };
  }
}
