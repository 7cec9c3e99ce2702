import type { ChainableCommander } from 'ioredis';
import { noCipher, noSeal, type PayloadCipher } from '../../core/payload-cipher';
import { isCluster, type RedisConnection } from '../connect';
import { askTogether, type Ask } from '../grouped-reads';
import type { Keyspace } from '../keyspace';
import { callScript } from '../scripts';
import { answered } from '../store-error';
import type { Entry, Order } from './cursor';
import type { Want } from './merge';
import { wantedArgs, type Source } from './sources';
import { hasError, readSummary, SUMMARY_FIELDS, type Listed } from './summary';

/** Records that one script reads: what else is asked of Redis meanwhile waits for so many at most. */
const TOGETHER = 64;

type Values = readonly (string | null)[];

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
  /** Whether one script may read several records: a cluster refuses what is about several keys while their slot moves. */
  private together: boolean;

  constructor(
    private readonly redis: RedisConnection,
    private readonly keys: Keyspace,
    private readonly cipher: PayloadCipher = noCipher,
  ) {
    this.together = !isCluster(redis);
  }

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

  async answer(wants: readonly Want[], bounds: Bounds): Promise<void> {
    const replies = await (bounds.order === 'id' ? this.byId(wants, bounds.idPrefix) : this.byTime(wants, bounds));
    wants.forEach(({ answer }, i) => answer(replies[i] ?? []));
  }

  private async byId(wants: readonly Want[], idPrefix: string): Promise<readonly Entry[][]> {
    const asks = wants.map((want): Ask => {
      const { key } = want.source;
      return { key, ask: (pipeline) => askById(pipeline, want, idPrefix) };
    });
    const replies = (await this.all(asks)) as (string[] | undefined)[];
    return replies.map((ids = []) => ids.map((id) => ({ id, score: 0 })));
  }

  private byTime(wants: readonly Want[], { from, to }: Bounds): Promise<readonly Entry[][]> {
    const asked = wants.map(async ({ source, asked: { after, count } }) => {
      const [score, id] = after !== undefined && after.score < to ? [after.score, after.id] : [to, ''];
      const args = ['falling', scoreText(score), id, scoreText(from), count, ...(source.places ? wantedArgs(source.places) : [])];
      return entriesOf(await callScript<string[]>(this.redis, 'list', [source.key], args));
    });
    return answered(Promise.all(asked));
  }

  /**
   * The machines of entries, as they are now. Nothing where a machine is gone, and where the entry is one of an earlier machine of this id,
   * whose record somebody has deleted by hand.
   */
  async read(entries: readonly Entry[], order: Order): Promise<readonly (Listed | undefined)[]> {
    const replies = await this.values(entries.map(({ id }) => this.keys.record(id)));
    const seals = await Promise.all(entries.map(async ({ id }, i) => (hasError(replies[i]) ? this.cipher.of(id) : noSeal)));
    return entries.map(({ id, score }, i) => {
      const listed = readSummary(id, replies[i] ?? [], seals[i]);
      const created = Date.parse(listed?.summary.createdAt ?? '');
      return order === 'id' || created === score || created === 0 ? listed : undefined; // 0: it cannot be read
    });
  }

  /** Of {@link SUMMARY_FIELDS}, for each record. */
  private async values(records: readonly string[]): Promise<readonly Values[]> {
    const found: Values[] = this.together ? await this.valuesTogether(records) : [];
    const left = [...records.keys()].filter((i) => found[i]?.length !== SUMMARY_FIELDS.length);
    if (left.length === 0) return found;
    const asks = left.map((i): Ask => {
      const key = records[i] as string;
      return { key, ask: (pipeline) => pipeline.hmget(key, ...SUMMARY_FIELDS) };
    });
    const replies = (await this.all(asks)) as (Values | undefined)[];
    left.forEach((i, place) => (found[i] = replies[place] ?? []));
    return found;
  }

  /**
   * A record that somebody has written a zero byte into by hand has too many values here, one that is no hash too few. A cluster that looks like
   * one server from here, as behind a proxy, refuses keys of several slots: then it is not asked again.
   */
  private async valuesTogether(records: readonly string[]): Promise<Values[]> {
    const groups = Array.from({ length: Math.ceil(records.length / TOGETHER) }, (_, i) =>
      records.slice(i * TOGETHER, (i + 1) * TOGETHER),
    );
    const asked = groups.map((group) => callScript<string[]>(this.redis, 'summaries', group, SUMMARY_FIELDS));
    const unlessApart = (error: unknown): never[] => {
      if (!(error instanceof Error && error.message.startsWith('CROSSSLOT'))) throw error;
      this.together = false;
      return [];
    };
    const texts = await answered(Promise.all(asked).catch(unlessApart));
    return texts.flat().map((text) => text.split('\0'));
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
  if (Number.isFinite(score)) return String(score);
  return score < 0 ? '-inf' : '+inf';
}

/** Ids are ASCII: `~` comes after all of their characters. */
function askById(pipeline: ChainableCommander, { source, asked: { after, count } }: Want, idPrefix: string): void {
  pipeline.zrangebylex(
    source.key,
    after !== undefined && after.id > idPrefix ? `[${after.id}` : `[${idPrefix}`,
    `(${idPrefix}~`,
    'LIMIT',
    0,
    count,
  );
}

/** Of ids and scores in turns. */
function entriesOf(reply: readonly string[]): Entry[] {
  const entries: Entry[] = [];
  for (let i = 0; i + 1 < reply.length; i += 2) entries.push({ id: reply[i] as string, score: Number(reply[i + 1]) });
  return entries;
}
