import { createHash } from 'node:crypto';
import type { FailureKind } from '../core/failure-kind';

/** 16 hexadecimal digits, the same for the same kind in every worker and after every restart. */
export function groupId({ machine, version, state, code, message }: FailureKind): string {
  const text = JSON.stringify([machine, version, state, code, message]);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** What scripts keep of a group: state, code and message, a line each. None of the first two has a line end. */
export function groupText({ state, code, message }: FailureKind): string {
  return `${state}\n${code}\n${message}`;
}

export function readGroupText(text: string): Pick<FailureKind, 'state' | 'code' | 'message'> {
  const [state = '', code = '', ...message] = text.split('\n');
  return { state, code, message: message.join('\n') };
}
