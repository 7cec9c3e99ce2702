import { noCipher, noSeal, type PayloadCipher } from '../../core/payload-cipher';
import type { RedisConnection } from '../connect';
import { askTogether, type Ask } from '../grouped-reads';
import type { Keyspace } from '../keyspace';
import { callScript } from '../scripts';
import { answered } from '../store-error';
import type { Entry, Order } from './cursor';
import type { Want } from './merge';
import { wantedArgs, type Source } from './sources';
import { hasError, readSummary, SUMMARY_FIELDS, type Listed } from './summary';

/** Which part of the sorted sets a list is from. */
export interface Bounds {
  readonly order: Order;
  /** Start of the machines, ms: from, and before. */
  readonly from: number;
  readonly to: number;
  readonly idPrefix: string;
}

/** An entry with its machine's record, as both were at one moment. */
export interface Found extends Entry {
  /** Of {@link SUMMARY_FIELDS}, with a zero byte between two; empty for what is no record. */
  readonly text: string;
}

type Values = readonly (string | null)[];

/** Reads indexes and records, each time all that is asked for in one round trip. All reject with StoreUnavailableError. */
export class IndexReader {
  constructor(
    private readonly redis: RedisConnection,
    private readonly keys: Keyspace,
    private readonly cipher: PayloadCipher = noCipher,
  ) {}

  /** The candidate with the fewest machines. */
  async smallest(candidates: readonly (readonly Source[])[]): Promise<readonly Source[]> {
    if (candidates.length < 2) return candidates[0] ?? [];
    const sizes = await Promise.all(
      candidates.map(async (sources) => {
        const each = await Promise.all(sources.map((source) => this.sizeOf(source)));
        return each.reduce((sum, size) => sum + size, 0);
      }),
    );
    return candidates[sizes.indexOf(Math.min(...sizes))] ?? [];
  }

  private async sizeOf({ key, places }: Source): Promise<number> {
    if (places === undefined) {
      const [size] = await this.all([{ key, ask: (pipeline) => pipeline.zcard(key) }]);
      return Number(size ?? 0);
    }
    const found = await answered(callScript<(string | number)[]>(this.redis, 'places', [key], wantedArgs(places)));
    return found.reduce<number>((sum, each, i) => (i % 2 === 0 ? sum : sum + Number(each)), 0);
  }

  async answer(wants: readonly Want<Found>[], bounds: Bounds): Promise<void> {
    const asked = wants.map((want) => (bounds.order === 'id' ? this.byId(want, bounds) : this.byTime(want, bounds)));
    const replies = await answered(Promise.all(asked));
    wants.forEach(({ answer }, i) => answer(replies[i] ?? []));
  }

  /** Ids are ASCII: `~` comes after all of their characters. */
  private async byId({ source, asked: { after, count } }: Want<Found>, { idPrefix }: Bounds): Promise<readonly Found[]> {
    const first = after !== undefined && after.id >= idPrefix ? `(${after.id}` : `[${idPrefix}`;
    const args = [first, `(${idPrefix}~`, count, SUMMARY_FIELDS.length, ...SUMMARY_FIELDS];
    const reply = await callScript<string[]>(this.redis, 'list-ids', [source.key], args);
    return inPieces(reply, 2).map(([id = '', text = '']) => ({ id, score: 0, text }));
  }

  private async byTime({ source, asked: { after, count } }: Want<Found>, { from, to }: Bounds): Promise<readonly Found[]> {
    const [score, id] = after !== undefined && after.score < to ? [after.score, after.id] : [to, ''];
    const places = source.places ? wantedArgs(source.places) : [];
    const args = [
      'falling',
      scoreText(score),
      id,
      scoreText(Math.max(0, from)),
      count,
      SUMMARY_FIELDS.length,
      ...SUMMARY_FIELDS,
      ...places,
    ];
    const reply = await callScript<string[]>(this.redis, 'list', [source.key], args);
    return inPieces(reply, 3).map(([id = '', score, text = '']) => ({ id, score: Number(score), text }));
  }

  /** The machines found. Nothing for an entry of an earlier machine of this id, whose record somebody has deleted by hand. */
  async read(found: readonly Found[], order: Order): Promise<readonly (Listed | undefined)[]> {
    const records = await this.valuesOf(found);
    const seals = await Promise.all(found.map(async ({ id }, i) => (hasError(records[i]) ? this.cipher.of(id) : noSeal)));
    return found.map(({ id, score }, i) => {
      const listed = readSummary(id, records[i] ?? [], seals[i]);
      const created = Date.parse(listed?.summary.createdAt ?? '');
      return order === 'id' || created === score || created === 0 ? listed : undefined; // 0: it cannot be read
    });
  }

  /** A record that somebody has written a zero byte into by hand has too many values: it is read again, value by value. */
  private async valuesOf(found: readonly Found[]): Promise<readonly Values[]> {
    const records: Values[] = found.map(({ text }) => text.split('\0'));
    const torn = found.flatMap(({ id }, i) =>
      (records[i]?.length ?? 0) > SUMMARY_FIELDS.length ? [{ key: this.keys.record(id), i }] : [],
    );
    if (torn.length === 0) return records;
    const asks = torn.map(({ key }): Ask => ({ key, ask: (pipeline) => pipeline.hmget(key, ...SUMMARY_FIELDS) }));
    const replies = (await this.all(asks)) as (Values | undefined)[];
    torn.forEach(({ i }, place) => (records[i] = replies[place] ?? []));
    return records;
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

function scoreText(score: number): string {
  return Number.isFinite(score) ? String(score) : '+inf';
}

function inPieces(reply: readonly string[], size: number): string[][] {
  return Array.from({ length: reply.length / size }, (_, i) => reply.slice(i * size, (i + 1) * size));
}
