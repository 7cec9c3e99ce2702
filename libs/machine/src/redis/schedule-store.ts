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
import type { Keyspace } from './keyspace';
import { callScript } from './scripts';
import { answered } from './store-error';

/** A hash and a list for each schedule; all of them carry the tag of partition 0, where their alarms are. */
export class RedisScheduleStore implements ScheduleStore {
  private readonly tag: string;

  constructor(
    private readonly redis: RedisConnection,
    keys: Keyspace,
  ) {
    this.tag = keys.tag(0);
  }

  put(spec: ScheduleSpec): ReturnType<ScheduleStore['put']> {
    const args = [spec.name, JSON.stringify(spec), JSON.stringify(spec.timing), MAX_SCHEDULES];
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
    return {
      spec: JSON.parse(found.get('spec') ?? '{}') as ScheduleSpec,
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
      error: error === undefined ? null : (JSON.parse(error) as ScheduleState['error']),
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
    const [id, error] = end.outcome === 'started' ? [end.correlationId, ''] : ['', JSON.stringify(end.error)];
    await answered(callScript<number>(this.redis, 'schedule-finish', this.both(name), [head, id, error]));
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

function isOne(reply: unknown): boolean {
  return Number(reply) === 1;
}
