import type { Pool } from 'pg';
import { quoteName } from './identifier';

const LOCK = 7_283_101; // any number that nobody else's migrations take

export interface FenceTablesOptions {
  /** Where the two tables are. @default the first of the connection's search_path */
  readonly schema?: string;
}

/** `stile_fences` and `stile_once`, quoted. */
export function fenceTables({ schema }: FenceTablesOptions): { fences: string; once: string } {
  const place = schema === undefined ? '' : `${quoteName('schema', schema)}.`;
  return { fences: `${place}"stile_fences"`, once: `${place}"stile_once"` };
}

/** What {@link createFenceTables} runs, for those who keep their migrations in files. */
export function fenceTablesSql(options: FenceTablesOptions = {}): string {
  const { fences, once } = fenceTables(options);
  return `CREATE TABLE IF NOT EXISTS ${fences} (
  scope text PRIMARY KEY,
  run_id text NOT NULL,
  fence bigint NOT NULL,
  retired text[] NOT NULL DEFAULT '{}'
);
CREATE TABLE IF NOT EXISTS ${once} (
  scope text NOT NULL,
  key text NOT NULL,
  answer text,
  done_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (scope, key)
);
CREATE INDEX IF NOT EXISTS stile_once_done_at ON ${once} (done_at);`;
}

/** Makes the tables of `fencedTransaction` where they are missing. Many processes may do so at once. */
export async function createFenceTables(pool: Pool, options: FenceTablesOptions = {}): Promise<void> {
  // IF NOT EXISTS alone races: two at once both find nothing, and one of them fails. Several statements without parameters are one
  // transaction, so a death in between leaves nothing, and frees the lock.
  await pool.query(`SELECT pg_advisory_xact_lock(${LOCK}); ${fenceTablesSql(options)}`);
}

/**
 * Drops what `once` remembers of long ago, oldest first; a repeat of it would take effect again.
 *
 * @param olderThanMs longer than any attempt at a step may still come: a week is a good figure
 * @param limit how many go at most, so that one call stays short
 * @returns how many went
 */
export async function pruneOnce(
  pool: Pool,
  olderThanMs: number,
  limit = 1000,
  options: FenceTablesOptions = {},
): Promise<number> {
  const { once } = fenceTables(options);
  const { rowCount } = await pool.query(
    `DELETE FROM ${once} WHERE (scope, key) IN (SELECT scope, key FROM ${once} ` +
      `WHERE done_at < clock_timestamp() - $1 * interval '1 millisecond' ORDER BY done_at LIMIT $2)`,
    [olderThanMs, limit],
  );
  return rowCount ?? 0;
}
