import type { Redis } from 'ioredis';
import type { OperationStatus } from '../core/operations';
import type { Cursor, OperationSpec, OperationState, OperationStore, Page, Tally } from '../core/operations-ports';
import type { Keyspace } from './keyspace';
import { callScript } from './scripts';
import { answered } from './store-error';

const KEEP_MS = 7 * 24 * 3600 * 1000;
const REASON = 'reason:';

/** A hash for each operation, with the tag of partition 0; the machines it walks are in the indexes of all partitions. */
export class RedisOperationStore implements OperationStore {
  constructor(
    private readonly redis: Redis,
    private readonly keys: Keyspace,
  ) {}

  start(spec: OperationSpec): ReturnType<OperationStore['start']> {
    return answered(callScript(this.redis, 'operation-start', this.both(spec.id), [spec.id, JSON.stringify(spec)]));
  }

  async read(id: string): Promise<OperationState | undefined> {
    const [[seconds, micros], found] = await answered(Promise.all([this.redis.time(), this.redis.hgetall(this.hash(id))]));
    if (found.spec === undefined) return undefined;
    const count = (field: string): number => Number(found[field] ?? 0);
    const reasons = Object.entries(found).filter(([field]) => field.startsWith(REASON));
    return {
      spec: JSON.parse(found.spec) as OperationSpec,
      status: found.status as OperationStatus,
      cursor: { partition: count('partition'), score: count('score'), id: found.id ?? '' },
      matched: count('matched'),
      delivered: count('delivered'),
      kept: count('kept'),
      ignored: count('ignored'),
      refused: count('refused'),
      gone: count('gone'),
      reasons: Object.fromEntries(reasons.map(([field, value]) => [field.slice(REASON.length), Number(value)])),
      started: count('started'),
      updated: count('updated'),
      finished: found.finished === undefined ? null : Number(found.finished),
      now: Number(seconds) * 1000 + Math.floor(Number(micros) / 1000),
    };
  }

  running(): Promise<readonly string[]> {
    return answered(this.redis.smembers(this.all));
  }

  async page({ spec, cursor, started }: OperationState, batch: number): Promise<Page> {
    const { partition, score, id } = cursor;
    const index = this.index(spec, partition);
    const [after = 0, ...pairs] = await answered(
      callScript<[number, ...string[]]>(this.redis, 'operation-page', [index], [score, id, started, batch]),
    );
    const ids = pairs.filter((_, i) => i % 2 === 0).map(String);
    const isLastPartition = partition + 1 >= this.keys.partitions;
    if (Number(after) > 0) return { ids, cursor: { partition, score: Number(pairs.at(-1)), id: ids.at(-1) ?? '' }, last: false };
    return { ids, cursor: { partition: partition + 1, score: 0, id: '' }, last: isLastPartition };
  }

  async advance({ spec, cursor }: OperationState, page: Page, { reasons, ...tally }: Tally): Promise<boolean> {
    const counts = { matched: page.ids.length, ...tally };
    const fields = [
      ...Object.entries(counts),
      ...Object.entries(reasons).map(([code, number]): [string, number] => [REASON + code, number]),
    ];
    const args = [
      spec.id,
      ...placeOf(cursor),
      ...placeOf(page.cursor),
      page.last ? 1 : 0,
      KEEP_MS,
      ...fields.filter(([, number]) => number > 0).flat(),
    ];
    return Number(await answered(callScript<number>(this.redis, 'operation-advance', this.both(spec.id), args))) === 1;
  }

  async stop(id: string): Promise<boolean> {
    return Number(await answered(callScript<number>(this.redis, 'operation-stop', this.both(id), [id, KEEP_MS]))) === 1;
  }

  private index({ machine, tag }: OperationSpec, partition: number): string {
    return tag === null ? this.keys.machineIndex(partition, machine ?? '') : this.keys.tagIndex(partition, tag.key, tag.value);
  }
  private get all(): string {
    return `${this.keys.tag(0)}:operations`;
  }
  private hash(id: string): string {
    return `${this.keys.tag(0)}:op:${id}`;
  }
  private both(id: string): string[] {
    return [this.hash(id), this.all];
  }
}

function placeOf({ partition, score, id }: Cursor): (string | number)[] {
  return [partition, score, id];
}
