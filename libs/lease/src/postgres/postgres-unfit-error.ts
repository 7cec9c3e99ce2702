/** This PostgreSQL does not serve as it is, and waiting does not help: the message says what does. */
export class PostgresUnfitError extends Error {
  readonly code = 'POSTGRES_UNFIT';
  override readonly name = 'PostgresUnfitError';
}
