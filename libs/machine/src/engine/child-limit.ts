import { TooManyChildrenError } from '../core/limit-errors';
import type { Claim, Effects } from '../core/ports';
import type { Outbox } from './engine-parts';
import type { StepOutcome } from './run-step';

/**
 * What a step comes to whose machine may not have so many children. Only a machine that may have some already is looked at: nobody but
 * the holder of its claim gives it more, so the number stands until the commit.
 */
export async function withinChildren(
  outcome: StepOutcome,
  claim: Claim,
  effects: Effects | undefined,
  outbox: Pick<Outbox, 'asked'>,
  limit: number,
): Promise<StepOutcome> {
  if (outcome.kind === 'threw' || !effects || effects.groups.length === 0) return outcome;
  const added = effects.groups.reduce((sum, { children }) => sum + children.length, 0);
  try {
    const before = claim.more && added <= limit ? ((await outbox.asked?.(claim.correlationId)) ?? 0) : 0;
    if (before + added <= limit) return outcome;
    return { kind: 'threw', error: new TooManyChildrenError(before + added, limit), at: outcome.state };
  } catch (error) {
    return { kind: 'threw', error, at: outcome.state };
  }
}
