import { ArchivedMachines, type ArchiveEntry, type ArchiveSummary, type MachineArchive } from '../core/archive';
import type { ChildView } from '../core/children';
import { StileError, StoreUnavailableError } from '../core/errors';
import { InvalidFilterError, type MachineFilter, type MachinePage, type MachineSummary } from '../core/listing';
import { checkFilter, checkLimit, DEFAULT_PAGE } from '../core/machine-filter';
import type { MachineView } from '../core/model';
import { noCipher, noSeal, type PayloadCipher, type Seal } from '../core/payload-cipher';
import { SealedError } from '../core/sealed-error';
import { TRACE_LIMIT_BYTES } from '../core/trace-limit';
import { keptNow, openItem, showItems, type Kept } from '../redis/history-text';
import { hasError, readSummary, SUMMARY_FIELDS } from '../redis/listing/summary';
import { numbered } from '../redis/redis-history';
import { readView } from '../redis/view';
import { readCursor, writeCursor } from './archive-cursor';
import { childrenIn } from './archived-children';

/** Shows what an archive keeps as the store showed it. */
export class ArchiveReader extends ArchivedMachines {
  constructor(
    private readonly archive: MachineArchive | undefined,
    private readonly cipher: PayloadCipher = noCipher,
  ) {
    super();
  }

  async get(id: string): Promise<MachineView | undefined> {
    const entry = await this.entry(id);
    return entry && { ...readView(id, entry.record, null, await this.cipher.of(id)), archived: true };
  }

  async historyAfter(id: string, after: number, limit = 100): ReturnType<ArchivedMachines['historyAfter']> {
    const entry = await this.entry(id);
    if (!entry) return undefined;
    const { trimmed = '0', context = '{}' } = entry.record;
    const first = Math.max(0, after - Number(trimmed));
    const seal = await this.cipher.of(id);
    const items = entry.history.map((text) => openItem(text, seal));
    const shown = showItems(items, { isFirst: true, after: keptIn(context, seal) });
    return numbered(shown.slice(first, first + limit), Number(trimmed), first, after);
  }

  async children(
    id: string,
    { group, from = 0, limit = 100 }: { readonly group?: string; readonly from?: number; readonly limit?: number } = {},
  ): Promise<readonly ChildView[] | undefined> {
    const entry = await this.entry(id);
    return entry && childrenIn(entry, await this.cipher.of(id), group).slice(from, from + limit);
  }

  async list(filter: MachineFilter, page: { readonly cursor?: string; readonly limit?: number } = {}): Promise<MachinePage> {
    const { cursor, limit = DEFAULT_PAGE } = page;
    if (!this.archive) {
      throw new InvalidFilterError(
        'archived',
        'asks for an archive, and none is configured; set STILE_ARCHIVE_URL, or leave it out',
      );
    }
    checkFilter(filter);
    checkLimit(limit);
    const order = filter.idPrefix === undefined ? 'time' : 'id';
    const after = cursor === undefined ? undefined : readCursor(order, cursor);
    // One more than a page holds: whether there is a next page is known then.
    const query = { filter, order, limit: limit + 1, ...(after && { after }) } as const;
    const found = await answered(this.archive.list(query));
    const last = found.length > limit ? found[limit - 1] : undefined;
    return {
      items: (await Promise.all(found.slice(0, limit).map((one) => this.summaryOf(one)))).flat(),
      next: last ? writeCursor(order, { correlationId: last.correlationId, created: Number(last.record.created) }) : null,
    };
  }

  private async summaryOf({ correlationId, record }: ArchiveSummary): Promise<MachineSummary[]> {
    const values = SUMMARY_FIELDS.map((field) => record[field] ?? null);
    const listed = readSummary(correlationId, values, hasError(values) ? await this.cipher.of(correlationId) : noSeal);
    return listed ? [{ ...listed.summary, archived: true }] : [];
  }

  private async entry(id: string): Promise<ArchiveEntry | undefined> {
    return this.archive && answered(this.archive.read(id));
  }
}

/** What the last step has left; nothing where it cannot be opened: the machine's view says why. */
function keptIn(context: string, seal: Seal): Kept {
  try {
    return keptNow(seal.open(context, 'context'), TRACE_LIMIT_BYTES);
  } catch (error) {
    if (error instanceof SealedError) return {};
    throw error;
  }
}

async function answered<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof StileError ? error : new StoreUnavailableError(error);
  }
}
