import type { State } from '../core/definition';
import type { HistoryItem, StepError } from '../core/model';
import type { Claim, Next, Rest } from '../core/ports';
import type { StepOutcome } from './run-step';

/** What a step that has come to its end leads to. */
export function nextOf(outcome: StepOutcome & { kind: 'done' }, immediate: () => Next): Next {
  if (outcome.state.final && !outcome.stayed) return 'completed';
  if (outcome.event === undefined) return 'waiting';
  return outcome.delayMs > 0 ? 'delayed' : immediate();
}

/** How a machine waits in a state: what it takes, drops and refuses, and its timers. */
export function restIn(state: State, stayed: boolean, goOn: boolean): Rest {
  const takes = new Map<string, 'take' | 'ignore' | 'reject'>();
  for (const event of Object.keys(state.transitions)) takes.set(event, 'take');
  for (const [event, policy] of Object.entries(state.events ?? {})) if (policy !== 'defer') takes.set(event, policy);
  return { takes, timers: state.after ?? [], stayed, goOn };
}

/** One per attempt. The last attempt of an exhausted step is `committed`, and keeps the error it was committed for. */
export function historyItem(
  { steps, retries, fence, state, event, now }: Claim,
  outcome: 'committed' | 'failed',
  to: string,
  attempt: { readonly durationMs: number; readonly worker: string; readonly error: StepError | null },
): HistoryItem {
  const { durationMs, worker, error } = attempt;
  const startedAt = new Date(now).toISOString();
  return { steps, retries, fence, from: state, event, to, outcome, error, startedAt, durationMs: round(durationMs), worker };
}

function round(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
