import type { RedisConnection } from './connect';
import {
  MAX_SCHEDULES,
  MAX_WAITING,
  type ScheduleSpec,
  type ScheduleState,
  type ScheduleStore,
  type SlotDecision,
  type SlotEnd,
} from '../core/schedules-ports';
import { noCipher, type PayloadCipher, type Seal } from '../core/payload-cipher';
import { slotId } from '../core/schedules';
import { SealedError } from '../core/sealed-error';
import type { Keyspace } from './keyspace';
import { packError, showError } from './open-texts';
import { callScript } from './scripts';
import { answered } from './store-error';

/** A hash and a list for each schedule; all of them carry the tag of partition 0, where their alarms are. */
export class RedisScheduleStore implements ScheduleStore {
  private readonly tag: string;

  constructor(
    private readonly redis: RedisConnection,
    keys: Keyspace,
    private readonly cipher: PayloadCipher = noCipher,
  ) {
    this.tag = keys.tag(0);
  }

  async put(spec: ScheduleSpec): ReturnType<ScheduleStore['put']> {
    const seal = await this.sealOf(spec.name);
    const args = [spec.name, await this.textOf(spec, seal), JSON.stringify(spec.timing), MAX_SCHEDULES];
    return answered(callScript(this.redis, 'schedule-put', [this.hash(spec.name), this.all], args));
  }

  async read(name: string): Promise<ScheduleState | undefined> {
    const reply = await answered(callScript<string[]>(this.redis, 'schedule-read', this.both(name), []));
    const [now, waiting, head, ...fields] = reply;
    if (fields.length === 0) return undefined;
    const found = new Map<string, string>();
    for (let i = 0; i + 1 < fields.length; i += 2) found.set(fields[i] as string, fields[i + 1] as string);
    const count = (field: string): number => Number(found.get(field) ?? 0);
    const slot = found.get('slot');
    const error = found.get('error');
    const seal = await this.sealOf(name);
    return {
      ...openSpec(found.get('spec') ?? '{}', seal),
      rev: count('rev'),
      stopped: found.get('stopped') !== '0',
      anchor: count('anchor'),
      last: count('last'),
      lastSlot: slot === undefined ? null : Number(slot),
      lastCorrelationId: found.get('id') ?? null,
      started: count('started'),
      missed: count('missed'),
      skipped: count('skipped'),
      failed: count('failed'),
      error: error === undefined ? null : showError<NonNullable<ScheduleState['error']>>(error, seal),
      created: count('created'),
      updated: count('updated'),
      head: head === undefined || head === '' ? null : Number(head),
      waiting: Number(waiting),
      now: Number(now),
    };
  }

  names(): Promise<readonly string[]> {
    return answered(this.redis.smembers(this.all));
  }

  /** Server time, ms. */
  async now(): Promise<number> {
    const [seconds, micros] = await answered(this.redis.time());
    return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
  }

  async remove(name: string): Promise<boolean> {
    const keys = [...this.both(name), this.all];
    return isOne(await answered(callScript<number>(this.redis, 'schedule-remove', keys, [name])));
  }

  async switch(name: string, to: 'stopped' | 'running'): Promise<boolean> {
    const stopped = to === 'stopped' ? 1 : 0;
    return isOne(await answered(callScript<number>(this.redis, 'schedule-switch', this.both(name), [stopped])));
  }

  async take(name: string, { rev, from, to, slot, missed, skipped }: SlotDecision): Promise<boolean> {
    const args = [rev, from, to, slot ?? '', missed, skipped, MAX_WAITING];
    return isOne(await answered(callScript<number>(this.redis, 'schedule-take', this.both(name), args)));
  }

  async claim(name: string, head: number): Promise<boolean> {
    return isOne(await answered(callScript<number>(this.redis, 'schedule-claim', this.both(name), [head])));
  }

  async finish(name: string, head: number, end: SlotEnd): Promise<void> {
    const seal = await this.sealOf(name);
    const [id, error] = end.outcome === 'started' ? [end.correlationId, ''] : ['', packError(end.error, seal)];
    await answered(callScript<number>(this.redis, 'schedule-finish', this.both(name), [head, id, error]));
  }

  /** With the key of the tenant whose machines it starts. */
  private sealOf(name: string): Seal | Promise<Seal> {
    return this.cipher.shared(slotId(name, 0), `schedule ${name}`);
  }

  /** The same schedule is the same text: where it stands there already, the text that stands there. */
  private async textOf(spec: ScheduleSpec, seal: Seal): Promise<string> {
    const plain = JSON.stringify(spec);
    if (!seal.on) return plain;
    const stored = await answered(this.redis.hget(this.hash(spec.name), 'spec'));
    if (stored !== null && JSON.stringify(openSpec(stored, seal).spec) === plain) return stored;
    return JSON.stringify({ ...spec, context: seal.seal(JSON.stringify(spec.context), 'context') });
  }

  private get all(): string {
    return `${this.tag}:schedules`;
  }
  private hash(name: string): string {
    return `${this.tag}:sch:${name}`;
  }
  private both(name: string): string[] {
    return [this.hash(name), `${this.tag}:schw:${name}`];
  }
}

/** A context is an object; a sealed one is a text. */
function openSpec(text: string, seal: Seal): Pick<ScheduleState, 'spec' | 'unreadable'> {
  const spec = JSON.parse(text) as ScheduleSpec | (Omit<ScheduleSpec, 'context'> & { readonly context: string });
  const { context } = spec;
  if (typeof context !== 'string') return { spec: { ...spec, context } };
  try {
    return { spec: { ...spec, context: JSON.parse(seal.open(context, 'context')) as ScheduleSpec['context'] } };
  } catch (error) {
    if (!(error instanceof SealedError)) throw error;
    return { spec: { ...spec, context: {} }, unreadable: error };
  }
}

function isOne(reply: unknown): boolean {
  return Number(reply) === 1;
}
