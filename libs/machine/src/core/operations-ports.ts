import type { MachineStatus } from './model';
import type { SealedError } from './sealed-error';
import type { BulkAct, OperationFilter, OperationStatus, StopCause } from './operations';
import type { Act } from './steering';
import type { Json } from './step';

interface Common {
  readonly id: string;
  readonly by: string;
  readonly why: string;
}

export interface SendSpec extends Common {
  readonly act: 'send';
  readonly machine: string | null;
  readonly tag: { readonly key: string; readonly value: string } | null;
  readonly event: string;
  /** Left out where there is none. */
  readonly data?: Json;
}

export interface ActSpec extends Common {
  readonly act: BulkAct;
  /** Of a cancel only. */
  readonly mode?: 'graceful' | 'now';
  readonly filter: OperationFilter;
}

export interface RedriveSpec extends Common {
  readonly act: 'redrive';
  readonly group: string;
  /** Null for all. */
  readonly count: number | null;
}

/** What an operation does, as it is stored: the same request is the same text. */
export type OperationSpec = SendSpec | ActSpec | RedriveSpec;

/** A machine, and the step that it was listed at. */
export interface ListedAt {
  readonly id: string;
  readonly steps: number;
}

/** How far an operation has come. */
export interface Walk {
  /** Where its next page begins: empty for the first one, null after the last one. */
  readonly cursor: string | null;
  /** The page in hand: machines that were listed, written down before any of them is acted on. */
  readonly hand: readonly ListedAt[];
  /** Of a redrive. */
  readonly wave?: Wave;
}

/** Machines that were retried together. */
export interface Wave {
  /** Machines at most. */
  readonly size: number;
  /** When they were retried, server ms. */
  readonly since: number;
  /** Those that were retried; empty once the wave is judged. */
  readonly members: readonly ListedAt[];
  /** Of waves before, those of which nothing was known yet: judged with this one. */
  readonly carried: readonly ListedAt[];
}

export const COUNTERS = ['matched', 'done', 'kept', 'ignored', 'refused', 'gone', 'failedAgain'] as const;
/** What came of machines. */
export interface Tally extends Readonly<Record<(typeof COUNTERS)[number], number>> {
  /** Of the refused ones, by error code. */
  readonly reasons: Readonly<Record<string, number>>;
}

export interface OperationState extends Tally {
  readonly spec: OperationSpec;
  /** Why the data of its event could not be opened: it is left out then, and nothing must be sent. */
  readonly unreadable?: SealedError;
  readonly status: OperationStatus;
  readonly stoppedBecause: StopCause | null;
  readonly total: number | null;
  /** Raised by each turn: of two workers that take the same one, the second finds it taken. */
  readonly turn: number;
  readonly walk: Walk;
  /** Server ms. */
  readonly started: number;
  readonly updated: number;
  readonly finished: number | null;
  readonly now: number;
}

/** What one turn of a worker adds to an operation. */
export interface Turn {
  readonly walk: Walk;
  /** @default nothing */
  readonly tally?: Partial<Tally>;
  /** It has ended, or stops by itself. */
  readonly end?: 'done' | 'they fail again';
}

/** The ids of some machines in an index, and where the next ones begin; null after the last. */
export interface IdPage {
  readonly ids: readonly string[];
  readonly next: string | null;
}

/** Where a machine stands. */
export interface Standing {
  readonly status: MachineStatus;
  readonly steps: number;
  readonly retries: number;
}

export interface OperationStore {
  /** @param total estimate of how many match */
  start(spec: OperationSpec, total: number | null): Promise<'created' | 'existing' | 'taken'>;
  read(id: string): Promise<OperationState | undefined>;
  /** Ids of those that run. */
  running(): Promise<readonly string[]>;
  /** Ids of those that ended and are kept, the last ones to end first. */
  ended(limit: number): Promise<readonly string[]>;
  /** Machines for a send that were started before it, by partition, start and id. */
  page(spec: SendSpec, startedBefore: number, cursor: string, limit: number): Promise<IdPage>;
  /** Of each machine; nothing for those that are not there. */
  standings(correlationIds: readonly string[]): Promise<readonly (Standing | undefined)[]>;
  /** Writes a turn down, unless another worker has taken it, or the operation has ended or was stopped. */
  advance(state: OperationState, turn: Turn): Promise<boolean>;
  /** @returns whether there is one */
  stop(id: string): Promise<boolean>;
}

/** Hands an operation to some worker. Only a hint: what is to be done is in the store. */
export interface OperationQueue {
  add(id: string): Promise<void>;
}

/** Acts on one machine, and recognises the act there when it comes again. */
export interface RepeatableSteering {
  /**
   * @param nonce the same one again, with no other act in between, changes nothing
   * @throws as the acts of MachineSteering
   */
  actOnce(correlationId: string, act: BulkAct, mode: 'graceful' | 'now', nonce: string, who: Act): Promise<void>;
}
