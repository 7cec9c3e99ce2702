import { StileError, StoreUnavailableError } from './errors';
import type { Json } from './step';

/** Who acts. */
export interface AuditWho {
  readonly name: string;
  readonly role: string;
  /** How that is known: `key`, `token`, `session`, `open` (nobody was asked), `command` (typed where Redis can be reached). */
  readonly via: string;
  /** What his key begins with: several keys may have one name. */
  readonly key?: string;
  readonly tenant?: string;
  /** Where the connection came from. */
  readonly address?: string;
}

/**
 * `asked`: written before anything is done · `done` · `refused`: nothing was changed · `failed`: it may have been done in part, or not at all,
 * as where the store went away.
 */
export const AUDIT_PHASES = ['asked', 'done', 'refused', 'failed'] as const;
export type AuditPhase = (typeof AUDIT_PHASES)[number];

/** What somebody wants to do. No payloads: names, numbers and what an operator gave as a reason. */
export interface AuditAct {
  /** The same for all entries of one act. */
  readonly id: string;
  /** Such as `cancel`. */
  readonly act: string;
  /** Such as `machine acme.order-17`, `hold order@2`, `operation 0b1c…`. */
  readonly on: string;
  readonly who: AuditWho;
  /** What was asked: the filter, the mode, the names of the fields of an edit. */
  readonly details?: { readonly [field: string]: Json };
  /** As it was just before, where that can be read. Somebody else may have acted in between: revisions tell. */
  readonly before?: { readonly [field: string]: Json };
}

export interface AuditRecord extends AuditAct {
  readonly phase: AuditPhase;
  readonly after?: { readonly [field: string]: Json };
  /** Of a refusal or a failure: the code of the error. */
  readonly code?: string;
}

export interface AuditEntry extends AuditRecord {
  /** Its place in the log; where the next page begins. */
  readonly entry: string;
  /** Server time, ISO 8601. */
  readonly at: string;
}

export interface AuditQuery {
  /** Entries behind this one: `entry` of the last one that was read. */
  readonly after?: string;
  /** ISO 8601: entries of then or later, and of before then. */
  readonly from?: string;
  readonly to?: string;
  /** @default 'oldest' */
  readonly first?: 'oldest' | 'newest';
  /** Entries at most, 1 to 1000. @default 100 */
  readonly limit?: number;
}

export interface AuditPage {
  readonly items: readonly AuditEntry[];
  /** `after` of the next page; null where there was none when this one was read. */
  readonly next: string | null;
}

/** All that operators did, in the order in which it came: nothing in it is ever changed. Injectable. All throw StoreUnavailableError. */
export abstract class AuditLog {
  abstract append(record: AuditRecord): Promise<void>;
  abstract read(query?: AuditQuery): Promise<AuditPage>;
}

/** What became of an act, for its last entry. */
export interface AuditOutcome<T> {
  /** What to tell of the result. @default nothing */
  readonly after?: (result: T) => AuditRecord['after'];
  /** @default by its class: see `outcomeOf` */
  readonly ofError?: (error: unknown) => Pick<AuditRecord, 'phase' | 'code'>;
  /** Told when the last entry could not be written. */
  readonly onLost: (error: unknown) => void;
}

/**
 * Does `work`, with an entry before it and one after it.
 *
 * Without the first entry nothing is done: what is done and stands nowhere must not happen. A process that dies, or a store that goes away,
 * between the two leaves `asked` alone: then the act may have been done or not, and the machine's own history, which is written together
 * with the act, knows. The last entry is no condition of anything: the act is done by then, and its caller is told so.
 *
 * @throws StoreUnavailableError when the first entry could not be written; else whatever `work` throws
 */
export async function audited<T>(log: AuditLog, act: AuditAct, work: () => Promise<T>, outcome: AuditOutcome<T>): Promise<T> {
  const { after, ofError = outcomeOf, onLost } = outcome;
  const end = (record: Omit<AuditRecord, keyof AuditAct>): Promise<void> =>
    log.append({ id: act.id, act: act.act, on: act.on, who: act.who, ...record }).catch(onLost);
  await log.append({ ...act, phase: 'asked' });
  let result: T;
  try {
    result = await work();
  } catch (error) {
    await end(ofError(error));
    throw error;
  }
  const told = after?.(result);
  await end({ phase: 'done', ...(told === undefined ? {} : { after: told }) });
  return result;
}

/** An error with a code of ours refused the act; of any other one nobody knows what came of it. */
export function outcomeOf(error: unknown): Pick<AuditRecord, 'phase' | 'code'> {
  if (!(error instanceof StileError)) return { phase: 'failed' };
  return { phase: error instanceof StoreUnavailableError ? 'failed' : 'refused', code: error.code };
}
