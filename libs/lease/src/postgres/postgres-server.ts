import { isNativeError } from 'node:util/types';
import type { Pool, PoolClient, QueryResultRow } from 'pg';
import { loadPg } from './load-pg';

export interface PostgresServerOptions {
  /** How long one call may take in all, waiting for a connection included, ms. @default 2000 */
  readonly timeoutMs?: number;
  /** Connections of this process at most; calls beyond them wait. @default 10 */
  readonly maxConnections?: number;
  /** Told of connections that broke while nobody used them. @default nobody */
  readonly onError?: (error: Error) => void;
}

type Row = QueryResultRow;
/** Asks one statement within the time that is left. */
export type Ask = <T extends Row>(text: string, values?: readonly unknown[]) => Promise<T[]>;

/** Calls that each answer or reject within their time, over a bounded pool of connections to one PostgreSQL. */
export class PostgresServer {
  /** Host, port and database, for messages: not the URL, which may carry a password. */
  readonly address: string;
  /** Not shown where an object is logged: it may carry a password. */
  readonly #url: string;
  private pool?: Pool;
  private closed = false;
  private readonly timeoutMs: number;

  /**
   * Connects to nothing yet, and needs the package `pg` only when it is first asked something.
   *
   * @param url `postgres://` or `postgresql://`, as the `pg` package reads it
   * @throws TypeError that does not show the URL, which may carry a password
   */
  constructor(
    url: string,
    private readonly options: PostgresServerOptions = {},
  ) {
    if (!URL.canParse(url) || !/^postgres(ql)?:/i.test(url)) {
      throw new TypeError('the URL of PostgreSQL cannot be read; give postgres://user:password@host[:port]/database');
    }
    const { hostname, port, pathname } = new URL(url);
    this.#url = url;
    this.address = `${hostname}:${port || 5432}${pathname}`;
    this.timeoutMs = options.timeoutMs ?? 2000;
  }

  /**
   * Runs `work` on one connection. A connection on which anything went wrong is not used again: it may be half open, or lead to a
   * server that has become a standby.
   *
   * @throws PostgresUnfitError when `pg` is not installed
   * @throws Error of the server, of the connection, or that time is up
   */
  async use<T>(work: (ask: Ask) => Promise<T>, timeoutMs = this.timeoutMs): Promise<T> {
    const end = performance.now() + timeoutMs;
    const pool = this.connections();
    let client: PoolClient;
    try {
      client = await pool.connect();
    } catch (error) {
      throw toError(error);
    }
    let failure: Error | undefined;
    try {
      return await work((text, values) => ask(client, text, values, end - performance.now()));
    } catch (error) {
      failure = toError(error);
      throw failure;
    } finally {
      client.release(failure);
    }
  }

  /** Ends all connections; calls in hand are waited for. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await this.pool?.end();
  }

  private connections(): Pool {
    if (this.closed) throw new Error('the connections to PostgreSQL are closed');
    return (this.pool ??= this.makePool());
  }

  private makePool(): Pool {
    const { maxConnections = 10, onError = () => undefined } = this.options;
    const { Pool } = loadPg();
    const pool = new Pool({
      connectionString: this.#url,
      max: maxConnections,
      connectionTimeoutMillis: this.timeoutMs,
      application_name: 'stile',
      keepAlive: true,
      allowExitOnIdle: true,
    });
    pool.on('error', (error) => onError(toError(error)));
    // While a connection is in use its failure rejects the call; without a listener the event would end the process as well.
    pool.on('connect', (client) => client.on('error', () => undefined));
    return pool;
  }
}

async function ask<T extends Row>(
  client: PoolClient,
  text: string,
  values: readonly unknown[] = [],
  leftMs: number,
): Promise<T[]> {
  if (leftMs <= 0) throw new Error('no time was left to ask PostgreSQL');
  // query_timeout is the client's own: it also ends the wait for a server that has gone without a word.
  const query = { text, values: [...values], query_timeout: Math.ceil(leftMs) };
  const { rows } = await client.query<T>(query);
  return rows;
}

/** The five letters or digits that PostgreSQL gives each kind of error, or Node's code of a connection error. */
export function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : undefined;
}

/** A host with several addresses fails with an error that has no text of its own. */
function toError(error: unknown): Error {
  if (!isNativeError(error)) return new Error(String(error));
  const { errors } = error as Partial<AggregateError>;
  if (error.message !== '' || !Array.isArray(errors)) return error;
  const all = errors.map(toError);
  return Object.assign(new Error(all.map(({ message }) => message).join('; '), { cause: error }), { code: codeOf(all[0]) });
}
