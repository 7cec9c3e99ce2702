export { findRedisServer } from './find-redis-server';
export { LocalRedisError } from './local-redis-error';
export { startLocalRedis } from './start-local-redis';
export type { LocalRedis, LocalRedisOptions } from './start-local-redis';
