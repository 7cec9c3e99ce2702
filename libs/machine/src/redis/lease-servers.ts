import {
  FailoverLeases,
  RedisLeaseStore,
  type AcquireOptions,
  type AcquireResult,
  type LeaseStore,
  type StepRef,
} from '@stile/lease';
import type { Redis } from 'ioredis';
import { StoreUnfitError } from '../core/errors';
import type { Counters } from '../core/ports';
import type { EngineLog } from '../engine/options';
import type { StileOptions } from '../runtime-options';
import { checkPolicy } from './fitness';
import type { Keyspace } from './keyspace';
import { RecordPlacement } from './record-placement';

interface LeaseServer {
  readonly redis: Redis;
  /** For messages: which store it is, where, and what names it. */
  readonly name: string;
}

/** The servers that leases have of their own: the one of `lease.url`, the one of `lease.secondaryUrl`, both, or none. */
export class LeaseServers {
  private readonly primary?: LeaseServer;
  private readonly secondary?: LeaseServer;

  constructor({ url, secondaryUrl }: NonNullable<StileOptions['lease']>, connect: (url: string, name: string) => Redis) {
    const server = (address: string, name: string, setting: string): LeaseServer => {
      const redis = connect(address, name);
      const { host, port, path } = redis.options; // not the URL: it may carry a password
      return { redis, name: `the ${name} at ${path ?? `${host}:${port}`} (${setting})` };
    };
    if (url !== undefined) this.primary = server(url, 'lease store', 'STILE_LEASE_URL');
    if (secondaryUrl !== undefined) {
      this.secondary = server(secondaryUrl, 'secondary lease store', 'STILE_LEASE_SECONDARY_URL');
    }
  }

  /**
   * Each server must keep what it is given. One may be away while the other store answers: that is what there are two for.
   *
   * @throws StoreUnfitError saying what to do
   */
  async check(log: EngineLog): Promise<void> {
    const servers = [this.primary, this.secondary].filter((server) => server !== undefined);
    const problems = (await Promise.all(servers.map(problemOf))).filter((problem) => problem !== undefined);
    const noneAnswers = this.primary !== undefined && problems.length === servers.length;
    if (noneAnswers) throw new StoreUnfitError(problems.join('\n'));
    for (const problem of problems) log.warn(problem);
  }

  /** What leases are kept in; nothing where they live beside the records. */
  makeStore(records: Redis, keys: Keyspace, counters: Counters): LeaseStore | undefined {
    const { primary, secondary } = this;
    if (!primary && !secondary) return undefined;
    const first = new CountedLeaseStore(primary?.redis ?? records, keys, counters);
    if (!secondary) return first;
    const second = new CountedLeaseStore(secondary.redis, keys, counters);
    return new FailoverLeases(first, second, { placement: new RecordPlacement(records, keys) });
  }
}

async function problemOf({ redis, name }: LeaseServer): Promise<string | undefined> {
  try {
    await checkPolicy(redis, name, 'leases');
    return undefined;
  } catch (error) {
    if (error instanceof StoreUnfitError) throw error;
    return `${name} does not answer (${error instanceof Error ? error.message : String(error)}): start it, name another, or unset it`;
  }
}

/**
 * Counts `cache` here and nowhere else: once for each acquire that a store could not answer, so twice for a claim that asked both
 * stores in vain. Renewals and releases are not counted: they are repeated, or need no answer.
 */
class CountedLeaseStore extends RedisLeaseStore {
  constructor(
    redis: Redis,
    keys: Keyspace,
    private readonly counters: Counters,
  ) {
    super(redis, { keyOf: (id) => keys.lease(id) });
  }

  override async acquire(id: string, at: StepRef, options: AcquireOptions): Promise<AcquireResult> {
    const result = await super.acquire(id, at, options);
    if (result.outcome === 'unavailable') this.counters.add('cache', { machine: '', state: '', event: '' });
    return result;
  }
}
