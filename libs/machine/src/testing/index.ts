export type { FaultPlace, KillPoint } from './faults';
export type { KitActions, KitMachineSource } from './kit-definitions';
export { KitMachine } from './kit-machine';
export { MemoryRedis } from './memory-redis/memory-redis';
export { MemoryServer } from './memory-redis/memory-server';
export type { MemoryServerOptions } from './memory-redis/memory-server';
export { TestKit } from './test-kit';
export type { TestKitOptions } from './test-kit';
