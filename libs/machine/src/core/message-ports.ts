import type { ChildResult, ChildView } from './children';
import type { InboxItem } from './events';
import type { DueJob, MachineStatus } from './model';
import type { ChildSpec, Trace } from './ports';
import type { Act, Hold, HoldTarget } from './steering';

/** `number` rises with every message of the sender's run. */
export interface MessageMark extends ReadOn {
  readonly run: string;
  readonly number: number;
}

/** How a delivery is recognised when it comes again. */
export type DeliveryMark =
  | { readonly kind: 'id'; readonly id: string }
  /** `number` rises with every message of the sender's run. */
  | ({ readonly kind: 'message' } & MessageMark)
  /** `nonce`: one for each call, so that a resend of it is told from a second use. */
  | { readonly kind: 'token'; readonly hash: string; readonly nonce: string };

export type DeliverResult =
  /** `job` is what the machine waits for, where it goes on. */
  | { readonly outcome: 'taken' | 'kept'; readonly job?: DueJob }
  | { readonly outcome: 'ignored' | 'duplicate' | 'missing' | 'gone' }
  | { readonly outcome: 'rejected'; readonly state: string }
  | { readonly outcome: 'full'; readonly limit: number }
  | { readonly outcome: 'ended'; readonly status: MachineStatus }
  | { readonly outcome: 'garbage'; readonly reason: string };

/** What a machine runs, told without reading all of it. */
export interface MachineKind {
  readonly machine: string;
  readonly version: number;
  readonly runId: string;
  readonly status: MachineStatus;
}

/** The inbox of machines. Every call may be repeated: the repeat is recognised. */
export interface InboxStore {
  kindOf(correlationId: string): Promise<MachineKind | undefined>;
  /** The same, for who has a token of the machine, used or not. Nothing where it has handed out none with this hash. */
  holderOf(correlationId: string, hash: string): Promise<MachineKind | undefined>;
  /**
   * @param event empty for a token's own event of failure
   * @param data JSON text, or empty
   * @param traceparent of the sender; reaches the step that the event leads to at once, not one that finds it in the inbox
   */
  deliver(correlationId: string, event: string, data: string, mark: DeliveryMark, traceparent?: string): Promise<DeliverResult>;
  /** As `MachineEvents.inbox`. */
  list(correlationId: string, atMostBytes?: number): Promise<readonly InboxItem[] | undefined>;
  drop(correlationId: string, itemId: number): Promise<boolean>;
  /** @returns when the token expires now, server ms; nothing when it is not usable */
  beat(correlationId: string, hash: string, details: string): Promise<number | undefined>;
}

/** One thing that a commit has left to be delivered. `raw` names it when it is settled. */
export type OutboxItem = ReadOfRun & OutboxEntry;

/** Identity of the server on which something was read: what follows from it is refused by another one, which may have lost a tail. */
export interface ReadOn {
  readonly server: string;
}

/** The same, and the run of the machine: once it was started anew what is noted of its last run is refused. */
export interface ReadOfRun extends ReadOn {
  readonly runId: string;
}

type OutboxEntry =
  | {
      readonly raw: string;
      readonly kind: 'message';
      readonly number: number;
      readonly to: string;
      readonly event: string;
      readonly data: string;
      /** `traceparent` of the step that sent it. */
      readonly traceparent?: string;
    }
  /** The machine has ended: its parent waits for the result. */
  | { readonly raw: string; readonly kind: 'result'; readonly outcome: 'completed' | 'failed' | 'cancelled' }
  /** The children of a group are no longer wanted. `begun`: so many of them may be started, noted or not. */
  | { readonly raw: string; readonly kind: 'cancel'; readonly group: string; readonly begun: number }
  /** A message whose data nobody can read any more. */
  | { readonly raw: string; readonly kind: 'lost'; readonly to: string; readonly event: string; readonly why: string };

export interface ChildBatch extends ReadOfRun {
  readonly group: string;
  readonly spec: ChildSpec;
  /** Index of the first one. */
  readonly from: number;
  readonly children: readonly { readonly correlationId: string; readonly context: string }[];
}

export type ResultReceipt =
  /** `more`: children of the group wait for their start. */
  { readonly outcome: 'counted'; readonly more: boolean; readonly job?: DueJob } | { readonly outcome: 'duplicate' | 'gone' };

/** Which children are listed: of one group or of all, so many from a place on, over all that are asked for. @default all */
export interface ChildrenAsked {
  readonly group?: string;
  readonly from?: number;
  readonly limit?: number;
}

/** The outbox of machines, and their children. */
export interface OutboxStore {
  /** The oldest items. What is done with them is refused once another server has taken over (STORE_UNAVAILABLE): read again. */
  read(correlationId: string, limit: number): Promise<readonly OutboxItem[]>;
  /** Takes items out; those that are gone are passed over. */
  settle(correlationId: string, items: readonly OutboxItem[]): Promise<void>;
  /** Children that may be started now. */
  nextChildren(correlationId: string, limit: number): Promise<readonly ChildBatch[]>;
  /** The children of the group are started, up to `count` of them. */
  started(correlationId: string, group: string, count: number, read: ReadOfRun): Promise<void>;
  /** Correlation ids of the children of a closed group that may be started and have no result yet. */
  unwantedChildren(correlationId: string, closed: { readonly group: string; readonly begun: number }): Promise<readonly string[]>;
  /** Children of a machine, group by group; nothing when there is no such machine. */
  list(correlationId: string, asked?: ChildrenAsked): Promise<readonly ChildView[] | undefined>;
  /** Results so far, in order. */
  results(correlationId: string, group: string): Promise<readonly ChildResult[]>;
  result(
    parent: { readonly correlationId: string; readonly runId: string; readonly group: string; readonly index: number },
    outcome: 'completed' | 'failed' | 'cancelled',
    resultJson: string,
    on: ReadOn,
    traceparent?: string,
  ): Promise<ResultReceipt>;
}

export type SteerResult =
  | { readonly outcome: 'done'; readonly job?: DueJob }
  | { readonly outcome: 'refused'; readonly status: MachineStatus }
  | { readonly outcome: 'revision'; readonly current: string }
  | { readonly outcome: 'missing' }
  | { readonly outcome: 'garbage'; readonly reason: string };

/** By its parent, whose wish was read on some server: graceful, and a machine that has ended stays as it is. */
export type CancelMode = 'graceful' | 'now' | ReadOn;

export type SteerAct =
  | { readonly kind: 'pause' | 'retry' }
  /** `hold`: only where that hold has stopped it. */
  | { readonly kind: 'resume'; readonly hold?: string }
  | {
      readonly kind: 'cancel';
      readonly mode: CancelMode;
      readonly cleanup: string;
      readonly retentionMs: number;
    }
  /** `trace`: of the context as it was. */
  | { readonly kind: 'edit'; readonly revision: string; readonly context: string; readonly trace: Trace }
  | { readonly kind: 'move'; readonly state: string };

/** What an operator does. @param nonce one for each act, so that a resend is recognised */
export interface SteeringStore {
  steer(correlationId: string, act: SteerAct, nonce: string, who: Act): Promise<SteerResult>;
}

export interface HoldStore {
  put(target: HoldTarget, who: Act): Promise<Hold>;
  /** @returns whether there was one */
  remove(name: string): Promise<boolean>;
  all(): Promise<readonly Hold[]>;
  names(): Promise<readonly string[]>;
  /** Machines that holds have stopped which are no longer there, some of them; with the hold's name. */
  freed(partition: number, limit: number): Promise<readonly { readonly correlationId: string; readonly hold: string }[]>;
}
