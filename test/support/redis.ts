import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import type { Redis } from 'ioredis';

/** URL of the Redis that the global set-up started, or of the one in STILE_TEST_REDIS_URL. */
export function testRedisUrl(): string {
  const url = process.env.STILE_TEST_REDIS_URL;
  if (!url) throw new Error('no test Redis: run this with `jest --selectProjects integration`, or set STILE_TEST_REDIS_URL');
  return url;
}

/** A key prefix that no other test uses, `test-<label>-<random>`: letters, digits and `-` only. */
export function uniquePrefix(label = ''): string {
  const name = label
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return ['test', name.slice(0, 40), randomBytes(6).toString('hex')].filter(Boolean).join('-');
}

export interface WaitOptions {
  /** What is waited for; begins the error's message. */
  readonly what: string;
  /** @default 30000 */
  readonly timeoutMs?: number;
  /** @default 10 */
  readonly everyMs?: number;
}

type Truthy<T> = Exclude<T, undefined | null | false | 0 | '' | 0n>;

/**
 * Asks `condition` again and again until it is truthy, and returns what it said. A condition that throws counts as "not yet".
 *
 * @throws Error with `what` and the last value or error after `timeoutMs`
 */
export async function waitFor<T>(condition: () => T | Promise<T>, options: WaitOptions): Promise<Truthy<T>> {
  const { what, timeoutMs = 30_000, everyMs = 10 } = options;
  const end = Date.now() + timeoutMs;
  for (;;) {
    let last: { value: T } | { error: unknown };
    try {
      last = { value: await condition() };
      if (last.value) return last.value as Truthy<T>;
    } catch (error) {
      last = { error };
    }
    if (Date.now() >= end) throw gaveUp(what, timeoutMs, last);
    await sleep(everyMs);
  }
}

function gaveUp(what: string, timeoutMs: number, last: { value: unknown } | { error: unknown }): Error {
  const text = 'error' in last ? `last error: ${inspect(last.error)}` : `last value: ${inspect(last.value, { depth: 5 })}`;
  return new Error(`waited ${timeoutMs} ms in vain for: ${what}; ${text}`, 'error' in last ? { cause: last.error } : undefined);
}

/** The server's clock, ms since 1970. */
export async function serverTimeMs(redis: Pick<Redis, 'time'>): Promise<number> {
  const [seconds, micros] = (await redis.time()).map(Number) as [number, number];
  return seconds * 1000 + micros / 1000;
}
