import { createHash } from 'node:crypto';
import { failureKind, type FailureKind } from '../core/failure-kind';
import { noSeal, type Seal } from '../core/payload-cipher';
import type { Claim, Failure } from '../core/ports';
import { SealedError } from '../core/sealed-error';

/** What the groups of a tenant are sealed as. */
export const FAILURES = 'failures';

/**
 * Id and text of the group that a machine comes into that fails for good.
 *
 * @param seal of the tenant's groups. Where it is on, the id is told by the tenant's key, too: a message could be guessed from it else
 */
export function groupOf(claim: Claim, { error, item }: Failure, seal: Seal): [id: string, text: string] {
  const kind = failureKind(claim, item.to, error);
  return [groupId(kind, seal), groupText(kind, seal)];
}

/** 16 hexadecimal digits, the same for the same kind in every worker and after every restart. */
export function groupId({ machine, version, state, code, message }: FailureKind, seal: Seal = noSeal): string {
  const text = JSON.stringify([machine, version, state, code, message]);
  return createHash('sha256').update(seal.digest(text)).digest('hex').slice(0, 16);
}

/** What scripts keep of a group: state, code and message, a line each. None of the first two has a line end. */
function groupText({ state, code, message }: FailureKind, seal: Seal): string {
  return `${state}\n${code}\n${seal.seal(message, 'message')}`;
}

export function readGroupText(text: string, seal: Seal): Pick<FailureKind, 'state' | 'code' | 'message'> {
  const [state = '', code = '', ...message] = text.split('\n');
  return { state, code, message: shown(message.join('\n'), seal) };
}

function shown(message: string, seal: Seal): string {
  try {
    return seal.open(message, 'message');
  } catch (error) {
    if (error instanceof SealedError) return `(${error.message})`;
    throw error;
  }
}
