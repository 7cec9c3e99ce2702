import type { WorkerSeen } from './machines';
import type { HistoryItem, MachineView } from './model';
import type { ShareSeen } from './share-ports';
import type { Hold } from './steering';

/** What is known of a machine at one moment. */
export type Facts = QuarantineFacts | MachineFacts;

/** Its record cannot be used. */
export interface QuarantineFacts {
  readonly quarantined: string;
  /** Since when it is set aside, ISO 8601; null where that is not known. */
  readonly since: string | null;
}

/** What the store has of a machine whose record can be read. */
export interface StoredFacts {
  readonly quarantined?: undefined;
  /** Server ms. */
  readonly now: number;
  readonly view: MachineView;
  readonly queue: string;
  readonly partition?: number;
  /** Drive generation of the job that it waits for. */
  readonly drive: number;
  readonly rev: number;
  /** The worker that claimed it last; empty where none has. */
  readonly worker: string;
  /** Server ms before which it is not to be run; 0 for at once. */
  readonly due: number;
  /** Events that its state takes, where it waits. */
  readonly takes: readonly string[];
  /** Groups of children whose end somebody waits for. */
  readonly groups: readonly OpenGroup[];
  /** The watchdog has an eye on it. */
  readonly watched: boolean;
  /** The last items of its history, oldest first. */
  readonly tail: readonly Pick<HistoryItem, 'outcome' | 'to' | 'startedAt' | 'durationMs' | 'by' | 'why'>[];
}

export interface MachineFacts extends StoredFacts {
  /** Retries that the step in hand may have. */
  readonly maxRetries: number;
  readonly workers: readonly WorkerSeen[];
  /** The one that has stopped it, as far as it is in force. */
  readonly hold?: Hold;
  /** Of a machine that waits for a job. */
  readonly job?: JobSeen;
  /** The line that it stands in, for slots of its tenant, its definition, or all. */
  readonly share?: ShareSeen;
}

export interface OpenGroup {
  readonly group: string;
  /** Events that its end may bring. */
  readonly events: readonly string[];
  readonly total: number;
  /** Children whose result is there. */
  readonly ended: number;
}

/** A job as a look at its queue finds it, which costs the same however long the queue is. */
export interface JobSeen {
  /** `waiting` also where no more is known than that it is there. */
  readonly state: 'missing' | 'waiting' | 'delayed' | 'active';
  /** When a worker took it, ms by that worker's clock; none where none has. */
  readonly takenAt?: number;
  /** Jobs that wait in the queue. */
  readonly jobs: number;
  /** The queue was paused by hand. */
  readonly paused: boolean;
}
