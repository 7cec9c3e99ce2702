import { join } from 'node:path';
import type { Cluster, Redis } from 'ioredis';
import { LeaseUnavailableError } from '../core/errors';
import type {
  AcquireOptions,
  AcquireResult,
  AdvanceResult,
  LeaseStore,
  RenewResult,
  StepRef,
  Unavailable,
} from '../core/lease-store';
import { checkAcquire, checkFence, checkId, checkStep, checkTtl } from '../core/validate';
import { loadScripts, runScript, type Script, type ScriptArgument } from './script';

/** Where the lease scripts and their includes are; the same files serve sources and build. */
export const leaseScriptFolder = join(__dirname, '..', '..', 'src', 'lua');

const scripts = loadScripts(leaseScriptFolder);

export interface RedisLeaseStoreOptions {
  /** Names the key of an id's lease. @default `stile:lease:{<id>}` */
  readonly keyOf?: (id: string) => string;
  /** Prefix of the default key. @default 'stile' */
  readonly prefix?: string;
}

/**
 * Leases in Redis, one script per operation, one hash per id.
 *
 * The client's own settings decide how long an unreachable server is waited for (`maxRetriesPerRequest`, `commandTimeout`);
 * whatever error it then reports becomes `unavailable`.
 */
export class RedisLeaseStore implements LeaseStore {
  private readonly keyOf: (id: string) => string;

  constructor(
    private readonly redis: Redis | Cluster,
    options: RedisLeaseStoreOptions = {},
  ) {
    const prefix = options.prefix ?? 'stile';
    this.keyOf = options.keyOf ?? ((id) => `${prefix}:lease:{${id}}`);
  }

  async acquire(id: string, at: StepRef, options: AcquireOptions): Promise<AcquireResult> {
    checkId(id);
    checkStep(at);
    checkAcquire(options);
    const { nonce, ttlMs, floor = 0, jump = false } = options;
    const reply = await this.run('acquire', id, [at.steps, at.retries, nonce, ttlMs, floor, jump ? 1 : 0]);
    if ('outcome' in reply) return reply;
    const [outcome, a, b, c, d] = reply;
    return outcome === 'granted'
      ? { outcome, fence: Number(a), until: Number(b) }
      : { outcome: 'held', by: { steps: Number(a), retries: Number(b) }, until: Number(c), leftMs: Number(d) };
  }

  async renew(id: string, fence: number, ttlMs: number): Promise<RenewResult> {
    checkId(id);
    checkFence(fence);
    checkTtl(ttlMs);
    const reply = await this.run('renew', id, [fence, ttlMs]);
    if ('outcome' in reply) return reply;
    return reply[0] === 'renewed' ? { outcome: 'renewed', until: Number(reply[1]) } : { outcome: 'lost' };
  }

  async advance(id: string, fence: number, from: StepRef, to: StepRef, ttlMs: number): Promise<AdvanceResult> {
    checkId(id);
    checkFence(fence);
    checkStep(from);
    checkStep(to);
    checkTtl(ttlMs);
    const reply = await this.run('advance', id, [fence, from.steps, from.retries, to.steps, to.retries, ttlMs]);
    if ('outcome' in reply) return reply;
    return reply[0] === 'granted'
      ? { outcome: 'granted', fence: Number(reply[1]), until: Number(reply[2]) }
      : { outcome: 'refused' };
  }

  async release(id: string, at: StepRef, fence: number): Promise<boolean> {
    checkId(id);
    checkStep(at);
    checkFence(fence);
    const reply = await this.run('release', id, [at.steps, at.retries, fence]);
    if ('outcome' in reply) throw reply.cause;
    return Number(reply[0]) === 1;
  }

  async forget(id: string): Promise<void> {
    checkId(id);
    try {
      await this.redis.del(this.keyOf(id));
    } catch (error) {
      throw new LeaseUnavailableError(id, error);
    }
  }

  private run(name: string, id: string, args: readonly ScriptArgument[]): Promise<string[] | Unavailable> {
    const reply = runScript(this.redis, scripts.get(name) as Script, [this.keyOf(id)], args) as Promise<string[]>;
    return reply.catch((error: unknown) => ({ outcome: 'unavailable', cause: new LeaseUnavailableError(id, error) }));
  }
}
