import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { readClientConfig } from '@stile/config';
import type { AuditAct, AuditLog, AuditOutcome, AuditWho } from '@stile/machine';
import { PlainError } from './plain-error';

/**
 * Around what a command does in Redis itself, past the API: an entry before it, without which nothing is done, and one after it. Names are
 * what the system says of who is at the keyboard; whoever has Redis' password could write another one, or none.
 *
 * @throws StoreUnavailableError when the first entry could not be written; else whatever `work` throws
 */
export async function auditedCommand<T>(
  log: AuditLog,
  act: Pick<AuditAct, 'act' | 'on' | 'details'>,
  work: () => Promise<T>,
  after?: AuditOutcome<T>['after'],
): Promise<T> {
  const { audited, outcomeOf } = await import('@stile/machine'); // only now: see read-machines.ts
  return audited(log, { ...act, ...newAct() }, work, {
    after,
    ofError: (error) => (error instanceof PlainError || error instanceof RangeError ? { phase: 'refused' } : outcomeOf(error)),
    onLost: (error) => process.stderr.write(`done, but the audit log could not be told so: ${String(error)}\n`),
  });
}

/** A new act of who is at the keyboard. */
export function newAct(): { readonly id: string; readonly who: AuditWho } {
  const { user = 'unknown' } = readClientConfig();
  return { id: randomUUID(), who: { name: user, role: 'admin', via: 'command', address: hostname() } };
}
