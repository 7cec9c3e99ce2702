import type { RedisConnection } from '../connect';
import {
  InvalidFilterError,
  MachineListing,
  type FailureGroup,
  type MachineCount,
  type MachineFilter,
  type MachinePage,
  type MachineSummary,
  type MachineTally,
} from '../../core/listing';
import { checkFilter, checkLimit, checkVersion, DEFAULT_PAGE, matches, rangeOf } from '../../core/machine-filter';
import { isName, NAME_RULE, quote } from '../../core/names';
import { noCipher, type PayloadCipher, type Seal } from '../../core/payload-cipher';
import { placeText, readPlace } from '../../core/place';
import { FAILURES, readGroupText } from '../failure-group';
import type { Keyspace } from '../keyspace';
import { callScript } from '../scripts';
import { answered } from '../store-error';
import { iso } from '../view';
import { readCursor, writeCursor, type Entry, type Order } from './cursor';
import { IndexReader, type Bounds, type Found } from './index-reader';
import { Merge } from './merge';
import { pieceOf } from './range';
import { sourcesOf, wantedArgs } from './sources';
import { sortCounts, sortGroups, Tally } from './tally';

/** Records that one page may look at: what it costs is bounded, however few of them are of the filter. */
const LOOKED_AT = 2000;
/** Records read in one round trip, once the first have not made a page. */
const BATCH = 200;
/** Records that a tally looks at, unless told otherwise. */
const TALLIED = 10_000;

/** Lists and counts over the indexes of all partitions; see docs/decisions/0019. */
export class RedisMachineListing extends MachineListing {
  private readonly reader: IndexReader;

  constructor(
    private readonly redis: RedisConnection,
    private readonly keys: Keyspace,
    private readonly cipher: PayloadCipher = noCipher,
  ) {
    super();
    this.reader = new IndexReader(redis, keys, cipher);
  }

  async list(filter: MachineFilter, page: { readonly cursor?: string; readonly limit?: number } = {}): Promise<MachinePage> {
    const { cursor, limit = DEFAULT_PAGE } = page;
    checkFilter(filter);
    checkLimit(limit);
    const order: Order = filter.idPrefix === undefined ? 'time' : 'id';
    const after = cursor === undefined ? undefined : readCursor(order, cursor);
    const sources = await this.reader.smallest(sourcesOf(filter, this.keys));
    const piece = pieceOf(limit + 1, sources.length);
    return this.page(
      filter,
      new Merge(sources, order, after, piece),
      { order, ...rangeOf(filter), idPrefix: filter.idPrefix ?? '' },
      limit,
    );
  }

  private async page(filter: MachineFilter, merge: Merge<Found>, bounds: Bounds, limit: number): Promise<MachinePage> {
    const { order } = bounds;
    const items: MachineSummary[] = [];
    let last: Entry | undefined;
    let looked = 0;
    // One more than a page holds: whether there is a next page is known then.
    for (let size = limit + 1; looked < LOOKED_AT; size = items.length === limit ? 1 : BATCH) {
      const wanted = Math.min(size, LOOKED_AT - looked);
      const entries = await this.entries(merge, bounds, wanted);
      const machines = await this.reader.read(entries, order);
      for (const [i, listed] of machines.entries()) {
        if (last && items.length === limit) return { items, next: writeCursor(order, last) };
        if (listed && matches(filter, listed.summary, listed.group)) items.push(listed.summary);
        last = entries[i];
      }
      if (entries.length < wanted) return { items, next: null };
      looked += entries.length;
    }
    return { items, next: last ? writeCursor(order, last) : null };
  }

  /** The next entries, fewer where there are no more. */
  private async entries(merge: Merge<Found>, bounds: Bounds, count: number): Promise<readonly Found[]> {
    const entries: Found[] = [];
    while (entries.length < count) {
      const entry = merge.next();
      if (entry === undefined) break;
      if (entry === 'asks') await this.reader.answer(merge.wants, bounds);
      else entries.push(entry);
    }
    return entries;
  }

  async counts(machine?: string, version?: number): Promise<readonly MachineCount[]> {
    const counts = new Map<string, MachineCount>();
    for (const reply of await this.ask<(string | number)[]>(
      'places',
      (partition) => this.keys.places(partition),
      machine,
      version,
    )) {
      for (let i = 0; i + 1 < reply.length; i += 2) {
        const place = readPlace(String(reply[i]));
        if (!place) continue;
        const { machine: name, version: number, status, state } = place;
        const plain = { machine: name, version: number, status, state };
        const key = placeText(plain);
        counts.set(key, { ...plain, count: (counts.get(key)?.count ?? 0) + Number(reply[i + 1]) });
      }
    }
    return sortCounts(counts.values());
  }

  async failures(machine?: string, version?: number): Promise<readonly FailureGroup[]> {
    const groups = new Map<string, FailureGroup>();
    for (const reply of await this.ask<string[]>(
      'failures',
      (partition) => this.keys.failureGroups(partition),
      machine,
      version,
    )) {
      for (let i = 0; i + 5 < reply.length; i += 6) {
        const found = groupOf(reply.slice(i, i + 6), await this.cipher.shared(String(reply[i + 5]), FAILURES));
        if (!found) continue;
        const before = groups.get(found.group);
        groups.set(found.group, before ? together(before, found) : found);
      }
    }
    return sortGroups(groups.values());
  }

  async tally(filter: MachineFilter & { readonly idPrefix: string }, atMost = TALLIED): Promise<MachineTally> {
    checkFilter(filter);
    const bounds: Bounds = { order: 'id', ...rangeOf(filter), idPrefix: filter.idPrefix };
    const [sources = []] = sourcesOf(filter, this.keys);
    const merge = new Merge<Found>(sources, 'id', undefined, BATCH);
    const tally = new Tally();
    let complete = false;
    for (let looked = 0; looked < atMost && !complete;) {
      const wanted = Math.min(BATCH, atMost - looked);
      const entries = await this.entries(merge, bounds, wanted);
      for (const listed of await this.reader.read(entries, 'id')) {
        if (listed && matches(filter, listed.summary, listed.group)) tally.add(listed);
      }
      complete = entries.length < wanted;
      looked += entries.length;
    }
    return { counts: tally.counts, failures: tally.failures(await this.failures(filter.machine, filter.version)), complete };
  }

  /** The reply of each partition. */
  private ask<T>(
    script: 'places' | 'failures',
    keyOf: (partition: number) => string,
    machine: string | undefined,
    version: number | undefined,
  ): Promise<readonly T[]> {
    if (machine !== undefined && !isName(machine)) throw new InvalidFilterError('machine', `is ${quote(machine)}; ${NAME_RULE}`);
    checkVersion(machine, version);
    const machines = machine === undefined ? [] : [version === undefined ? machine : `${machine}@${version}`];
    const args = wantedArgs({ machines, kinds: [] });
    const partitions = Array.from({ length: this.keys.partitions }, (_, partition) => partition);
    return answered(Promise.all(partitions.map((each) => callScript<T>(this.redis, script, [keyOf(each)], args))));
  }
}

function groupOf(
  [text = '', title = '', count, oldest, newest, example = '']: readonly string[],
  seal: Seal,
): FailureGroup | undefined {
  const place = readPlace(text);
  if (place?.group === undefined) return undefined;
  const { machine, version, group } = place;
  const times = { firstAt: iso(Number(oldest)), lastAt: iso(Number(newest)) };
  return { group, machine, version, ...readGroupText(title, seal), count: Number(count), ...times, example };
}

/** Of two partitions, or of two states that a machine may have been in before the one that failed. */
function together(a: FailureGroup, b: FailureGroup): FailureGroup {
  const [older, newer] = a.lastAt < b.lastAt ? [a, b] : [b, a];
  const firstAt = a.firstAt < b.firstAt ? a.firstAt : b.firstAt;
  return { ...newer, count: older.count + newer.count, firstAt };
}
