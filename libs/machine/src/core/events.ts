import type { Json } from './step';

/** An event for a machine. */
export interface EventRequest {
  readonly event: string;
  /** Any JSON, at most 256 KB of it. @default none */
  readonly data?: Json;
  /** The sender's own name of the event, 1 … 200 characters: the same one twice is one event. @default each request is an event */
  readonly dedupeId?: string;
}

export interface EventReceipt {
  /**
   * `taken`: the machine goes on with it now · `kept`: it waits in the inbox until a state takes it · `ignored`: the state the machine
   * waits in drops it, as its definition says · `duplicate`: it was there before.
   */
  readonly outcome: 'taken' | 'kept' | 'ignored' | 'duplicate';
}

/** An event that waits for a state to take it. */
export interface InboxItem {
  /** Names the item within its machine's run. */
  readonly id: number;
  readonly event: string;
  readonly data: Json | null;
  /** When it came, ISO 8601, server time. */
  readonly receivedAt: string;
}

/** How a callback token may be used, see `step.callback`. */
export interface CallbackOptions {
  /** Tells the tokens of one action apart. @default '' */
  readonly name?: string;
  /** How long the token can be used, counted from the last heartbeat: a duration such as `'1h'`, or ms. @default 24 hours */
  readonly expires?: string | number;
  /** Event that a failure call turns into, with `{ code, message }` as its data. @default 'failed' */
  readonly failed?: string;
}

export interface CallbackReceipt {
  readonly correlationId: string;
  readonly outcome: EventReceipt['outcome'];
}

/** Sends events to machines. Injectable. */
export abstract class MachineEvents {
  /**
   * Resolves when the event is stored. An event that comes early waits for a state that takes it.
   *
   * @throws MachineNotFoundError, MachineEndedError, UndeclaredEventError (no state of the machine has it), EventRejectedError (the state
   *   it waits in refuses it), InboxFullError, ResultError (the data), InvalidEventError, QuarantinedError, StoreUnavailableError
   */
  abstract send(correlationId: string, event: EventRequest): Promise<EventReceipt>;
  /**
   * What waits in the inbox, oldest first; nothing when there is no such machine.
   *
   * @param atMostBytes only the oldest ones, as far as they take no more as they are stored; one in any case. @default all
   */
  abstract inbox(correlationId: string, atMostBytes?: number): Promise<readonly InboxItem[] | undefined>;
  /** Drops one item. @returns whether it was there */
  abstract drop(correlationId: string, itemId: number): Promise<boolean>;
  /**
   * Completes an external task: its event reaches the machine that handed the token out. Single use.
   *
   * @throws CallbackGoneError when the token is unknown, used, expired, or the machine has left the state; what `send` throws
   */
  abstract complete(token: string, event: EventRequest): Promise<CallbackReceipt>;
  /** Fails an external task: the event that the token was made with, with the error as its data. @throws as `complete` */
  abstract failTask(token: string, error: { readonly code: string; readonly message: string }): Promise<CallbackReceipt>;
  /** The task is alive: the token's time begins anew. @throws CallbackGoneError */
  abstract heartbeat(token: string, details?: Json): Promise<{ readonly correlationId: string; readonly expiresAt: string }>;
}
