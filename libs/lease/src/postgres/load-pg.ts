import { PostgresUnfitError } from './postgres-unfit-error';

/**
 * The package `pg`: an optional peer, loaded by those who keep leases in PostgreSQL and by nobody else.
 *
 * @throws PostgresUnfitError when it is not installed
 */
export function loadPg(): typeof import('pg') {
  const name = 'pg'; // by a variable: whether it is there is known at run time only
  try {
    return require(name) as typeof import('pg');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    throw new PostgresUnfitError('needs the package "pg", which is not installed: npm install pg', { cause: error });
  }
}
