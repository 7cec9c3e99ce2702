import type { RedisConnection } from './connect';
import { QuarantinedError } from '../core/errors';
import type { HistoryItem } from '../core/model';
import { noCipher, type PayloadCipher, type Seal } from '../core/payload-cipher';
import type { RecordStore } from '../core/ports';
import { SealedError } from '../core/sealed-error';
import { TRACE_LIMIT_BYTES } from '../core/trace-limit';
import { hasChanged, itemsInRecord, keptBy, keptNow, openItem, showItems, type Kept, type StoredItem } from './history-text';
import type { Keyspace } from './keyspace';
import { readTogether } from './read-together';

/** Items that are looked through at a time for the next context. */
const AHEAD = 100;
/** Reads that may find that items were trimmed since the one before. */
const PATIENCE = 5;

/** A part of the items, and of the record what belongs to the same moment. */
interface Page {
  readonly items: readonly StoredItem[];
  readonly trimmed: number;
  /** JSON text, or the sealed one where it cannot be opened. */
  readonly context: string;
}

/** Reads histories. What an item began with may be told only by a later one, or by the record: one moment, one transaction. */
export class RedisHistory {
  constructor(
    private readonly redis: RedisConnection,
    private readonly keys: Keyspace,
    private readonly cipher: PayloadCipher = noCipher,
  ) {}

  async all(id: string): Promise<readonly HistoryItem[] | undefined> {
    const page = await this.page(id, 0, -1);
    return page && showItems(page.items, { isFirst: true, after: keptNow(page.context, TRACE_LIMIT_BYTES) });
  }

  async after(id: string, after: number, limit = 100): ReturnType<RecordStore['historyAfter']> {
    // The numbers of what is kept are known only with the first page; what is trimmed meanwhile is read anew.
    for (let guess = 0, tries = 0; tries < PATIENCE; tries++) {
      const first = Math.max(0, after - guess);
      const from = Math.max(0, first - 1);
      const page = await this.page(id, from, first + limit - 1);
      if (!page) return undefined;
      if (page.trimmed !== guess) {
        guess = page.trimmed;
        continue;
      }
      const before = first > 0 ? page.items[0] : undefined;
      const items = before ? page.items.slice(1) : page.items;
      const next = await this.nextContext(id, page, { from, end: first + limit, isFirst: first === 0 });
      if (!next) continue;
      return numbered(showItems(items, { isFirst: first === 0, before, after: next }), guess, first, after);
    }
    return this.afterOfAll(id, after, limit);
  }

  /** Of a machine whose history is trimmed faster than it can be paged through: all of it at once. */
  private async afterOfAll(id: string, after: number, limit: number): ReturnType<RecordStore['historyAfter']> {
    const page = await this.page(id, 0, -1);
    if (!page) return undefined;
    const first = Math.max(0, after - page.trimmed);
    const shown = showItems(page.items, { isFirst: true, after: keptNow(page.context, TRACE_LIMIT_BYTES) });
    return numbered(shown.slice(first, first + limit), page.trimmed, first, after);
  }

  /**
   * What the last item of a page has left.
   *
   * @param at places of the page's first item and after the last one that was asked for; whether nothing is kept before it
   * @returns nothing where items were trimmed meanwhile
   */
  private async nextContext(
    id: string,
    page: Page,
    { from, end, isFirst }: { readonly from: number; readonly end: number; readonly isFirst: boolean },
  ): Promise<Kept | undefined> {
    if (from + page.items.length < end) return keptNow(page.context, TRACE_LIMIT_BYTES); // the page reaches the end
    if (!needsNext(page.items, isFirst)) return {};
    for (let at = end; ; at += AHEAD) {
      const ahead = await this.page(id, at, at + AHEAD - 1);
      if (ahead?.trimmed !== page.trimmed) return undefined;
      const next = ahead.items.find(hasChanged);
      if (next) return keptBy(next);
      if (ahead.items.length < AHEAD) return keptNow(ahead.context, TRACE_LIMIT_BYTES);
    }
  }

  private async page(id: string, from: number, to: number): Promise<Page | undefined> {
    const garbage = 'its history is not a list of JSON objects';
    const reads = this.redis.multi().lrange(this.keys.history(id), from, to);
    const record = this.keys.record(id);
    const [listed, [trimmed, context, short], exists] = await readTogether<[string[], (string | null)[], number]>(
      reads.hmget(record, 'trimmed', 'context', 'history').exists(record),
      [[0, new QuarantinedError(id, garbage)]],
    );
    if (exists === 0) return undefined;
    const seal = await this.cipher.of(id);
    try {
      const texts = short ? itemsInRecord(short).slice(from, to < 0 ? undefined : to + 1) : listed;
      const items = texts.map((text) => openItem(text, seal));
      return { items, trimmed: Number(trimmed ?? 0), context: contextOf(context ?? '{}', seal) };
    } catch {
      throw new QuarantinedError(id, garbage);
    }
  }
}

function contextOf(text: string, seal: Seal): string {
  try {
    return seal.open(text, 'context');
  } catch (error) {
    if (error instanceof SealedError) return text;
    throw error;
  }
}

/** @param first place in the list of the first of them */
export function numbered(items: readonly HistoryItem[], trimmed: number, first: number, after: number) {
  return {
    lost: Math.max(0, trimmed - after),
    items: items.map((item, i) => ({ ...item, number: trimmed + first + i + 1 })),
  };
}

/** Whether an item of them is to be shown with what only a later one can tell. */
function needsNext(items: readonly StoredItem[], isFirst: boolean): boolean {
  const last = items.findLastIndex(hasChanged);
  return last < 0 ? isFirst : last < items.length - 1;
}
