import type { ChainableCommander } from 'ioredis';
import { noCipher, noSeal, type PayloadCipher } from '../../core/payload-cipher';
import type { RedisConnection } from '../connect';
import { readPlace } from '../../core/place';
import { askTogether, type Ask } from '../grouped-reads';
import type { Keyspace } from '../keyspace';
import { answered } from '../store-error';
import type { Entry, Order } from './cursor';
import type { Want } from './merge';
import type { Known } from './sources';
import { hasError, readSummary, SUMMARY_FIELDS, type Listed } from './summary';

/** Which part of the sorted sets a list is from. */
export interface Bounds {
  readonly order: Order;
  /** Start of the machines, ms: from, and before. */
  readonly from: number;
  readonly to: number;
  readonly idPrefix: string;
}

/** Reads indexes and records, each time all that is asked for in one round trip. All reject with StoreUnavailableError. */
export class IndexReader {
  constructor(
    private readonly redis: RedisConnection,
    private readonly keys: Keyspace,
    private readonly cipher: PayloadCipher = noCipher,
  ) {}

  /** Names are those of machines that are there, and of published definitions: machines of a version before may be in no place yet. */
  async known(): Promise<Known> {
    const { definitions: published } = this.keys;
    const asks: Ask[] = [{ key: published, ask: (pipeline) => pipeline.hkeys(published) }];
    for (let partition = 0; partition < this.keys.partitions; partition++) {
      const key = this.keys.places(partition);
      asks.push({ key, ask: (pipeline) => pipeline.smembers(key) });
    }
    const [definitions = [], ...texts] = (await this.all(asks)) as (string[] | undefined)[];
    const places = texts.map((list = []) => list.flatMap((text) => readPlace(text) ?? []));
    const names = definitions.map((field) => field.slice(0, field.lastIndexOf('@')));
    return { places, machines: [...new Set([...names, ...places.flat().map(({ machine }) => machine)])].sort() };
  }

  /** The candidate with the fewest entries. */
  async smallest(candidates: readonly (readonly string[])[]): Promise<readonly string[]> {
    const [first = [], ...others] = candidates;
    if (others.length === 0) return first;
    const asks = candidates.flat().map((key): Ask => ({ key, ask: (pipeline) => pipeline.zcard(key) }));
    const sizes = (await this.all(asks)).map((size) => Number(size ?? 0));
    let best = first;
    let least = Infinity;
    let at = 0;
    for (const keys of candidates) {
      const size = sizes.slice(at, at + keys.length).reduce((sum, each) => sum + each, 0);
      at += keys.length;
      if (size < least) [best, least] = [keys, size];
    }
    return best;
  }

  async answer(wants: readonly Want[], bounds: Bounds): Promise<void> {
    const asks = wants.map((want): Ask => ({
      key: want.key,
      ask: (pipeline) => (bounds.order === 'id' ? askById(pipeline, want, bounds.idPrefix) : askByTime(pipeline, want, bounds)),
    }));
    const replies = (await this.all(asks)) as (string[] | undefined)[];
    wants.forEach(({ answer }, i) => answer(entriesOf(replies[i] ?? [], bounds.order)));
  }

  /**
   * The machines of entries, as they are now. Nothing where a machine is gone, and where the entry is one of an earlier machine of this id,
   * whose record somebody has deleted by hand.
   */
  async read(entries: readonly Entry[], order: Order): Promise<readonly (Listed | undefined)[]> {
    const asks = entries.map(({ id }): Ask => {
      const key = this.keys.record(id);
      return { key, ask: (pipeline) => pipeline.hmget(key, ...SUMMARY_FIELDS) };
    });
    const replies = (await this.all(asks)) as ((string | null)[] | undefined)[];
    const seals = await Promise.all(entries.map(async ({ id }, i) => (hasError(replies[i]) ? this.cipher.of(id) : noSeal)));
    return entries.map(({ id, score }, i) => {
      const listed = readSummary(id, replies[i] ?? [], seals[i]);
      const created = Date.parse(listed?.summary.createdAt ?? '');
      return order === 'id' || created === score || created === 0 ? listed : undefined; // 0: it cannot be read
    });
  }

  /** Replies in order. Nothing for a key that somebody has put something else under by hand: one of them must not hide all machines. */
  private all(asks: readonly Ask[]): Promise<readonly unknown[]> {
    return answered(
      askTogether(this.redis, asks).then((replies) =>
        replies.map(([error, reply]) => {
          if (error && !error.message.startsWith('WRONGTYPE')) throw error;
          return error ? undefined : reply;
        }),
      ),
    );
  }
}

function askByTime(pipeline: ChainableCommander, { key, asked: { after, count } }: Want, { from, to }: Bounds): void {
  const max = after !== undefined && after.score < to ? String(after.score) : to === Infinity ? '+inf' : `(${to}`;
  pipeline.zrevrangebyscore(key, max, from === -Infinity ? '-inf' : String(from), 'WITHSCORES', 'LIMIT', 0, count);
}

/** Ids are ASCII: `~` comes after all of their characters. */
function askById(pipeline: ChainableCommander, { key, asked: { after, count } }: Want, idPrefix: string): void {
  pipeline.zrangebylex(
    key,
    after !== undefined && after.id > idPrefix ? `[${after.id}` : `[${idPrefix}`,
    `(${idPrefix}~`,
    'LIMIT',
    0,
    count,
  );
}

function entriesOf(reply: readonly string[], order: Order): Entry[] {
  if (order === 'id') return reply.map((id) => ({ id, score: 0 }));
  const entries: Entry[] = [];
  for (let i = 0; i + 1 < reply.length; i += 2) entries.push({ id: reply[i] as string, score: Number(reply[i + 1]) });
  return entries;
}
