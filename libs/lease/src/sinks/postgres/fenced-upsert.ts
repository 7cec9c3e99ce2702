import type { Pool, PoolClient } from 'pg';
import { show } from '../check';
import { checkToken, StaleFenceError, type FenceToken } from '../fence-token';
import { quoteName, quoteTable, type TableName } from './identifier';

/** The columns in which a table keeps its rows' tokens: text, bigint and text[]. */
export interface FenceColumns {
  readonly run: string;
  readonly fence: string;
  readonly retired: string;
}

export const FENCE_COLUMNS: FenceColumns = { run: 'stile_run', fence: 'stile_fence', retired: 'stile_retired' };

export interface FencedUpsert {
  readonly table: TableName;
  /** Columns of a unique index, the row's key, and their values. A row belongs to one machine: only its tokens compare. */
  readonly key: Readonly<Record<string, unknown>>;
  /** What is written into the other columns. Values go as parameters, as `pg` maps them (objects as JSON, arrays as SQL arrays). */
  readonly set: Readonly<Record<string, unknown>>;
  /** @default {@link FENCE_COLUMNS} */
  readonly columns?: FenceColumns;
}

/** SQL that gives a table of yours the columns of {@link fencedUpsert}; harmless when it has them. Rows of before take any token. */
export function fenceColumnsSql(table: TableName, columns: FenceColumns = FENCE_COLUMNS): string {
  const { run, fence, retired } = quoted(columns);
  return (
    `ALTER TABLE ${quoteTable(table)} ADD COLUMN IF NOT EXISTS ${run} text, ` +
    `ADD COLUMN IF NOT EXISTS ${fence} bigint, ADD COLUMN IF NOT EXISTS ${retired} text[] NOT NULL DEFAULT '{}'`
  );
}

/**
 * Inserts or updates one row, unless it has seen a later token: the statement that writes is the one that compares.
 * Two of them at once: the second waits for the first's transaction, then compares with what that left.
 *
 * A lost reply: make it again, it writes the same. With another token in between it is refused.
 *
 * @param db a pool, or a client inside a transaction of yours
 * @throws StaleFenceError when a later token has been seen; TypeError, RangeError for names and tokens that cannot be used; what `pg`
 * throws (`40001` in a transaction above READ COMMITTED whose row was changed meanwhile: do the whole transaction again)
 */
export async function fencedUpsert(db: Pick<Pool | PoolClient, 'query'>, upsert: FencedUpsert, token: FenceToken): Promise<void> {
  checkToken(token);
  const { table, key, set, columns = FENCE_COLUMNS } = upsert;
  const keys = entries('key', key);
  if (keys.length === 0) throw new RangeError('key names no column; give those of a unique index');
  const all = [...keys, ...entries('set', set)];
  const sql = upsertSql(
    quoteTable(table),
    keys.map(([name]) => name),
    all.map(([name]) => name),
    quoted(columns),
  );
  const { rowCount } = await db.query(sql, [...all.map(([, value]) => value), token.runId, token.fence]);
  if (rowCount === 0) throw new StaleFenceError(`${tableText(table)} ${JSON.stringify(key)}`, token, await keptBy(db, upsert));
}

function upsertSql(table: string, keys: readonly string[], all: readonly string[], columns: FenceColumns): string {
  const { run, fence, retired } = columns;
  const changes = [...all.filter((name) => !keys.includes(name)), run, fence].map((name) => `${name} = excluded.${name}`);
  const sameRun = `kept.${run} = excluded.${run}`;
  return (
    `INSERT INTO ${table} AS kept (${[...all, run, fence].join(', ')}) ` +
    `VALUES (${[...all, run, fence].map((_name, index) => `$${index + 1}`).join(', ')}) ` +
    `ON CONFLICT (${keys.join(', ')}) DO UPDATE SET ${changes.join(', ')}, ` +
    `${retired} = CASE WHEN kept.${run} IS NULL OR ${sameRun} THEN kept.${retired} ELSE array_append(kept.${retired}, kept.${run}) END ` +
    `WHERE kept.${run} IS NULL OR (${sameRun} AND kept.${fence} <= excluded.${fence}) ` +
    `OR (kept.${run} <> excluded.${run} AND excluded.${run} <> ALL (kept.${retired}))`
  );
}

/** For the error's message only. */
async function keptBy(db: Pick<Pool | PoolClient, 'query'>, upsert: FencedUpsert): Promise<FenceToken | undefined> {
  const { run, fence } = quoted(upsert.columns ?? FENCE_COLUMNS);
  const keys = entries('key', upsert.key);
  const where = keys.map(([name], index) => `${name} = $${index + 1}`).join(' AND ');
  const { rows } = await db.query<{ run: string; fence: string }>(
    `SELECT ${run} AS run, ${fence} AS fence FROM ${quoteTable(upsert.table)} WHERE ${where}`,
    keys.map(([, value]) => value),
  );
  return rows[0] && { runId: rows[0].run, fence: Number(rows[0].fence) };
}

function quoted(columns: FenceColumns): FenceColumns {
  return {
    run: quoteName('columns.run', columns.run),
    fence: quoteName('columns.fence', columns.fence),
    retired: quoteName('columns.retired', columns.retired),
  };
}

function entries(field: string, values: unknown): [string, unknown][] {
  if (typeof values !== 'object' || values === null) throw new TypeError(`${field} is ${show(values)}; give { column: value }`);
  return Object.entries(values).map(([name, value]) => {
    if (value === undefined) throw new TypeError(`${field}.${name} is undefined; give null, or leave the column out`);
    return [quoteName(`${field} column`, name), value];
  });
}

function tableText(table: TableName): string {
  return typeof table === 'string' ? table : table.join('.');
}
