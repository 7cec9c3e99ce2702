import type { Job } from './model';
import type { ShareLimits, ShareTarget, ShareView } from './shares';
import type { Act } from './steering';

/** Who asks for slots: the id names the machine, the other two its limits. `token` names the one who holds them. */
export interface Turn {
  readonly correlationId: string;
  readonly tenant?: string;
  readonly definition: string;
  readonly token: string;
}

/** `woken`: jobs of machines that have their slots now, and wait as delayed jobs: they are to be brought at once. */
export type TurnResult =
  | { readonly outcome: 'taken' | 'free'; readonly woken: readonly Job[] }
  /** It stands in line for the slots of `name`, under its job's id. */
  | { readonly outcome: 'wait'; readonly name: string; readonly woken: readonly Job[] };

/** Which names have limits of which sort. */
export interface ShareNames {
  /** Concurrency or a rate. */
  readonly turns: ReadonlySet<string>;
  readonly starts: ReadonlySet<string>;
}

/** What a machine waits for. */
export interface ShareSeen {
  readonly name: string;
  readonly inUse: number;
  /** 0 where there is no such limit. */
  readonly concurrency: number;
  readonly perSecond: number;
  /** Machines before it in line; more may overtake it whose share is smaller. */
  readonly before: number;
}

/** Slots and rates, over all workers. Every call may be repeated. */
export interface ShareStore {
  put(target: ShareTarget, limits: ShareLimits, act: Act): Promise<ShareView>;
  remove(name: string): Promise<boolean>;
  all(): Promise<readonly ShareView[]>;
  names(): Promise<ShareNames>;
  /** @param ttlMs how long the slots are this one's, unless renewed */
  take(turn: Turn, job: Job, ttlMs: number): Promise<TurnResult>;
  give(turn: Turn): Promise<readonly Job[]>;
  /** Has the watchdog leave a machine in line alone for a while. */
  putOff(correlationId: string, ms: number): Promise<void>;
  renew(turns: readonly Turn[], ttlMs: number): Promise<void>;
  /**
   * Gives slots to those that wait, where slots of dead workers or time have come free.
   *
   * @returns how many lines there are left, and ms until a rate lets the next one
   */
  tend(): Promise<{ readonly woken: readonly Job[]; readonly lines: number; readonly nextMs?: number }>;
  look(correlationId: string): Promise<ShareSeen | undefined>;
  /** Counts starts, all or none. @returns the one that lets no more through, and when it will, ms */
  admit(
    starts: readonly { readonly name: string; readonly count: number; readonly perSecond?: number }[],
  ): Promise<{ readonly name: string; readonly afterMs: number } | undefined>;
}

/** How full the store is. */
export interface MemoryProbe {
  /** Share of the memory that it may use, 0 to 1; of the fullest node of a cluster. 0 where it has no limit. */
  used(): Promise<number>;
}
