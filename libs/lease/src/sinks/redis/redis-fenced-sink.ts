import type { Redis } from 'ioredis';
import type { Script, ScriptArgument } from '../../redis/script';
import { checkInteger, checkText, show } from '../check';
import { checkToken, type FenceToken } from '../fence-token';
import { runFenced, sinkScript } from './sink-scripts';

const WEEK_MS = 7 * 86_400_000;

export interface RedisFencedSinkOptions {
  /** Keys are `<prefix>:sink:{<scope>}` and, for answers, `<prefix>:sink:{<scope>}:once:<idempotency key>`. @default 'stile' */
  readonly prefix?: string;
  /** How long `once` remembers an idempotency key, in ms. @default 604800000 (a week) */
  readonly keepAnswersMs?: number;
}

export interface FencedRun {
  /** Names the effect: `step.idempotencyKey`, with an ending of its own where one action has several. */
  readonly idempotencyKey: string;
  /** The script's KEYS. On a cluster they carry the tag `{<scope>}`. @default none */
  readonly keys?: readonly string[];
  /** The script's ARGV. @default none */
  readonly args?: readonly ScriptArgument[];
}

export interface FencedValue extends FenceToken {
  /** Undefined: removed, or only ever read. */
  readonly value?: string;
}

/**
 * Values in Redis that a stale worker cannot change: the token is kept beside the value and compared by the script that writes.
 *
 * A scope (1 … 512 characters, no braces) belongs to one machine: only its tokens compare. Every method that takes a token throws
 * {@link StaleFenceError} when a later one has been seen, TypeError or RangeError for what cannot be used, and whatever the client
 * throws when Redis cannot be reached; then it is not known whether the write took place, and it may be made again.
 */
export class RedisFencedSink {
  private readonly prefix: string;
  private readonly keepAnswersMs: number;

  constructor(
    private readonly redis: Redis,
    options: RedisFencedSinkOptions = {},
  ) {
    this.prefix = options.prefix ?? 'stile';
    this.keepAnswersMs = options.keepAnswersMs ?? WEEK_MS;
    checkText('prefix', this.prefix);
    checkInteger('keepAnswersMs', this.keepAnswersMs, 1);
  }

  /** Writes `value`. Made again with the same token it writes the same again. */
  async set(scope: string, value: string, token: FenceToken): Promise<void> {
    if (typeof value !== 'string') throw new TypeError(`value is ${show(value)}; give a string, such as JSON.stringify(…)`);
    await this.write(scope, token, ['1', value]);
  }

  /** Removes the value. Its token stays, so that no stale write brings it back. */
  async remove(scope: string, token: FenceToken): Promise<void> {
    await this.write(scope, token, ['0', '']);
  }

  /**
   * The value, and the token made known by the same script. Read what you will write back through this: from then on no earlier token
   * can change what was read.
   */
  async read(scope: string, token: FenceToken): Promise<string | undefined> {
    checkToken(token);
    const [, value] = await runFenced(this.redis, sinkScript('read'), scope, token, [this.keyOf(scope)], []);
    return (value as string | null) ?? undefined;
  }

  /** What is kept, for whoever only looks. Undefined when nothing ever was. */
  async peek(scope: string): Promise<FencedValue | undefined> {
    const [value, runId, fence] = await this.redis.hmget(this.keyOf(scope), 'value', 'run', 'fence');
    if (!runId) return undefined;
    return { ...(typeof value === 'string' ? { value } : {}), runId, fence: Number(fence) };
  }

  /**
   * Runs a script of yours ({@link fencedScript}) behind the check of the token, once per idempotency key: a repeat, under whatever
   * later token, gets the stored answer and changes nothing. Your script sees its own KEYS and ARGV.
   *
   * It should check everything before it writes anything: where it breaks off, what it wrote stays, and a repeat runs it again.
   *
   * @returns what the script returned, as the client shows replies
   */
  async once(scope: string, script: Script, token: FenceToken, run: FencedRun): Promise<unknown> {
    checkToken(token);
    checkText('idempotencyKey', run.idempotencyKey);
    const own = this.keyOf(scope);
    const keys = [own, `${own}:once:${run.idempotencyKey}`, ...(run.keys ?? [])];
    const [, answer] = await runFenced(this.redis, script, scope, token, keys, [this.keepAnswersMs, ...(run.args ?? [])]);
    return answer ?? undefined;
  }

  /** Drops value, token and the memory of runs. Only when nobody can write any more: the next token is welcome, however old. */
  async forget(scope: string): Promise<void> {
    await this.redis.del(this.keyOf(scope));
  }

  private async write(scope: string, token: FenceToken, args: readonly string[]): Promise<void> {
    checkToken(token);
    await runFenced(this.redis, sinkScript('write'), scope, token, [this.keyOf(scope)], args);
  }

  private keyOf(scope: string): string {
    checkText('scope', scope, 512);
    // A brace of its own would move the key and its answers to different slots of a cluster.
    if (/[{}]/.test(scope)) throw new RangeError(`scope is ${show(scope)}; leave out { and }`);
    return `${this.prefix}:sink:{${scope}}`;
  }
}
