import type { Pool, PoolClient } from 'pg';
import { checkInteger, checkText, show } from '../check';
import { checkToken, StaleFenceError, type FenceToken } from '../fence-token';
import { fenceTables, type FenceTablesOptions } from './fence-tables';
import { fencedUpsert } from './fenced-upsert';
import { onceIn, type Once } from './once';

const ISOLATIONS = ['read committed', 'repeatable read', 'serializable'] as const;

export interface FencedTransaction extends FenceToken, FenceTablesOptions {
  /** What is written, 1 … 512 characters: `order-17`. Belongs to one machine, for only its tokens compare. */
  readonly scope: string;
  /** How long it waits for another transaction of this scope, in ms. @default 10000 */
  readonly lockTimeoutMs?: number;
  /**
   * How long the transaction may be idle, in ms, before the server rolls it back. A worker that is paused in here keeps its successor
   * out for this long. @default 30000
   */
  readonly idleTimeoutMs?: number;
  /** @default 'read committed' */
  readonly isolation?: (typeof ISOLATIONS)[number];
}

/**
 * Runs `work` in a transaction that commits its writes and the token together, or neither. It begins by raising the scope's token,
 * which refuses a stale one and keeps every other transaction of this scope waiting: what `work` reads cannot change under it.
 *
 * Where the process dies or pauses in `work`, the server rolls back (at once, or after `idleTimeoutMs`). Where the reply of COMMIT is
 * lost, this throws though the writes are there: the next attempt finds that out by `once`.
 *
 * The tables come from `createFenceTables`. `work` must not end the transaction itself.
 *
 * @param work gets the client, and `once(idempotencyKey, effect)`: see {@link Once}
 * @returns what `work` returned
 * @throws StaleFenceError, before `work` is called; whatever `work` throws, after ROLLBACK; TypeError, RangeError for options; what `pg`
 * throws: `55P03` after `lockTimeoutMs`, `25P03` after `idleTimeoutMs`, `40001` above read committed
 */
export async function fencedTransaction<T>(
  pool: Pool,
  options: FencedTransaction,
  work: (client: PoolClient, once: Once) => Promise<T>,
): Promise<T> {
  check(options);
  const client = await pool.connect();
  let broken: Error | undefined;
  // The pool listens only to clients that are idle in it: one that the server drops while it is out would end this process.
  const onError = (error: Error) => void (broken = error);
  client.on('error', onError);
  try {
    await begin(client, options);
    const result = await work(client, onceIn(client, options));
    const { command } = await client.query('COMMIT');
    // `work` caught the error of a statement and went on; the server had given up all of it then, and says so only here.
    if (command !== 'COMMIT')
      throw new Error(`"${options.scope}": a statement failed, so the server answered ${command} to COMMIT`);
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((failed: Error) => void (broken ??= failed));
    throw error;
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}

async function begin(client: PoolClient, options: FencedTransaction): Promise<void> {
  const { scope, lockTimeoutMs = 10_000, idleTimeoutMs = 30_000, isolation = 'read committed' } = options;
  await client.query(`BEGIN ISOLATION LEVEL ${isolation.toUpperCase()}`);
  await client.query(`SELECT set_config('lock_timeout', $1, true), set_config('idle_in_transaction_session_timeout', $2, true)`, [
    String(lockTimeoutMs),
    String(idleTimeoutMs),
  ]);
  const columns = { run: 'run_id', fence: 'fence', retired: 'retired' };
  const table = options.schema === undefined ? 'stile_fences' : ([options.schema, 'stile_fences'] as const);
  try {
    await fencedUpsert(client, { table, key: { scope }, set: {}, columns }, options);
  } catch (error) {
    throw error instanceof StaleFenceError ? new StaleFenceError(scope, error.given, error.kept) : error;
  }
}

function check(options: FencedTransaction): void {
  checkToken(options);
  checkText('scope', options.scope, 512);
  fenceTables(options);
  if (options.lockTimeoutMs !== undefined) checkInteger('lockTimeoutMs', options.lockTimeoutMs, 1, 2 ** 31 - 1);
  if (options.idleTimeoutMs !== undefined) checkInteger('idleTimeoutMs', options.idleTimeoutMs, 1, 2 ** 31 - 1);
  if (options.isolation !== undefined && !ISOLATIONS.includes(options.isolation)) {
    throw new RangeError(`isolation is ${show(options.isolation)}; give one of: ${ISOLATIONS.join(', ')}`);
  }
}
