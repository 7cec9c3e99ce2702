import { FailoverLeases, RedisLeaseStore, type LeaseStore } from '@stile/lease';
import type { RedisConnection } from './connect';
import { StoreUnfitError } from '../core/errors';
import type { Counters } from '../core/counts';
import type { EngineLog } from '../engine/options';
import type { StileOptions } from '../runtime-options';
import { CountedLeaseStore } from './counted-lease-store';
import type { Keyspace } from './keyspace';
import { isPostgres, postgresLeaseServer, redisLeaseServer, type LeaseServer } from './lease-server';
import { RecordPlacement } from './record-placement';
import { readRedisUrl } from './redis-url';

/** The servers that leases have of their own: the one of `lease.url`, the one of `lease.secondaryUrl`, both, or none. */
export class LeaseServers {
  private readonly primary?: LeaseServer;
  private readonly secondary?: LeaseServer;

  /**
   * @param connect to a Redis; whoever gives it closes the client
   * @param log told what a PostgreSQL does not answer
   */
  constructor(
    { url, secondaryUrl }: NonNullable<StileOptions['lease']>,
    connect: (url: string, name: string) => RedisConnection,
    log?: EngineLog,
  ) {
    const connectOne = (address: string, what: string, setting: string): RedisConnection => {
      if (readRedisUrl(address).kind !== 'cluster') return connect(address, what);
      throw new StoreUnfitError(
        `the ${what} (${setting}) is a cluster: leases of their own are kept by one server, which sentinels may name`,
      );
    };
    const server = (address: string, what: string, setting: string): LeaseServer =>
      isPostgres(address)
        ? postgresLeaseServer(address, what, setting, log)
        : redisLeaseServer(connectOne(address, what, setting), address, what, setting);
    if (url !== undefined) this.primary = server(url, 'lease store', 'STILE_LEASE_URL');
    if (secondaryUrl !== undefined) {
      this.secondary = server(secondaryUrl, 'secondary lease store', 'STILE_LEASE_SECONDARY_URL');
    }
  }

  private get all(): LeaseServer[] {
    return [this.primary, this.secondary].filter((server) => server !== undefined);
  }

  /**
   * Each server must keep what it is given. One may be away while the other store answers: that is what there are two for.
   *
   * @throws StoreUnfitError saying what to do
   */
  async check(log: EngineLog): Promise<void> {
    const problems = (await Promise.all(this.all.map(problemOf))).filter((problem) => problem !== undefined);
    const noneAnswers = this.primary !== undefined && problems.length === this.all.length;
    if (noneAnswers) throw new StoreUnfitError(problems.join('\n'));
    for (const problem of problems) log.warn(problem);
  }

  /** What leases are kept in; nothing where they live beside the records. */
  makeStore(records: RedisConnection, keys: Keyspace, counters: Counters): LeaseStore | undefined {
    const { primary, secondary } = this;
    if (!primary && !secondary) return undefined;
    const beside = new RedisLeaseStore(records, { keyOf: (id) => keys.lease(id) });
    const first = new CountedLeaseStore(primary?.makeStore(keys) ?? beside, counters, primary);
    if (!secondary) return first;
    const second = new CountedLeaseStore(secondary.makeStore(keys), counters, secondary);
    return new FailoverLeases(first, second, { placement: new RecordPlacement(records, keys) });
  }

  /** Ends the connections that were made here. */
  async close(): Promise<void> {
    await Promise.all(this.all.map((server) => server.close()));
  }
}

async function problemOf(server: LeaseServer): Promise<string | undefined> {
  try {
    await server.check();
    return undefined;
  } catch (error) {
    if (error instanceof StoreUnfitError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    return `${server.name} does not answer (${reason}): start it, name another, or unset it`;
  }
}
