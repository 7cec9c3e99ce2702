import type { ChildView } from './children';
import type { Definition } from './definition';
import type { StileError } from './errors';
import type { Count } from './counts';
import type { HistoryItem, MachineView, StartRequest, StartResult } from './model';

/** Starts machines and shows them. Injectable: `constructor(private readonly machines: Machines)`. */
export abstract class Machines {
  /**
   * Starts a machine, once: the same id with the same payload again gives the existing one.
   *
   * @throws UnknownMachineError, UnknownVersionError, InvalidStartError, ContextError, ContextTooLargeError, QuarantinedError,
   *   StoreUnavailableError
   */
  abstract start(request: StartRequest): Promise<StartResult>;
  /** Many starts, an outcome for each, in order. */
  abstract startMany(
    requests: readonly StartRequest[],
  ): Promise<readonly (StartResult | { outcome: 'rejected'; correlationId?: string; error: StileError })[]>;
  abstract get(correlationId: string): Promise<MachineView | undefined>;
  /** One item per attempt and per operator's act, oldest first. */
  abstract history(correlationId: string): Promise<readonly HistoryItem[] | undefined>;
  /**
   * What came into the history after item number `after` (from 1; 0 for all), with its number; `lost` items before it are kept no more.
   *
   * @param limit items at most. @default 100
   */
  abstract historyAfter(
    correlationId: string,
    after: number,
    limit?: number,
  ): Promise<{ readonly lost: number; readonly items: readonly (HistoryItem & { readonly number: number })[] } | undefined>;
  /** The machine when it has ended, or as it is after `timeoutMs`; nothing when there is none. */
  abstract wait(correlationId: string, timeoutMs: number, signal?: AbortSignal): Promise<MachineView | undefined>;
  /**
   * Children of a machine, in order.
   *
   * @param group one group only
   * @param from place of the first one, over all groups asked for. @default 0
   * @param limit children at most. @default 100
   */
  abstract children(
    correlationId: string,
    options?: { readonly group?: string; readonly from?: number; readonly limit?: number },
  ): Promise<readonly ChildView[] | undefined>;
  /** All published definitions, all versions. */
  abstract definitions(): Promise<readonly Definition[]>;
  abstract definition(name: string, version?: number): Promise<Definition | undefined>;
}

/** What all workers have counted so far. */
export abstract class CounterTotals {
  abstract totals(): Promise<readonly { count: Count; machine: string; state: string; event: string; value: number }[]>;
}

/** A worker as it was last seen. */
export interface WorkerSeen {
  readonly name: string;
  readonly queues: string[];
  readonly active: number;
  /** How long ago it was last seen, ms, by server time. */
  readonly lastSeenMs: number;
  /** How long ago it last took a job, ms; null when it never has. */
  readonly lastJobMs: number | null;
  /** The longest time that its event loop stood still in the 30 s before it was last seen, ms; 0 where it does not say. */
  readonly lagMs: number;
  /** Null, as what follows, where it is of a version that does not say. */
  readonly host: string | null;
  readonly pid: number | null;
  /** Server time, ISO 8601. */
  readonly startedAt: string | null;
  /** Machines it runs at the same time at most, per queue and partition. */
  readonly concurrency: number | null;
  /** Partitions it serves; null where it does not say: then all. */
  readonly partitions: readonly number[] | null;
  /** What it runs: of its queues only. Empty where it does not say. */
  readonly definitions: readonly { readonly name: string; readonly version: number }[];
}

/** The workers of this deployment. */
export abstract class Workers {
  abstract list(): Promise<readonly WorkerSeen[]>;
  /** Puts a job of its own at the head of a queue and sees whether a worker takes it within the time. */
  abstract probe(timeoutMs: number): Promise<boolean>;
}
