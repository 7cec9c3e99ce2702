import type { Redis } from 'ioredis';
import { waitFor } from '../../support/redis';

interface Told {
  readonly pid: number;
  readonly fence: number;
}

/** The test's end of a `gated` machine: sees who works on it, and lets it go on. */
export class Gate {
  constructor(
    private readonly redis: Redis,
    readonly key: string,
  ) {}

  /** Waits until the n-th attempt, from 1, has entered or was aborted. */
  async told(what: 'entered' | 'aborted', n: number, timeoutMs?: number): Promise<Told> {
    const text = await waitFor(() => this.redis.lindex(`${this.key}:${what}`, n - 1), {
      what: `attempt ${n} ${what}`,
      timeoutMs,
    });
    return JSON.parse(text) as Told;
  }

  open(): Promise<unknown> {
    return this.redis.set(`${this.key}:open`, '1');
  }
}
