import type { ChildView } from './children';
import type { MachineFilter, MachinePage } from './listing';
import type { HistoryItem, MachineView } from './model';

/** The record of a machine, as it stands in the store: texts are moved as they are, whatever is in them. */
export type RecordFields = Readonly<Record<string, string>>;

/** What an archive keeps of a machine that has ended. */
export interface ArchiveEntry {
  readonly correlationId: string;
  readonly record: RecordFields;
  /** Oldest first. */
  readonly history: readonly string[];
  readonly children: RecordFields;
  /** When it was read, server ms: of two entries of one run the later one counts. */
  readonly archivedAt: number;
}

/** As lists need it. */
export interface ArchiveSummary {
  readonly correlationId: string;
  /** At least the fields that lists show. */
  readonly record: RecordFields;
}

/** A place in a list. Ids come again when a machine is started anew under an old one, starts do not. */
export interface ArchivePlace {
  readonly correlationId: string;
  /** Start of the machine, server ms. */
  readonly created: number;
}

export interface ArchiveQuery {
  readonly filter: MachineFilter;
  /** Newest start first, those of one moment by falling id; or by rising id, newest start first. */
  readonly order: 'time' | 'id';
  /** Only what comes after it. */
  readonly after?: ArchivePlace;
  readonly limit: number;
}

/** Keeps machines that have ended beyond their retention. All reject when it cannot answer. */
export interface MachineArchive {
  /** For messages: what it is and where, without a password. */
  readonly name: string;
  /**
   * Sees that machines can be kept there, and makes what is missing.
   *
   * @throws StoreUnfitError when it never will, saying what to do
   */
  check(): Promise<void>;
  /** Keeps them, each of another id; when it resolves they survive a loss of power. The same run again replaces what was kept of it. */
  write(entries: readonly ArchiveEntry[]): Promise<void>;
  /** The run that was started last. */
  read(correlationId: string): Promise<ArchiveEntry | undefined>;
  list(query: ArchiveQuery): Promise<readonly ArchiveSummary[]>;
  close(): Promise<void>;
}

/** Machines that have gone from the store, out of the archive. Injectable. All throw StoreUnavailableError. */
export abstract class ArchivedMachines {
  /** Nothing where it is not there, or no archive is configured. */
  abstract get(correlationId: string): Promise<MachineView | undefined>;
  /** As `Machines.historyAfter`. */
  abstract historyAfter(
    correlationId: string,
    after: number,
    limit?: number,
  ): Promise<{ readonly lost: number; readonly items: readonly (HistoryItem & { readonly number: number })[] } | undefined>;
  /** As `Machines.children`. */
  abstract children(
    correlationId: string,
    options?: { readonly group?: string; readonly from?: number; readonly limit?: number },
  ): Promise<readonly ChildView[] | undefined>;
  /** As `MachineListing.list`. @throws InvalidFilterError also where no archive is configured */
  abstract list(filter: MachineFilter, page?: { readonly cursor?: string; readonly limit?: number }): Promise<MachinePage>;
}

/** A machine that may go. */
export interface Leaving {
  /** Of how it was read: only one that still has it may be dropped. */
  readonly seal: string;
  /** Whether it was written. Not all are: an archive may be for failures only. */
  readonly archived: boolean;
}

/** A machine that cannot be read, and so is kept as it is. */
export interface Unreadable {
  /** Why. */
  readonly unreadable: string;
}

/** Between the end of a machine's retention and its removal. */
export interface Archiving {
  /**
   * Writes machines whose time of keeping is over.
   *
   * @returns those that may go now, and those that cannot be read; the others are to be tried again. `'all'` where there is nothing to write
   * to, and never was
   */
  write(partition: number, correlationIds: readonly string[]): Promise<ReadonlyMap<string, Leaving | Unreadable> | 'all'>;
}
