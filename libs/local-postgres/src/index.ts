export { postgresProgram, startLocalPostgres } from './start-local-postgres';
export type { LocalPostgres, LocalPostgresOptions } from './start-local-postgres';
