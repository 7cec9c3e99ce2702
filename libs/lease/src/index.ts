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
export { leaseScriptFolder, RedisLeaseStore } from './redis/redis-lease-store';
export type { RedisLeaseStoreOptions } from './redis/redis-lease-store';
export { loadScripts, runScript } from './redis/script';
export type { Script, ScriptArgument } from './redis/script';
export { VirtualClock } from './testing/virtual-clock';
