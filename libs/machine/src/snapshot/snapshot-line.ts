import type { Part } from '../redis/machine-copy';

export const FORMAT = 1;

/** The first line. */
export interface Head {
  readonly snapshot: number;
  readonly prefix: string;
  readonly partitions: number;
  /** Server ms at which it was begun. */
  readonly at: number;
}

/** A machine, as one moment has it. */
export interface MachineLine {
  readonly machine: string;
  readonly at: number;
  readonly retention?: number;
  readonly title?: string;
  /** Empty ones are left out. */
  readonly parts: Partial<Record<Part, readonly string[]>>;
}

export const KEY_TYPES = ['string', 'hash', 'list', 'set', 'zset', 'stream'] as const;
export type KeyType = (typeof KEY_TYPES)[number];

/** A key of the deployment as a whole, or of no machine, by what its name has after the prefix. */
export interface KeyLine {
  readonly key: string;
  /** Whether its name begins with a tag, and so with `{`. */
  readonly tagged: boolean;
  readonly type: KeyType;
  /** As the commands take them that write it: fields and values, scores and members. Of a stream a list for each entry. */
  readonly items: readonly string[] | readonly (readonly string[])[];
  /** ms it has left. */
  readonly ttl?: number;
}

export interface TombstoneLine {
  readonly tombstone: string;
  readonly ttl: number;
  readonly items: readonly string[];
}

/** The data key of a machine that has gone: it may be in the archive. One that is there has its own with it. */
export interface DataKeyLine {
  readonly dataKey: string;
  readonly ttl?: number;
  readonly items: readonly string[];
}

export interface QuarantineLine {
  readonly quarantined: string;
  readonly reason: string;
}

/** The last line: without it the file is not whole. */
export interface EndLine {
  readonly end: true;
  readonly machines: number;
}

export type SnapshotLine = Head | MachineLine | KeyLine | TombstoneLine | DataKeyLine | QuarantineLine | EndLine;
