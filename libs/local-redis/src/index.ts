export { findRedisServer } from './find-redis-server';
export { startLocalRedis } from './start-local-redis';
export type { LocalRedis, LocalRedisOptions } from './start-local-redis';
