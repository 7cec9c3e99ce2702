import { Injectable, Logger } from '@nestjs/common';
import { hasExpired, opens, readApiKey, StileRuntime, type ApiKeyRecord } from '@stile/machine';
import type { Caller } from './caller';

/** How long a key that was found is good without another look: what it takes until one that was revoked is refused, ms. */
export const KEY_FRESH_MS = 2000;
const NOTED_EVERY_MS = 60_000;
const REMEMBERED = 10_000;

interface Remembered {
  readonly record: ApiKeyRecord;
  readonly until: number;
}

/** Who an API key is of. A key is looked up at most every two seconds, and its use is written down at most once a minute. */
@Injectable()
export class KeyCheck {
  private readonly log = new Logger('Access');
  /** Only keys that were found: with made-up ones nobody can fill it. */
  private readonly remembered = new Map<string, Remembered>();
  private readonly noted = new Map<string, number>();

  constructor(private readonly runtime: StileRuntime) {}

  /** Nothing for a key that is not known, was revoked or has expired. @throws StoreUnavailableError */
  async callerOf(text: string): Promise<{ readonly caller: Caller; readonly id: string } | undefined> {
    const key = readApiKey(text);
    const record = key && (await this.find(key.id));
    if (!key || !record || !opens(record, key.secret) || hasExpired(record, Date.now())) return undefined;
    this.noteUse(record.id);
    return { caller: callerOf(record), id: record.id };
  }

  /** The key that somebody has signed in with. @throws StoreUnavailableError */
  async callerOfId(id: string): Promise<Caller | undefined> {
    const record = await this.find(id);
    if (!record || hasExpired(record, Date.now())) return undefined;
    this.noteUse(id);
    return callerOf(record);
  }

  private async find(id: string): Promise<ApiKeyRecord | undefined> {
    const before = this.remembered.get(id);
    if (before && performance.now() < before.until) return before.record;
    const asked = performance.now(); // of an answer that takes long, the age counts from when it was asked for
    const record = await this.runtime.apiKeys.find(id);
    this.remembered.delete(id);
    if (!record) return undefined;
    if (this.remembered.size >= REMEMBERED) this.remembered.clear();
    this.remembered.set(id, { record, until: asked + KEY_FRESH_MS });
    return record;
  }

  /** Beside the request: whether it is written is no reason to refuse anybody. */
  private noteUse(id: string): void {
    const now = performance.now();
    if (now - (this.noted.get(id) ?? -Infinity) < NOTED_EVERY_MS) return;
    if (this.noted.size >= REMEMBERED) this.noted.clear();
    this.noted.set(id, now);
    this.runtime.apiKeys
      .noteUse(id, Date.now())
      .catch((error: unknown) => this.log.warn(`the last use of key stile_${id} could not be written: ${String(error)}`));
  }
}

function callerOf({ id, name, role, tenant, definitions }: ApiKeyRecord): Caller {
  return {
    name,
    role,
    ...(tenant === undefined ? {} : { tenant }),
    ...(definitions === undefined ? {} : { definitions }),
    via: 'key',
    key: `stile_${id}`,
  };
}
