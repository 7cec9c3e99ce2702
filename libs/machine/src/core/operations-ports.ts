import type { OperationStatus } from './operations';
import type { Json } from './step';

/** What an operation does, as it is stored. */
export interface OperationSpec {
  readonly id: string;
  readonly machine: string | null;
  readonly tag: { readonly key: string; readonly value: string } | null;
  readonly event: string;
  /** Left out where there is none. */
  readonly data?: Json;
  readonly by: string;
}

/** How far an operation has come: the last machine that is done with. Machines are ordered by partition, start and id. */
export interface Cursor {
  readonly partition: number;
  readonly score: number;
  readonly id: string;
}

export interface Tally {
  readonly delivered: number;
  readonly kept: number;
  readonly ignored: number;
  readonly refused: number;
  readonly gone: number;
  readonly reasons: Readonly<Record<string, number>>;
}

export interface OperationState extends Tally {
  readonly spec: OperationSpec;
  readonly status: OperationStatus;
  readonly cursor: Cursor;
  readonly matched: number;
  /** Server ms. */
  readonly started: number;
  readonly updated: number;
  readonly finished: number | null;
  readonly now: number;
}

export interface Page {
  readonly ids: readonly string[];
  /** After the last of them; of the next partition where this one has no more. */
  readonly cursor: Cursor;
  /** Nothing comes after it. */
  readonly last: boolean;
}

export interface OperationStore {
  start(spec: OperationSpec): Promise<'created' | 'existing' | 'taken'>;
  read(id: string): Promise<OperationState | undefined>;
  /** Ids of those that run. */
  running(): Promise<readonly string[]>;
  page(state: OperationState, batch: number): Promise<Page>;
  /** Adds a page to the counts and moves on, unless another worker has, or the operation was stopped. */
  advance(state: OperationState, page: Page, tally: Tally): Promise<boolean>;
  /** @returns whether there is one */
  stop(id: string): Promise<boolean>;
}

/** Hands an operation to some worker. Only a hint: what is to be done is in the store. */
export interface OperationQueue {
  add(id: string): Promise<void>;
}
