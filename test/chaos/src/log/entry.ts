import type { HistoryItem, MachineStatus } from '@stile/machine';

/** One run of one machine. */
export interface RunName {
  readonly correlationId: string;
  readonly runId: string;
}

/** One attempt's action: `step.steps`, `step.retries`, `step.fence`, `step.to` and the action's name. */
export interface ActionPlace extends RunName {
  readonly machine: string;
  readonly steps: number;
  readonly retries: number;
  readonly fence: number;
  /** `step.to`: the state being entered, for an exit action too. */
  readonly state: string;
  readonly action: string;
  /** `step.event.name` */
  readonly event?: string;
  /** The process that runs it, e.g. `worker.4711`: two processes never have the same one, nor one process two. */
  readonly worker: string;
  /** `step.idempotencyKey` */
  readonly key: string;
}

/** An action begins. The first thing that an action does: what it does later is never without it. */
export interface Attempt extends ActionPlace {
  readonly kind: 'attempt';
}

/** The same action has come to its end; whether its step was committed, only the history says. */
export interface Acted extends ActionPlace {
  readonly kind: 'acted';
}

/** The action's signal was aborted. */
export interface Aborted extends ActionPlace {
  readonly kind: 'aborted';
  /** Code or text of `signal.reason`. */
  readonly reason?: string;
}

/** What a sink outside Stile said. Written as soon as it has. */
export interface Effect extends RunName {
  readonly kind: 'effect';
  /** `step.idempotencyKey`, of `fenced` sinks too. */
  readonly key: string;
  readonly fence: number;
  readonly sink: 'keyed' | 'fenced';
  /** It stands: written now, or there already. False where the sink refused it (a stale fence). */
  readonly accepted: boolean;
  /** The sink knew it and wrote nothing: `keyed` by the key, `fenced` by key and fence together. */
  readonly repeat: boolean;
  /**
   * The sink's own running number of this write, counted where it writes. Null where the sink has none: then the order of what it
   * accepted cannot be checked, since the order of two processes' entries says nothing.
   */
  readonly order: number | null;
}

/** An action saw an event's data. */
export interface Taken extends RunName {
  readonly kind: 'taken';
  readonly steps: number;
  readonly retries: number;
  readonly fence: number;
  readonly dedupeId: string;
}

/** A start was acknowledged (`created` or `existing`). */
export interface Started extends RunName {
  readonly kind: 'started';
  readonly machine: string;
}

/** An event was acknowledged. */
export interface Sent {
  readonly kind: 'sent';
  /** Of the machine it is for. */
  readonly correlationId: string;
  /** Names the event among all of this machine. */
  readonly dedupeId: string;
  /** Name of the event, e.g. `paid`. */
  readonly event: string;
  readonly outcome: 'taken' | 'kept' | 'ignored' | 'duplicate';
  /** Who sends one after the other: its next event goes out when this one has been acknowledged. */
  readonly sender: string;
  /** Grows from one acknowledged event of the sender to the next. */
  readonly number: number;
}

/** A start or an event that was answered by an error, or not at all: it may have happened. */
export interface Maybe {
  readonly kind: 'maybe';
  readonly what: 'start' | 'event';
  readonly correlationId: string;
  /** For an event. */
  readonly dedupeId?: string;
  readonly error?: string;
}

/** One item of a machine's history, as it stood at the end. */
export interface History extends RunName {
  readonly kind: 'history';
  /** Its place among the items that were kept, from 0, oldest first. */
  readonly index: number;
  readonly steps: number;
  readonly retries: number;
  readonly fence: number;
  readonly from: string;
  readonly event: string;
  readonly to: string;
  readonly outcome: HistoryItem['outcome'];
  /** Of its error. */
  readonly code: string | null;
  /** ISO 8601, server time. */
  readonly startedAt: string;
  /** As the history names it; empty for an operator's. */
  readonly worker: string;
}

/** What a machine came to. One per run that is known at the end, also where it is not the run that was started. */
export interface End extends RunName {
  readonly kind: 'end';
  readonly machine: string;
  readonly status: MachineStatus;
  readonly steps: number;
  readonly retries: number;
  readonly fence: number;
  readonly state: string;
  /** `dedupeId`s of the events taken, in the order in which the machine's own context keeps them. */
  readonly taken: readonly string[];
  /** `dedupeId`s of what still waits in the inbox. @default none */
  readonly inbox?: readonly string[];
  /** History items that were trimmed. @default 0 */
  readonly trimmed?: number;
  /** Of the error it failed with. */
  readonly code: string | null;
  /** It has not ended: neither completed, failed nor cancelled. */
  readonly live: boolean;
}

export interface Fault {
  readonly kind: 'fault';
  /** E.g. `sigkill`, `reply lost`, `failover`. */
  readonly what: string;
  /** What it hit: a process, a crash point, a script. */
  readonly target: string;
  /** Wall time of its end, ms, where it lasted. Its beginning is `at`. */
  readonly until?: number;
}

/** A machine went on, so long after the fault that stopped it. */
export interface Resumed {
  readonly kind: 'resumed';
  readonly correlationId: string;
  readonly afterMs: number;
}

/** A key that is in the store at the end. */
export interface Key {
  readonly kind: 'key';
  readonly key: string;
}

/** The store lost its tail. Known to the harness, which froze a link, or killed Redis under `everysec`. */
export interface Lost {
  readonly kind: 'lost';
  /** Wall time, ms: nothing that the store acknowledged before then is lost. @default nothing is known: 0 */
  readonly since?: number;
  /** Wall time, ms: nothing that the store acknowledged after then is lost. */
  readonly until: number;
}

/** What is appended. */
export type EntryBody =
  Attempt | Acted | Aborted | Effect | Taken | Started | Sent | Maybe | History | End | Fault | Resumed | Key | Lost;

/** What the log adds to each. */
export interface Stamp {
  /** Wall time of the append by the writer's own clock, ms. Between processes a hint only: a worker's clock may be minutes off. */
  readonly at: number;
  /** The file without its ending: one per process. */
  readonly source: string;
  /** The entry's number in its file, from 0. */
  readonly seq: number;
}

export type Entry = EntryBody & Stamp;
export type EntryOf<K extends Entry['kind']> = Extract<Entry, { kind: K }>;
