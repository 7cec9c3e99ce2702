import type { Redis } from 'ioredis';
import { runScript } from '../../redis/script';
import { checkInteger, checkText } from '../check';
import { sinkScript } from '../redis/sink-scripts';
import {
  KEEP_MS,
  LOCK_MS,
  type AnswerStore,
  type AnswerStoreOptions,
  type BeginRequest,
  type BeginResult,
  type FinishRequest,
  type StoredAnswer,
} from './answer-store';

export interface RedisAnswerStoreOptions extends AnswerStoreOptions {
  /** Keys are `<prefix>:answers:{<scope>}` and `<prefix>:answers:{<scope>}:<idempotency key>`. @default 'stile' */
  readonly prefix?: string;
}

/** For receivers of many processes. Throws what the client throws when Redis cannot be reached. */
export class RedisAnswerStore implements AnswerStore {
  private readonly prefix: string;
  private readonly lockMs: number;
  private readonly keepMs: number;

  constructor(
    private readonly redis: Redis,
    { prefix = 'stile', lockMs = LOCK_MS, keepMs = KEEP_MS }: RedisAnswerStoreOptions = {},
  ) {
    checkText('prefix', prefix);
    checkInteger('lockMs', lockMs, 1, keepMs);
    checkInteger('keepMs', keepMs, 1);
    this.prefix = prefix;
    this.lockMs = lockMs;
    this.keepMs = keepMs;
  }

  async begin({ scope, key, runId, fence, attempt, fingerprint }: BeginRequest): Promise<BeginResult> {
    const args = [runId, fence, attempt, fingerprint, this.lockMs, this.keepMs];
    const [outcome, a, b] = (await runScript(this.redis, sinkScript('begin'), this.keysOf(scope, key), args)) as string[];
    switch (outcome) {
      case 'stale':
        return { outcome, kept: { runId: String(a), fence: Number(b) } };
      case 'answered':
        return { outcome, answer: JSON.parse(String(a)) as StoredAnswer };
      default:
        return { outcome: outcome as 'begun' | 'mismatch' | 'busy' };
    }
  }

  async finish({ scope, key, attempt }: FinishRequest, answer: StoredAnswer | undefined): Promise<boolean> {
    const args = [attempt, answer ? '1' : '0', answer ? JSON.stringify(answer) : '', this.keepMs];
    const reply = (await runScript(this.redis, sinkScript('finish'), this.keysOf(scope, key), args)) as number[];
    return reply[0] === 1;
  }

  private keysOf(scope: string, key: string): string[] {
    // Braces in it would send the two keys to different slots of a cluster.
    const own = `${this.prefix}:answers:{${encodeURIComponent(scope)}}`;
    return [own, `${own}:${key}`];
  }
}
