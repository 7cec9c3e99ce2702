import type { Definition } from './definition';
import type { StileError } from './errors';
import type { Count, HistoryItem, MachineView, StartRequest, StartResult } from './ports';

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
  /** One item per attempt, oldest first. */
  abstract history(correlationId: string): Promise<readonly HistoryItem[] | undefined>;
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
}

/** The workers of this deployment. */
export abstract class Workers {
  abstract list(): Promise<readonly WorkerSeen[]>;
  /** Puts a job of its own at the head of a queue and sees whether a worker takes it within the time. */
  abstract probe(timeoutMs: number): Promise<boolean>;
}
