import type { ScriptArgument } from '@stile/lease';
import type { RedisConnection } from './connect';
import { STATUSES } from '../core/model';
import type { OperationStatus, StopCause } from '../core/operations';
import {
  COUNTERS,
  type IdPage,
  type OperationSpec,
  type OperationState,
  type OperationStore,
  type SendSpec,
  type Standing,
  type Turn,
  type Walk,
} from '../core/operations-ports';
import { noCipher, type PayloadCipher, type Seal } from '../core/payload-cipher';
import { SealedError } from '../core/sealed-error';
import type { Json } from '../core/step';
import { askTogether, type Ask, type PipelineReply } from './grouped-reads';
import type { Keyspace } from './keyspace';
import { NO_FIELDS, wantedArgs } from './listing/sources';
import { callScript } from './scripts';
import { answered } from './store-error';

const KEEP_MS = 7 * 24 * 3600 * 1000;
const REASON = 'reason:';

const ASKED: StopCause = 'asked';

/** A hash for each operation, with the tag of partition 0; the machines it is for are in all partitions. */
export class RedisOperationStore implements OperationStore {
  constructor(
    private readonly redis: RedisConnection,
    private readonly keys: Keyspace,
    private readonly cipher: PayloadCipher = noCipher,
  ) {}

  async start(spec: OperationSpec, total: number | null): ReturnType<OperationStore['start']> {
    const begin: Walk = { cursor: '', hand: [] };
    const args = [spec.id, await this.textOf(spec), JSON.stringify(begin), total ?? ''];
    return answered(callScript(this.redis, 'operation-start', [this.hash(spec.id), this.runningKey], args));
  }

  async read(id: string): Promise<OperationState | undefined> {
    const [[seconds, micros], found] = await answered(Promise.all([this.redis.time(), this.redis.hgetall(this.hash(id))]));
    if (found.spec === undefined) return undefined;
    const number = (field: string): number => Number(found[field] ?? 0);
    const reasons = Object.entries(found).filter(([field]) => field.startsWith(REASON));
    const counts = COUNTERS.map((field): [(typeof COUNTERS)[number], number] => [field, number(field)]);
    return {
      ...openSpec(found.spec, await this.sealOf(id)),
      status: found.status as OperationStatus,
      stoppedBecause: found.because ? (found.because as StopCause) : null,
      total: found.total ? Number(found.total) : null,
      turn: number('turn'),
      walk: JSON.parse(found.walk ?? '') as Walk,
      ...(Object.fromEntries(counts) as Record<(typeof COUNTERS)[number], number>),
      reasons: Object.fromEntries(reasons.map(([field, value]) => [field.slice(REASON.length), Number(value)])),
      started: number('started'),
      updated: number('updated'),
      finished: found.finished === undefined ? null : Number(found.finished),
      now: Number(seconds) * 1000 + Math.floor(Number(micros) / 1000),
    };
  }

  running(): Promise<readonly string[]> {
    return answered(this.redis.smembers(this.runningKey));
  }

  ended(limit: number): Promise<readonly string[]> {
    return answered(this.redis.zrevrange(this.endedKey, 0, limit - 1));
  }

  async page(spec: SendSpec, startedBefore: number, cursor: string, limit: number): Promise<IdPage> {
    const { partition, score, id } = readPlace(cursor);
    const [key, places] = this.machinesOf(spec, partition);
    const args = ['rising', score, id, startedBefore, limit + 1, NO_FIELDS, ...places];
    const pairs = await answered(callScript<string[]>(this.redis, 'list', [key], args));
    const ids = pairs.filter((_, i) => i % 2 === 0).slice(0, limit);
    if (pairs.length > 2 * limit) return { ids, next: `${partition} ${pairs[2 * limit - 1]} ${ids.at(-1)}` };
    return { ids, next: partition + 1 < this.keys.partitions ? `${partition + 1} 0 ` : null };
  }

  async standings(ids: readonly string[]): Promise<readonly (Standing | undefined)[]> {
    if (ids.length === 0) return [];
    const asks = ids.map((id): Ask => {
      const key = this.keys.record(id);
      return { key, ask: (pipeline) => pipeline.hmget(key, 'status', 'steps', 'retries') };
    });
    const replies = await answered(askTogether(this.redis, asks).then(refuseErrors));
    return ids.map((_, i) => {
      const [name, steps, retries] = (replies[i]?.[1] ?? []) as (string | null)[];
      const status = STATUSES.find((known) => known === name);
      return status && { status, steps: Number(steps), retries: Number(retries) };
    });
  }

  async advance({ spec, turn }: OperationState, { walk, tally = {}, end }: Turn): Promise<boolean> {
    const { reasons = {}, ...counts } = tally;
    const fields = [
      ...Object.entries(counts),
      ...Object.entries(reasons).map(([code, number]): [string, number] => [REASON + code, number]),
    ];
    const args = [spec.id, turn, JSON.stringify(walk), end ?? '', KEEP_MS, ...fields.filter(([, number]) => number > 0).flat()];
    return Number(await answered(callScript<number>(this.redis, 'operation-advance', this.all(spec.id), args))) === 1;
  }

  async stop(id: string): Promise<boolean> {
    return Number(await answered(callScript<number>(this.redis, 'operation-stop', this.all(id), [id, ASKED, KEEP_MS]))) === 1;
  }

  /** An index, or the places and which of them. */
  private machinesOf({ machine, tag }: SendSpec, partition: number): readonly [key: string, places: readonly ScriptArgument[]] {
    if (tag !== null) return [this.keys.tagIndex(partition, tag.key, tag.value), []];
    return [this.keys.places(partition), wantedArgs({ machines: [machine ?? ''], kinds: [] })];
  }

  /** Of the machines of no tenant: an operation may be for those of several. */
  private sealOf(id: string): Seal | Promise<Seal> {
    return this.cipher.shared('', `operation ${id}`);
  }

  /** The same operation is the same text: where it stands there already, the text that stands there. */
  private async textOf(spec: OperationSpec): Promise<string> {
    const plain = JSON.stringify(spec);
    if (spec.act !== 'send' || spec.data === undefined) return plain;
    const seal = await this.sealOf(spec.id);
    if (!seal.on) return plain;
    const stored = await answered(this.redis.hget(this.hash(spec.id), 'spec'));
    const { data, ...open } = spec;
    if (stored !== null && (stored === plain || isSame(openSpec(stored, seal), open, data))) return stored;
    return JSON.stringify({ ...open, sealed: seal.seal(JSON.stringify(data), 'data') });
  }

  private get runningKey(): string {
    return `${this.keys.tag(0)}:operations`;
  }
  private get endedKey(): string {
    return `${this.keys.tag(0)}:operations-ended`;
  }
  private hash(id: string): string {
    return `${this.keys.tag(0)}:op:${id}`;
  }
  private all(id: string): string[] {
    return [this.hash(id), this.runningKey, this.endedKey];
  }
}

function openSpec(text: string, seal: Seal): Pick<OperationState, 'spec' | 'unreadable'> {
  const { sealed, ...spec } = JSON.parse(text) as OperationSpec & { readonly sealed?: string };
  if (sealed === undefined) return { spec };
  try {
    return { spec: { ...spec, data: JSON.parse(seal.open(sealed, 'data')) as Json } as OperationSpec };
  } catch (error) {
    if (!(error instanceof SealedError)) throw error;
    return { spec, unreadable: error };
  }
}

/** By their texts; where the data stands among the fields does not matter. */
function isSame({ spec, unreadable }: ReturnType<typeof openSpec>, open: object, data: Json): boolean {
  if (unreadable || spec.act !== 'send') return false;
  const { data: was, ...rest } = spec;
  return JSON.stringify(rest) === JSON.stringify(open) && JSON.stringify(was) === JSON.stringify(data);
}

/** A record that is not a hash is as good as none. Any other error must not be taken for machines that are gone. */
function refuseErrors(replies: readonly PipelineReply[]): readonly PipelineReply[] {
  for (const [error] of replies) if (error && !error.message.startsWith('WRONGTYPE')) throw error;
  return replies;
}

/** The last machine of a page: in the order of partition, start and id, the next one comes after it. */
function readPlace(cursor: string): { partition: number; score: string; id: string } {
  const [partition = '0', score = '0', id = ''] = cursor.split(' ');
  return { partition: Number(partition), score, id };
}
