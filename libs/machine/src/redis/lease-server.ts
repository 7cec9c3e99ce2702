import {
  checkPostgres,
  PostgresLeaseStore,
  PostgresServer,
  PostgresUnfitError,
  RedisLeaseStore,
  type LeaseStore,
} from '@stile/lease';
import type { RedisConnection } from './connect';
import { StoreUnfitError } from '../core/errors';
import type { EngineLog } from '../engine/options';
import { checkPolicy } from './fitness';
import type { Keyspace } from './keyspace';
import { placeOf } from './redis-url';

/** One server that keeps leases, of whatever kind. */
export interface LeaseServer {
  /** For messages: which store it is, where, and what names it. */
  readonly name: string;
  /**
   * @throws StoreUnfitError when it would lose leases or does not let them in, whatever time may bring
   * @throws Error when it cannot serve now
   */
  check(): Promise<void>;
  makeStore(keys: Keyspace): LeaseStore;
  /** Told of each acquire that it did not answer. */
  failed(cause: Error): void;
  close(): Promise<void>;
}

export const isPostgres = (url: string): boolean => /^postgres(ql)?:/i.test(url);

/** @param what @param setting begin and end its name: what it is, and the variable that names it */
export function redisLeaseServer(redis: RedisConnection, url: string, what: string, setting: string): LeaseServer {
  const name = `the ${what} at ${placeOf(url)} (${setting})`;
  return {
    name,
    check: () => checkPolicy(redis, name, 'leases'),
    makeStore: (keys) => new RedisLeaseStore(redis, { keyOf: (id) => keys.lease(id) }),
    failed: () => undefined, // its client tells its errors itself
    close: () => Promise.resolve(), // who made the client closes it
  };
}

/** Connects only when it is asked something. */
export function postgresLeaseServer(url: string, what: string, setting: string, log?: EngineLog): LeaseServer {
  let lastLogged = -Infinity;
  const tell = (error: Error): void => {
    if (performance.now() - lastLogged < 1000) return; // an outage must not flood the log
    lastLogged = performance.now();
    log?.warn(`${name}: ${error.message}`);
  };
  const postgres = new PostgresServer(url, { onError: tell });
  const name = `the ${what} at ${postgres.address} (${setting})`;
  return {
    name,
    check: async () => {
      try {
        await checkPostgres(postgres);
      } catch (error) {
        throw error instanceof PostgresUnfitError ? new StoreUnfitError(`${name} ${error.message}`) : error;
      }
    },
    makeStore: (keys) => new PostgresLeaseStore(postgres, { keyOf: (id) => keys.lease(id) }),
    failed: tell,
    close: () => postgres.close(),
  };
}
