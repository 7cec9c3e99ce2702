export { systemClock } from './core/clock';
export type { Clock, Timer } from './core/clock';
export { LeaseLostError, LeaseUnavailableError } from './core/errors';
export { FailoverLeases } from './core/failover-leases';
export type { FailoverLeasesOptions } from './core/failover-leases';
export { LeaseKeeper } from './core/lease-keeper';
export type { LeaseKeeperOptions } from './core/lease-keeper';
export { MemoryPlacement } from './core/lease-placement';
export type { LeasePlacement, MemoryPlacementOptions } from './core/lease-placement';
export type {
  AcquireOptions,
  AcquireResult,
  AdvanceResult,
  Granted,
  Held,
  LeaseStore,
  RenewResult,
  Seat,
  StepRef,
  StoreName,
  Unavailable,
} from './core/lease-store';
export { MemoryLeaseStore } from './memory/memory-lease-store';
export type { MemoryLeaseStoreOptions } from './memory/memory-lease-store';
export { LEASE_STORE, LeaseModule, Leases } from './nest/lease.module';
export type { LeaseModuleAsyncOptions, LeaseModuleOptions } from './nest/lease.module';
export { BlockedAddressError, guardedAgents } from './outgoing/guarded-agents';
export type { OutgoingOptions } from './outgoing/guarded-agents';
export { guardedFetch } from './outgoing/guarded-fetch';
export type { OutgoingRequest } from './outgoing/guarded-fetch';
export { checkPostgres } from './postgres/check-postgres';
export type { PostgresPurpose } from './postgres/check-postgres';
export { loadMigrations, migrate as migratePostgres, migrationFolder } from './postgres/migrate';
export type { Migration, MigrationSet } from './postgres/migrate';
export { PostgresLeaseStore } from './postgres/postgres-lease-store';
export type { PostgresLeaseStoreOptions } from './postgres/postgres-lease-store';
export { PostgresServer } from './postgres/postgres-server';
export type { PostgresServerOptions } from './postgres/postgres-server';
export { PostgresUnfitError } from './postgres/postgres-unfit-error';
export { leaseScriptFolder, RedisLeaseStore } from './redis/redis-lease-store';
export type { RedisLeaseStoreOptions } from './redis/redis-lease-store';
export { loadScripts, runScript } from './redis/script';
export type { Script, ScriptArgument } from './redis/script';
export { StaleFenceError } from './sinks/fence-token';
export type { FenceToken } from './sinks/fence-token';
export type {
  AnswerStore,
  AnswerStoreOptions,
  BeginRequest,
  BeginResult,
  FinishRequest,
  StoredAnswer,
} from './sinks/http/answer-store';
export { fenceGuard, guardedRequest, isFinal } from './sinks/http/fence-guard';
export type { FenceGuardOptions, GuardedRequest } from './sinks/http/fence-guard';
export { fenceHeaders } from './sinks/http/fence-headers';
export type { FencedRequest } from './sinks/http/fence-headers';
export type { FenceProblemCode } from './sinks/http/fence-problems';
export type { ParsedRequest } from './sinks/http/fingerprint';
export { MemoryAnswerStore } from './sinks/http/memory-answer-store';
export { RedisAnswerStore } from './sinks/http/redis-answer-store';
export type { RedisAnswerStoreOptions } from './sinks/http/redis-answer-store';
export { createFenceTables, fenceTablesSql, pruneOnce } from './sinks/postgres/fence-tables';
export type { FenceTablesOptions } from './sinks/postgres/fence-tables';
export { fencedTransaction } from './sinks/postgres/fenced-transaction';
export type { FencedTransaction } from './sinks/postgres/fenced-transaction';
export { FENCE_COLUMNS, fenceColumnsSql, fencedUpsert } from './sinks/postgres/fenced-upsert';
export type { FenceColumns, FencedUpsert } from './sinks/postgres/fenced-upsert';
export type { TableName } from './sinks/postgres/identifier';
export type { Once } from './sinks/postgres/once';
export { RedisFencedSink } from './sinks/redis/redis-fenced-sink';
export type { FencedRun, FencedValue, RedisFencedSinkOptions } from './sinks/redis/redis-fenced-sink';
export { fencedScript } from './sinks/redis/sink-scripts';
export { VirtualClock } from './testing/virtual-clock';
