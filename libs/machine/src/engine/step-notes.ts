import { createHmac, createHash } from 'node:crypto';
import { LeaseLostError } from '@stile/lease';
import type { CallbackOptions } from '../core/events';
import { parseDuration } from '../core/duration';
import { jsonText, RESULT_LIMIT_BYTES } from '../core/json';
import { isName, NAME_RULE } from '../core/names';
import type { Claim, Note, StepStore } from '../core/ports';
import type { Json } from '../core/step';

const DAY_MS = 24 * 3600 * 1000;
const MAX_EXPIRES_MS = 365 * DAY_MS;
const MAX_KEY = 200;

/** What one attempt keeps for the next: results of `step.once`, heartbeats, callback tokens. Read when first asked for. */
export class StepNotes {
  private loaded?: Promise<{ results: Map<string, string>; heartbeat?: string }>;
  private readonly running = new Map<string, Promise<string>>();

  constructor(
    private readonly store: StepStore,
    private readonly claim: Claim,
    private readonly secret: () => Promise<string>,
  ) {}

  /** @param scope state and action: two actions may use the same key */
  async once<T>(scope: string, key: string, fn: () => T | Promise<T>): Promise<T> {
    if (typeof key !== 'string' || key === '' || key.length > MAX_KEY) {
      throw new RangeError(`step.once: key is ${JSON.stringify(key) ?? 'missing'}; give 1 to ${MAX_KEY} characters`);
    }
    const field = `${scope}/${key}`;
    // Two calls of one key at the same time are one call.
    let text = this.running.get(field);
    if (!text) {
      text = this.resultOf(field, key, fn);
      this.running.set(field, text);
      text.catch(() => this.running.delete(field)); // a call that failed may be tried again within the attempt
    }
    return JSON.parse(await text) as T;
  }

  async heartbeat(details: Json | undefined): Promise<void> {
    await this.load(); // what the last attempt said must not be lost to what this one says
    await this.write({ kind: 'beat', json: jsonText(details, 'the heartbeat', RESULT_LIMIT_BYTES) });
  }

  async lastHeartbeat(): Promise<Json | undefined> {
    const { heartbeat } = await this.load();
    return heartbeat === undefined ? undefined : (JSON.parse(heartbeat) as Json);
  }

  /** @param action the action's idempotency key: the token is the same for every attempt */
  async callback(action: string, { name = '', expires = DAY_MS, failed = 'failed' }: CallbackOptions): Promise<string> {
    const ttlMs = typeof expires === 'string' ? parseDuration(expires) : expires;
    if (ttlMs === undefined || !Number.isInteger(ttlMs) || ttlMs < 1 || ttlMs > MAX_EXPIRES_MS) {
      throw new RangeError(`step.callback: expires is ${expires}; give a duration such as '1h', or ms, up to 365 days`);
    }
    if (!isName(failed)) throw new RangeError(`step.callback: failed is ${JSON.stringify(failed)}; ${NAME_RULE}`);
    const key = await this.secret();
    const token = `${this.claim.correlationId}~${createHmac('sha256', key).update(`${action}/${name}`).digest('base64url')}`;
    await this.write({ kind: 'token', hash: tokenHash(token), ttlMs, failed });
    return token;
  }

  /** Dying between `fn` and the write runs `fn` again: the one window that only the idempotency key closes. */
  private async resultOf(field: string, key: string, fn: () => unknown): Promise<string> {
    const stored = (await this.load()).results.get(field);
    if (stored !== undefined) return stored;
    const json = jsonText(await fn(), `the result of step.once("${key}")`, RESULT_LIMIT_BYTES);
    await this.write({ kind: 'result', key: field, json });
    return json;
  }

  private load(): Promise<{ results: Map<string, string>; heartbeat?: string }> {
    // A plain claim has nothing stored: no round trip for those that never fail.
    this.loaded ??= this.claim.more
      ? this.store.notes(this.claim).then(({ results, heartbeat }) => ({ results: new Map(results), heartbeat }))
      : Promise.resolve({ results: new Map() });
    return this.loaded;
  }

  private async write(note: Note): Promise<void> {
    this.written = true;
    if (await this.store.note(this.claim, note)) return;
    throw new LeaseLostError(
      `step ${this.claim.steps} of machine ${this.claim.correlationId} is no longer this worker's: nothing was stored`,
    );
  }

  /** Whether something was stored, or may have been: the commit has to clear it away. */
  written = false;
}

/** What is stored of a token: who reads Redis cannot use it. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
