import { randomUUID } from 'node:crypto';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { audited, AuditLog, type AuditRecord, type AuditWho } from '@stile/machine';
import { countedAs } from '../access/caller';
import { problemOf } from '../problems/problem-of';
import { tellOf, type Facts } from './pick';
import { Refusals } from './refusals';

/** Injection token of an {@link AuditScope}. */
export const AUDIT_SCOPE = Symbol('AUDIT_SCOPE');

/** What is done, by whom, on what. */
export interface Act {
  readonly who: AuditWho;
  readonly act: string;
  readonly on: string;
  readonly details?: Facts;
  readonly before?: Facts;
}

/** Writes the audit log for the API. */
@Injectable()
export class Audit {
  private readonly log = new Logger('Audit');
  private readonly refusals = new Refusals();

  constructor(
    private readonly entries: AuditLog,
    @Inject(AUDIT_SCOPE) readonly scope: 'operators' | 'all',
  ) {}

  /** Does `work` with an entry before and one after it. @throws StoreUnavailableError, nothing done, when the first cannot be written */
  around<T>(act: Act, work: () => Promise<T>): Promise<T> {
    return audited(this.entries, { id: randomUUID(), ...act }, work, {
      after: tellOf,
      ofError: (error) => {
        const { status, code } = problemOf(error, '');
        return { phase: status >= 500 ? 'failed' : 'refused', code };
      },
      onLost: (error) => this.warn(act, error),
    });
  }

  /**
   * The same for somebody who is not known, such as the holder of a callback token, or one who signs in: a lone entry behind it. Each wrong
   * token would leave two otherwise, and whoever likes can send those.
   */
  async behind<T>(act: Act, work: () => Promise<T>): Promise<T> {
    let result: T;
    try {
      result = await work();
    } catch (error) {
      await this.refused(act, problemOf(error, '').code);
      throw error;
    }
    const after = tellOf(result);
    await this.record({ ...act, ...(after === undefined ? {} : { after }) });
    return result;
  }

  /** Something that was done, in one entry: for what is no request, such as a session that ended. Never rejects. */
  async record({ after, ...act }: Act & { readonly after?: Facts }): Promise<void> {
    await this.append({ id: randomUUID(), ...act, phase: 'done', ...(after === undefined ? {} : { after }) });
  }

  /**
   * An attempt that got nowhere, not even to the route. Bounded for each caller, and for all that are not known together: who is refused
   * must not be able to push others' acts out of the log. How many were left out stands in the next one that is written. Never rejects.
   */
  async refused(act: Act, code: string): Promise<void> {
    const leftOut = this.refusals.take(countedAs(act.who));
    if (leftOut === undefined) return;
    const details = leftOut === 0 ? act.details : { ...act.details, leftOut };
    await this.append({ id: randomUUID(), ...act, ...(details === undefined ? {} : { details }), phase: 'refused', code });
  }

  private append(record: AuditRecord): Promise<void> {
    return this.entries.append(record).catch((error: unknown) => this.warn(record, error));
  }

  private warn({ who, act, on }: Act, error: unknown): void {
    this.log.warn(`no entry could be written of "${act}" on ${on} by ${who.name}: ${String(error)}`);
  }
}
