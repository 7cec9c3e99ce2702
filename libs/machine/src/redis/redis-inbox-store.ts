import type { RedisConnection } from './connect';
import type { InboxItem } from '../core/events';
import type { DeliverResult, DeliveryMark, InboxStore, MachineKind } from '../core/message-ports';
import { STATUSES, type MachineStatus } from '../core/model';
import { noCipher, type PayloadCipher, type Seal } from '../core/payload-cipher';
import { SealedError } from '../core/sealed-error';
import type { Json } from '../core/step';
import type { Keyspace } from './keyspace';
import { openData } from './open-texts';
import { serverFor } from './read-on';
import { readJob } from './replies';
import { callScript } from './scripts';
import { answered, refuseMoved } from './store-error';
import { iso } from './view';

/** Dedupe ids that a machine remembers, the newest ones. */
const REMEMBERED = 10_000;
/** Items that are read at a time where only so many bytes are wanted: each may have hundreds of kilobytes. */
const PIECE = 32;

/** Events on their way into machines. */
export class RedisInboxStore implements InboxStore {
  constructor(
    private readonly redis: RedisConnection,
    private readonly keys: Keyspace,
    private readonly cipher: PayloadCipher = noCipher,
  ) {}

  async kindOf(id: string): Promise<MachineKind | undefined> {
    const fields = this.redis.hmget(this.keys.record(id), 'machine', 'version', 'run', 'status');
    const [machine, version, run, status] = await answered(fields);
    if (!machine || !run || !STATUSES.includes(status as MachineStatus)) return undefined;
    return { machine, version: Number(version), runId: run, status: status as MachineStatus };
  }

  /** Both are asked in any case: neither the answer nor its time tells whether the machine is there. */
  async holderOf(id: string, hash: string): Promise<MachineKind | undefined> {
    const [kind, known] = await Promise.all([this.kindOf(id), answered(this.redis.hexists(this.keys.callbacks(id), hash))]);
    return known === 1 ? kind : undefined;
  }

  async deliver(id: string, event: string, data: string, mark: DeliveryMark, traceparent = ''): Promise<DeliverResult> {
    const keys = [...this.keys.ofMachine(id), this.keys.seen(id), this.keys.highWater(id)];
    const seal = await this.cipher.of(id);
    const args = [
      id,
      event,
      seal.seal(data, 'data'),
      mark.kind,
      ...markOf(mark),
      REMEMBERED,
      mark.kind === 'message' ? serverFor(this.redis, this.keys, id, mark.server) : '',
      traceparent,
    ];
    const [outcome, ...rest] = await answered(callScript(this.redis, 'deliver', keys, args));
    refuseMoved(outcome);
    switch (outcome) {
      case 'taken':
      case 'kept':
        return { outcome, job: readJob(id, rest) };
      case 'ignored':
      case 'duplicate':
      case 'missing':
      case 'gone':
        return { outcome };
      case 'rejected':
        return { outcome, state: rest[0] ?? '' };
      case 'full':
        return { outcome, limit: Number(rest[0]) };
      case 'ended':
        return { outcome, status: rest[0] as MachineStatus };
      case 'garbage':
        return { outcome, reason: rest[0] ?? '' };
      default:
        throw new Error(`deliver answered "${outcome}", which this version does not know`);
    }
  }

  async list(id: string, atMostBytes?: number): Promise<readonly InboxItem[] | undefined> {
    const texts = atMostBytes === undefined ? this.redis.lrange(this.keys.inbox(id), 0, -1) : this.oldest(id, atMostBytes);
    const [items, exists] = await answered(Promise.all([texts, this.redis.exists(this.keys.record(id))]));
    if (exists === 0) return undefined;
    const seal = await this.cipher.of(id);
    return items.map((text) => readItem(text, seal)).filter((item) => item !== undefined);
  }

  /** Piece by piece, so that no more is read than is wanted. What is taken meanwhile may leave one out that comes after it. */
  private async oldest(id: string, atMostBytes: number): Promise<string[]> {
    const texts: string[] = [];
    for (let room = atMostBytes; ;) {
      const piece = await this.redis.lrange(this.keys.inbox(id), texts.length, texts.length + PIECE - 1);
      for (const text of piece) {
        room -= Buffer.byteLength(text);
        if (room < 0 && texts.length > 0) return texts;
        texts.push(text);
      }
      if (piece.length < PIECE) return texts;
    }
  }

  async drop(id: string, itemId: number): Promise<boolean> {
    const [outcome] = await answered(callScript(this.redis, 'drop', this.keys.ofMachine(id), [itemId]));
    return outcome === 'dropped';
  }

  async beat(id: string, hash: string, details: string): Promise<number | undefined> {
    const seal = await this.cipher.of(id);
    const args = [hash, seal.seal(details, 'beat')];
    const reply = await answered(callScript(this.redis, 'callback-beat', this.keys.ofMachine(id), args));
    return reply[0] === 'alive' ? Number(reply[1]) : undefined;
  }
}

function markOf(mark: DeliveryMark): (string | number)[] {
  if (mark.kind === 'id') return [mark.id, ''];
  return mark.kind === 'message' ? [mark.run, mark.number] : [mark.hash, mark.nonce];
}

/** Data that cannot be opened is not shown. */
function readItem(text: string, seal: Seal): InboxItem | undefined {
  const [, id, at, event = '', data = ''] = /^(\d+)(?:\/\S+)? (\d+) (\S+) ([\s\S]*)$/.exec(text) ?? [];
  if (id === undefined || at === undefined) return undefined;
  return { id: Number(id), event, data: shown(data, seal), receivedAt: iso(at) };
}

function shown(data: string, seal: Seal): Json {
  try {
    return data === '' ? null : (JSON.parse(openData(data, seal)) as Json);
  } catch (error) {
    if (error instanceof SealedError) return null;
    throw error;
  }
}
