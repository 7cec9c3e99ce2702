import type { PoolClient } from 'pg';
import { checkText } from '../check';
import { fenceTables, type FenceTablesOptions } from './fence-tables';

/**
 * Runs `effect` unless a transaction that was committed has run it under this key and scope; then the stored result is returned.
 * Effect, key and result are committed together: an attempt under a later token finds all of it or nothing.
 *
 * Only what `effect` does through the transaction's client is undone with it. Where it throws, its writes are undone and the key stays free.
 *
 * @param idempotencyKey names the effect: `step.idempotencyKey`, with an ending of its own where one action has several
 * @returns what `effect` gave, as JSON holds it
 */
export type Once = <T>(idempotencyKey: string, effect: () => Promise<T>) => Promise<T>;

export function onceIn(client: PoolClient, options: FenceTablesOptions & { readonly scope: string }): Once {
  const { once } = fenceTables(options);
  const mine = new Set<string>();
  return async <T>(key: string, effect: () => Promise<T>): Promise<T> => {
    checkText('idempotencyKey', key);
    // The second effect would be taken for a repeat of the first, and left out.
    if (mine.has(key))
      throw new Error(`idempotencyKey ${key} names two effects of one transaction; give each an ending of its own`);
    mine.add(key);
    // A transaction of another scope never has this row; one of this scope waits at the token's row. So nobody is in between.
    const { rows } = await client.query<{ answer: string | null }>(`SELECT answer FROM ${once} WHERE scope = $1 AND key = $2`, [
      options.scope,
      key,
    ]);
    if (rows[0]) return parsed<T>(rows[0].answer);
    await client.query('SAVEPOINT stile_once');
    try {
      const answer = JSON.stringify(await effect()) as string | undefined;
      await client.query(`INSERT INTO ${once} (scope, key, answer) VALUES ($1, $2, $3)`, [options.scope, key, answer ?? null]);
      await client.query('RELEASE SAVEPOINT stile_once');
      return parsed<T>(answer ?? null);
    } catch (error) {
      mine.delete(key);
      // `work` may catch this and commit the rest: none of the effect may be in that. When the connection is gone, all of it is.
      await client.query('ROLLBACK TO SAVEPOINT stile_once').catch(() => undefined);
      throw error;
    }
  };
}

/** The first time goes through JSON as well, so that a repeat is answered alike. */
function parsed<T>(answer: string | null): T {
  return (answer === null ? undefined : JSON.parse(answer)) as T;
}
